{#
  Kinds of query that count filings of sectors. They return value_low and value_high too: the range
  that errors of reading leave to the value (see `lowest_count`).
#}

{# Whether each listed filing is of the sectors, and the chance that this is wrong. An error may stay
   within the sectors, so the chance is slightly too high for several. Decimals, because sums of
   doubles depend on the order of the rows. #}
{% macro with_chances(sectors) %}
  {% set codes = "('" ~ sectors | join("', '") ~ "')" %}
  with others as (
    select sector, coalesce(
      sum(count(*)) filter (where sector in {{ codes }}) over ()
      / nullif(sum(count(*)) over () - count(*), 0), 0) as rest
    from {filings} where list_status = 'listed' group by sector
  ),
  chances as (
    select *, sector in {{ codes }} as is_counted, ((1 - sector_confidence) * case
      when is_counted then 1 else {{ chance_if_wrong("sector_runner_up in " ~ codes, "rest") }}
      end)::decimal(10, 9) as chance
    from {filings} inner join others using (sector) where list_status = 'listed'
  )
{%- endmacro %}


{# One row: the filings of the sectors among others (`counted`), these others (`total`), and as
   `amount` the filings `per` something, with the lowest and highest amount. #}
{% macro amount_among(among, per=none) -%}
  {%- set divided = " / nullif(" ~ per ~ ", 0)" if per else "" -%}
  select count(*) filter (where is_counted) as counted, count(*) as total,
    counted{{ divided }} as amount,
    {{ lowest_count("counted", "sum(chance) filter (where is_counted)",
      "sum(chance * (1 - chance)) filter (where is_counted)") }}{{ divided }} as lowest,
    {{ highest_count("counted", "sum(chance) filter (where not is_counted)",
      "sum(chance * (1 - chance)) filter (where not is_counted)", "total")
    }}{{ divided }} as highest
  from chances where {{ among }}
{%- endmacro %}


{% macro share_of_sectors(sectors, among) %}
  {{ with_chances(sectors) }}
  select 100.0 * amount as measured_value, counted, total as out_of,
    null::varchar[] as filing_numbers, 100.0 * lowest as value_low,
    100.0 * highest as value_high
  from ({{ amount_among(among, per="total") }})
{% endmacro %}


{# `per` divides the filings of each period, for example by `total`, all filings of the period. #}
{% macro growth_of_sectors(sectors, later, earlier, per=none) %}
  {{ with_chances(sectors) }},
  now as ({{ amount_among(later, per) }}),
  before as ({{ amount_among(earlier, per) }})
  select 100.0 * ({{ growth("now.amount", "before.amount") }}) as measured_value,
    now.counted, before.counted as out_of, null::varchar[] as filing_numbers,
    case when before.counted > 0 then 100.0 * ({{ growth("now.lowest", "before.highest") }}) end
      as value_low,
    100.0 * ({{ growth("now.highest", "before.lowest") }}) as value_high
  from now, before
{% endmacro %}
