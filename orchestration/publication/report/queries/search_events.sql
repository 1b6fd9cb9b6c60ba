-- A list and a notice may state the same cancellation.
select
    register, filing_number as number, event, subject, column_name, old_value, new_value,
    max(event_month) as event_month
from filing_events
where event <> 'listed'
group by register, filing_number, event, subject, column_name, old_value, new_value
order by register, filing_number, event_month nulls first, min(event_no)
