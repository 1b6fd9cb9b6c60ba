{# Text for comparing: without white space of any kind, which a list may change without saying
   anything new; an empty text for null. #}
{% macro squeezed(text) -%}
    coalesce(regexp_replace({{ text }}, '[\s\p{Z}\x{1c}-\x{1f}\x{85}]+', '', 'g'), '')
{%- endmacro %}
