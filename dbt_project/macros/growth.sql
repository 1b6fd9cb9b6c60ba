{# Change from `before` to `now` as a fraction: 0.5 means 50 % more. Null if `before` is 0 or null. #}
{% macro growth(now, before) -%}
    {{ now }} / nullif({{ before }}, 0) - 1
{%- endmacro %}
