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

{# What tells one company's name from another's: without place in brackets, legal form, and the words
   that half of the register shares. A name of nothing else stays as it is. #}
{% macro name_core(name) -%}
    coalesce(
        nullif(
            regexp_replace(
                regexp_replace({{ name }}, '[(（][^()（）]*[)）]', '', 'g'),
                '股份|有限|责任|公司|集团|人工智能|智能|科技|技术|信息|网络|数字|数据|软件|电子|文化|传媒|传播|教育|咨询|服务|管理|发展|互联网',
                '',
                'g'
            ),
            ''
        ),
        {{ name }}
    )
{%- endmacro %}
