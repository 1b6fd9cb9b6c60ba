{# Queries about the growth and share of individual sectors, by claim. #}
{% macro queries_of_sectors() %}
  {% set finance = ["finance"] %}
  {% set manufacturing = ["manufacturing"] %}
  {% set wide_industry = ["manufacturing", "energy", "transport"] %}
  {% set in_2023 = "year(announced_on) = 2023" %}
  {% set in_2024 = "year(announced_on) = 2024" %}
  {% set in_2025 = "year(announced_on) = 2025" %}
  {# Batch 4 was announced nearest to one year before batch 10, batch 5 second nearest. #}
  {% set queries = {
    "finance_growth": [
      growth_of_sectors(finance, in_2024, in_2023),
      growth_of_sectors(finance, in_2024, in_2023, per="total"),
      growth_of_sectors(finance, in_2024, in_2023, per="count(distinct batch_no)"),
      growth_of_sectors(finance, "batch_no <= 10 and issued_year = 2024",
        "batch_no <= 10 and issued_year = 2023"),
      growth_of("sector = 'finance'", in_2024, in_2023, "count(distinct entity_id)"),
      growth_of_sectors(finance, in_2025, in_2024),
    ],
    "industry_growth": [
      growth_of_sectors(manufacturing, "batch_no = 10", "batch_no = 4"),
      growth_of_sectors(manufacturing, "batch_no = 10", "batch_no = 5"),
      growth_of_sectors(manufacturing, "batch_no = 10", "batch_no = 4", per="total"),
      growth_of_sectors(manufacturing, "batch_no = 10", in_2024, per="count(distinct batch_no)"),
      growth_of_sectors(wide_industry, "batch_no = 10", "batch_no = 4"),
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
    share_of_sectors([sector], is_year),
    share_of_sectors([sector], "year(announced_on) <= " ~ year),
    share_of(is_sector, is_year, "count(distinct entity_id)"),
    share_of(may_be_sector, is_year),
    share_of_registrations(is_sector, "listed_month like '" ~ year ~ "-%'"),
  ]) }}
{% endmacro %}
