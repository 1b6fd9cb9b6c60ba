{# Returns each row in which one of the columns is null. One query for the whole table. #}
{% test columns_filled(model, columns) %}
    select * from {{ model }}
    where {% for column in columns %}{{ column }} is null{{ " or " if not loop.last }}{% endfor %}
{% endtest %}
