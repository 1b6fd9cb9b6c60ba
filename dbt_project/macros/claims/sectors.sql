{# Queries about the growth and share of individual sectors, by claim. #}
{% macro queries_of_sectors() %}
  {% set finance = "sector = 'finance'" %}
  {% set manufacturing = "sector = 'manufacturing'" %}
  {% set wide_industry = "sector in ('manufacturing', 'energy', 'transport')" %}
  {% set in_2023 = "year(announced_on) = 2023" %}
  {% set in_2024 = "year(announced_on) = 2024" %}
  {% set in_2025 = "year(announced_on) = 2025" %}
  {# Batch 4 was announced nearest to one year before batch 10, batch 5 second nearest. #}
  {% set queries = {
    "finance_growth": [
      growth_of(finance, in_2024, in_2023),
      growth_of_share(finance, in_2024, in_2023),
      growth_per_batch(finance, in_2024, in_2023),
      growth_of(finance ~ " and batch_no <= 10", "issued_year = 2024", "issued_year = 2023"),
      growth_of(finance, in_2024, in_2023, "count(distinct entity_id)"),
      growth_of(finance, in_2025, in_2024),
    ],
    "industry_growth": [
      growth_of(manufacturing, "batch_no = 10", "batch_no = 4"),
      growth_of(manufacturing, "batch_no = 10", "batch_no = 5"),
      growth_of_share(manufacturing, "batch_no = 10", "batch_no = 4"),
      growth_per_batch(manufacturing, "batch_no = 10", in_2024),
      growth_of(wide_industry, "batch_no = 10", "batch_no = 4"),
    ],
  } %}
  {% for sector in ["finance", "manufacturing", "healthcare"] %}
    {% for year in [2023, 2025] %}
      {% do queries.update({sector ~ "_penetration_" ~ year: queries_of_penetration(sector, year)}) %}
    {% endfor %}
  {% endfor %}
  {{ return(queries) }}
{% endmacro %}


{% macro queries_of_penetration(sector, year) %}
  {% set is_sector = "sector = '" ~ sector ~ "'" %}
  {% set may_be_sector = "(" ~ is_sector ~ " or sector_runner_up = '" ~ sector ~ "')" %}
  {% set is_year = "year(announced_on) = " ~ year %}
  {{ return([
    share_of(is_sector, is_year),
    share_of(is_sector, "year(announced_on) <= " ~ year),
    share_of(is_sector, is_year, "count(distinct entity_id)"),
    share_of(may_be_sector, is_year),
    share_of_registrations(is_sector, "listed_month like '" ~ year ~ "-%'"),
  ]) }}
{% endmacro %}
