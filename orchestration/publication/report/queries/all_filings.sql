select
    filing_number, algorithm_name, entity_name, products, province_name, sector, batch_no,
    case when is_cancelled then 'cancelled' when list_status <> 'listed' then 'withdrawn' end
        as state
from filings
order by batch_no desc, list_position, filing_number
