{# Returns each group of rows that does not add up to the column of the same name in `whole`. #}
{% test parts_sum_to_whole(model, columns, by, whole) %}
    with parts as (
        select {{ by }}, {% for column in columns %} sum({{ column }}) as {{ column }}, {% endfor %}
        from {{ model }}
        group by {{ by }}
    )
    select {{ by }}, {% for column in columns %}
        parts.{{ column }} as parts_{{ column }}, wholes.{{ column }} as whole_{{ column }},
    {% endfor %}
    from {{ whole }} as wholes full join parts using ({{ by }})
    where {% for column in columns -%}
        parts.{{ column }} is distinct from wholes.{{ column }} {{ " or " if not loop.last }}
    {%- endfor %}
{% endtest %}
