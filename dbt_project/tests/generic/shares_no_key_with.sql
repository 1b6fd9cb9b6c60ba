{# Returns each combination of the columns that is also in `other`. #}
{% test shares_no_key_with(model, columns, other) %}
    select {{ columns | join(", ") }}
    from {{ model }}
    inner join {{ other }} using ({{ columns | join(", ") }})
{% endtest %}
