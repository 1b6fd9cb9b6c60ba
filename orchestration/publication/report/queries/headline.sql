select
    count(*) as filings,
    count(distinct batch_no) as batches,
    count(distinct entity_id) as entities,
    count(distinct province_code) as provinces,
    count(distinct city_code) as cities,
    count(*) filter (where is_cancelled) as cancelled,
    max(batch_no) as last_batch_no,
    min(announced_on) as first_announced_on,
    max(announced_on) as last_announced_on
from filings
where list_status = 'listed'
