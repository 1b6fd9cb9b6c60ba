{# Returns each combination of the columns that several rows share or that contains a null. Columns in
   `nullable` can be null; nulls are one value. #}
{% test is_key(model, columns, nullable=[]) %}
    select {{ columns | join(", ") }}, count(*) as row_count
    from {{ model }}
    group by {{ columns | join(", ") }}
    having count(*) > 1
        {%- for column in columns if column not in nullable %} or {{ column }} is null {% endfor %}
{% endtest %}
