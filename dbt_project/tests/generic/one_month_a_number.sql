{# Fails with each number that several notices cancel in different months; a record in doubt
   cancels nothing. #}
{% test one_month_a_number(model) %}
    select filing_number, list(distinct cancelled_month) as months, list(notice_id) as notice_ids
    from {{ model }}
    where match_status != 'in_doubt'
    group by filing_number
    having count(distinct cancelled_month) > 1
{% endtest %}
