select
    event, subject, count(*) as events, count(distinct filing_number) as filings,
    array_to_string(
        list_sort(list_distinct(list(left(new_value, 80)) filter (event = 'unrecognised')))[:3],
        '；'
    ) as not_understood
from filing_events
where register = 'deep_synthesis' and event <> 'listed'
group by event, subject
order by events desc, event, subject
