select
    filing_number, algorithm_name, entity_name, role,
    province_name, sector, inputs, outputs, products
from filings
where batch_no = (select max(batch_no) from batches) and list_status = 'listed'
order by list_position
