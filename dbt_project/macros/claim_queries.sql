{# The query of a claim with the plain names of a release: what its reader runs. #}
{% macro for_reader(query) -%}
  {%- set plain = namespace(query=query) -%}
  {%- for name in ["filings", "pass_rates"] -%}
    {%- set plain.query = plain.query | replace("{" ~ name ~ "}", name) -%}
  {%- endfor -%}
  {{- plain.query -}}
{%- endmacro %}


{# The same on the upstream models. #}
{% macro on_models(query, tables) -%}
  {%- set named = namespace(query=query) -%}
  {%- for name, relation in tables.items() -%}
    {%- set named.query = named.query | replace("{" ~ name ~ "}", relation ~ "") -%}
  {%- endfor -%}
  {{- named.query -}}
{%- endmacro %}
