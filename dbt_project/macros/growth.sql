{# Change against what was before, a fraction: 0.5 is half as much again; null where there was none. #}
{% macro growth(now, before) -%}
    {{ now }} / nullif({{ before }}, 0) - 1
{%- endmacro %}
