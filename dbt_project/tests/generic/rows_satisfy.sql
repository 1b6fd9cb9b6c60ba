{# Fails with each row for which the condition is false; a condition that is null fails too. #}
{% test rows_satisfy(model, condition) %}
    select * from {{ model }}
    where not coalesce({{ condition }}, false)
{% endtest %}
