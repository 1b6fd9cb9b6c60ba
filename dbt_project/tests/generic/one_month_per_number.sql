{# Returns each number that notices cancel in different months. Records in doubt cancel nothing and
   are ignored. #}
{% test one_month_per_number(model) %}
    select filing_number, list(distinct cancelled_month) as months, list(notice_id) as notice_ids
    from {{ model }}
    where match_status != 'in_doubt'
    group by filing_number
    having count(distinct cancelled_month) > 1
{% endtest %}
