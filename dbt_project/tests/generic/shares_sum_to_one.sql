{# Returns each group in which one of the shares does not add up to 1. Groups without filings, whose
   shares are null, are ignored. #}
{% test shares_sum_to_one(model, columns, by) %}
    select {{ by }}, {% for column in columns %} sum({{ column }}) as total_{{ column }}, {% endfor %}
    from {{ model }}
    group by {{ by }}
    having {% for column in columns -%}
        abs(sum({{ column }}) - 1) > 1e-9 {{ " or " if not loop.last }}
    {%- endfor %}
{% endtest %}
