{# Text for comparing: without invisible signs, which a list may change without saying anything new
   (`INVISIBLE` in scrapers/fields/text_keys.py); an empty text for null. #}
{% macro squeezed(text) -%}
    coalesce(regexp_replace({{ text }}, '[\s\p{Z}\p{Cf}\x{1c}-\x{1f}\x{85}]+', '', 'g'), '')
{%- endmacro %}
