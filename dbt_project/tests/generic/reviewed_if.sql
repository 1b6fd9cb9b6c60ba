{# Returns each row with the flag that no review has accepted under the name of the check. #}
{% test reviewed_if(model, flag, key, check_name, reviewed) %}
    select * from {{ model }}
    where {{ flag }} and {{ key }} not in (
        select number from {{ reviewed }} where check_name = '{{ check_name }}'
    )
{% endtest %}
