{#
  Kinds of query that measure a claim. Each returns one row: measured_value (in the unit of the
  claim), counted and out_of (its numerator and denominator), and filing_numbers (if the claim is
  about individual filings). Queries name tables in braces, such as {filings}; `on_tables` replaces
  them with relations.
#}
{% macro on_tables(query, tables) -%}
  {%- set named = namespace(query=query) -%}
  {%- for name, relation in tables.items() -%}
    {%- set named.query = named.query | replace("{" ~ name ~ "}", relation ~ "") -%}
  {%- endfor -%}
  {{- named.query -}}
{%- endmacro %}


{% macro share_of(part, among, counting="count(*)") %}
  {% set counted %} {{ counting }} filter (where {{ part }}) {% endset %}
  select 100.0 * {{ counted }} / nullif({{ counting }}, 0) as measured_value,
    {{ counted }} as counted, {{ counting }} as out_of, null::varchar[] as filing_numbers
  from {filings} where list_status = 'listed' and {{ among }}
{% endmacro %}


{% macro count_of(which) %}
  select count(*)::double as measured_value, count(*) as counted, null::bigint as out_of,
    null::varchar[] as filing_numbers
  from {filings} where list_status = 'listed' and {{ which }}
{% endmacro %}


{% macro sum_of(column, which) %}
  select sum({{ column }})::double as measured_value, sum({{ column }})::bigint as counted,
    null::bigint as out_of, null::varchar[] as filing_numbers
  from {filings} where list_status = 'listed' and {{ which }}
{% endmacro %}


{% macro filings_where(which) %}
  select count(*)::double as measured_value, count(*) as counted, null::bigint as out_of,
    coalesce(list(filing_number order by filing_number), []) as filing_numbers
  from {filings} where list_status = 'listed' and {{ which }}
{% endmacro %}


{# Registrations of all registers. A number in two registers is one registration. #}
{% macro share_of_registrations(part, among) %}
  select 100.0 * count(*) filter (where {{ part }}) / nullif(count(*), 0) as measured_value,
    count(*) filter (where {{ part }}) as counted, count(*) as out_of,
    null::varchar[] as filing_numbers
  from {registrations} where status in ('listed', 'cancelled') and {{ among }}
{% endmacro %}


{% macro count_of_registrations(which) %}
  select count(*)::double as measured_value, count(*) as counted, null::bigint as out_of,
    null::varchar[] as filing_numbers
  from {registrations} where status in ('listed', 'cancelled') and {{ which }}
{% endmacro %}


{# Share of the registrations with a word in name, products or purpose. Services have a name only. #}
{% macro share_of_texts(word, among) %}
  {% set says_word = "contains(texts, '" ~ word ~ "')" %}
  select 100.0 * count(*) filter (where {{ says_word }}) / nullif(count(*), 0) as measured_value,
    count(*) filter (where {{ says_word }}) as counted, count(*) as out_of,
    null::varchar[] as filing_numbers
  from (
    select list_month, list_status, concat(algorithm_name, products, purpose) as texts
    from {filings}
    union all
    select list_month, list_status, concat(algorithm_name, products, purpose)
    from {recommendation_filings} where not is_in_deep_synthesis
    union all
    select list_month, list_status, service_name from {generative_services}
  )
  where list_status = 'listed' and {{ among }}
{% endmacro %}


{% macro services_where(which) %}
  select count(*)::double as measured_value, count(*) as counted, null::bigint as out_of,
    coalesce(list(service_number order by service_number), []) as filing_numbers
  from {generative_services} where list_status = 'listed' and {{ which }}
{% endmacro %}


{% macro first_year_of_services(before) %}
  select min(year(passed_on))::double as measured_value,
    count(*) filter (where year(passed_on) < {{ before }}) as counted, count(*) as out_of,
    null::varchar[] as filing_numbers
  from {generative_services} where list_status = 'listed'
{% endmacro %}


{# Year of the last service of a type up to a day, and how many of the services that the source
   states have passed by then. The year cannot be later than the day, so it decides nothing. #}
{% macro last_year_of_services(service_type, until, as_of_month) %}
  select max(year(passed_on))::double as measured_value, count(*) as counted,
    (
      select max(stated_total)::bigint from {official_totals}
      where register = 'generative_services' and service_type = '{{ service_type }}'
        and as_of_month = '{{ as_of_month }}'
    ) as out_of,
    null::varchar[] as filing_numbers
  from {generative_services}
  where list_status = 'listed' and service_type = '{{ service_type }}'
    and passed_on <= date '{{ until }}'
{% endmacro %}


{% macro growth_of(which, later, earlier, counting="count(*)") %}
  {% set now %} {{ counting }} filter (where {{ later }}) {% endset %}
  {% set before %} {{ counting }} filter (where {{ earlier }}) {% endset %}
  select 100.0 * ({{ now }} / nullif({{ before }}, 0) - 1) as measured_value,
    {{ now }} as counted, {{ before }} as out_of, null::varchar[] as filing_numbers
  from {filings} where list_status = 'listed' and {{ which }}
{% endmacro %}


{# Share of the provinces with these ranks by filings. In a tie the lower code ranks first. Filings
   without a province count in the total, but have no rank. #}
{% macro share_of_ranks(first, last) %}
  select 100.0 * sum(filings) filter (where place between {{ first }} and {{ last }}) / sum(filings)
      as measured_value,
    (sum(filings) filter (where place between {{ first }} and {{ last }}))::bigint as counted,
    sum(filings)::bigint as out_of, null::varchar[] as filing_numbers
  from (
    select province_code, count(*) as filings,
      case when province_code is not null then row_number() over (
        order by province_code is null, count(*) desc, province_code
      ) end as place
    from {filings} where list_status = 'listed' and batch_no <= 10 group by province_code
  )
{% endmacro %}


{# Rate of the first source by title. Returns one row even if there is no source. #}
{% macro pass_rate(basis, batch_no) %}
  select 100.0 * first(pass_rate order by source_title) as measured_value,
    first(passed order by source_title)::bigint as counted,
    first(submitted order by source_title)::bigint as out_of, null::varchar[] as filing_numbers
  from {pass_rates} where basis = '{{ basis }}' and batch_no = {{ batch_no }}
{% endmacro %}


{% macro issued_up_to(batch_no) %}
  select sum(submitted)::double as measured_value, sum(submitted)::bigint as counted,
    null::bigint as out_of, null::varchar[] as filing_numbers
  from {pass_rates} where basis = 'issued' and batch_no <= {{ batch_no }}
{% endmacro %}


{% macro puts_out(kind) -%}
  list_contains(string_split(outputs, '+'), '{{ kind }}')
{%- endmacro %}


{% macro takes_in(kind) -%}
  list_contains(string_split(inputs, '+'), '{{ kind }}')
{%- endmacro %}
