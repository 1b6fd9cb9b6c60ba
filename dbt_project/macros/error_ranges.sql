{#
  The range that errors of reading leave to a count of filings of a sector. The lowest count is what
  remains if every expected error takes filings away and none adds any, the highest the reverse. Both
  are widened by 1.96 standard errors, so that chance exceeds them once in forty times.
#}
{% macro lowest_count(filings, wrong, variance) -%}
  greatest({{ filings }} - {{ wrong }} - 1.96 * sqrt({{ variance }}), 0)
{%- endmacro %}


{% macro highest_count(filings, missed, variance, total) -%}
  least({{ filings }} + {{ missed }} + 1.96 * sqrt({{ variance }}), {{ total }})
{%- endmacro %}


{# Chance that a filing whose sector is wrong belongs to another one. The runner-up receives
   `runner_up_share` of it, if there is one. The rest goes to all other sectors by their share of all
   filings: `rest` is the part of it that this sector would receive. #}
{% macro chance_if_wrong(is_runner_up, rest) -%}
  {%- set to_runner_up = var("runner_up_share") -%}
  coalesce({{ to_runner_up }} * ({{ is_runner_up }})::int + {{ 1 - to_runner_up }} * {{ rest }}, {{ rest }})
{%- endmacro %}
