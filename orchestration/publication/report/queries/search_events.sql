select
    register, filing_number as number, event, subject, column_name, old_value, new_value, event_month
from filing_events
where event <> 'listed'
order by register, filing_number, event_month nulls first, event_no
