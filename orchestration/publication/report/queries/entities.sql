select
    entity_id, entity_name, group_name_en, filings, cancelled, province_name, main_sector,
    first_batch_no, last_batch_no, array_to_string(former_names, '；') as former_names
from entities
order by filings desc, entity_id
limit 15
