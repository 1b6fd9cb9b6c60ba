{# Returns each row for which the condition is false or null. #}
{% test rows_satisfy(model, condition) %}
    select * from {{ model }}
    where not coalesce({{ condition }}, false)
{% endtest %}
