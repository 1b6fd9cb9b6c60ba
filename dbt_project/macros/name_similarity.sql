{# Similarity of two names from 0 to 1: the Dice coefficient of their pairs of adjacent characters.
   DuckDB functions such as jaro_winkler_similarity compare bytes, some of which any two Chinese
   characters share. #}
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

{# Distinctive part of a company name: without the place in brackets, the legal form, and words that
   half of the register uses. A name that consists of nothing else is unchanged. #}
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
