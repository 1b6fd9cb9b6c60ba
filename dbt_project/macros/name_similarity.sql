{# Likeness of two names from 0 to 1: twice the pairs of neighbouring letters that they share, over
   the pairs of both (Dice). Functions of DuckDB such as jaro_winkler_similarity compare bytes, of
   which any two Chinese characters share some. #}
{% macro name_similarity(name, other) -%}
    coalesce(
        2 * len(list_intersect({{ letter_pairs(name) }}, {{ letter_pairs(other) }}))
            / nullif(len({{ letter_pairs(name) }}) + len({{ letter_pairs(other) }}), 0),
        ({{ name }} = {{ other }})::integer
    )
{%- endmacro %}

{% macro letter_pairs(name) -%}
    list_distinct(list_transform(
        range(1, length({{ name }})), lambda place: substr({{ name }}, place::integer, 2)
    ))
{%- endmacro %}
