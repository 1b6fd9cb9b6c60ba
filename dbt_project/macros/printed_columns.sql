{# The columns that lists print and that are compared between versions, of all registers. A register
   leaves null those that it does not print. #}
{% macro printed_columns() %}
  {{ return([
    "algorithm_name", "category", "role", "service_type", "service_name", "region_name",
    "entity_name", "products", "purpose", "passed_on", "devices", "note",
  ]) }}
{% endmacro %}
