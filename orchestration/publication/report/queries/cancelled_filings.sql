select
    cancelled_month, filing_number, algorithm_name, entity_name, batch_no,
    province_name, sector
from filings
where is_cancelled
order by cancelled_month desc nulls last, filing_number
