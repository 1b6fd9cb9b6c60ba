{# Each bracketed part, full- or half-width and two levels deep, becomes one dot. #}
{% macro without_brackets(text) %}
    {%- set innermost = "'[（(][^（()）]*[)）]', '·', 'g'" -%}
    regexp_replace(regexp_replace({{ text }}, {{ innermost }}), {{ innermost }})
{%- endmacro %}
