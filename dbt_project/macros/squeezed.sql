{# Text for comparison: without white space and invisible characters (`INVISIBLE` in
   scrapers/fields/text_keys.py), which can differ between versions of a list with the same contents.
   Null becomes an empty text. #}
{% macro squeezed(text) -%}
    coalesce(regexp_replace({{ text }}, '[\s\p{Z}\p{Cf}\x{1c}-\x{1f}\x{85}]+', '', 'g'), '')
{%- endmacro %}
