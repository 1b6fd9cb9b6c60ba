select event, source, count(*) as events, count(distinct filing_number) as filings
from filing_events
where event <> 'listed' and not (event = 'cancelled' and source = 'note')
group by all
order by events desc, event, source
