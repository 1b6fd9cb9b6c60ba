with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

entities as (select * from {{ ref("entities") }})

select
    filings.entity_id,
    filings.sector,
    any_value(filings.sector_name_zh) as sector_name_zh,
    any_value(filings.sector_name_en) as sector_name_en,
    entities.entity_name,
    count(*)::integer as filings,
    (count(*) filter (filings.is_cancelled))::integer as cancelled
from filings
inner join entities using (entity_id)
group by filings.entity_id, filings.sector, entities.entity_name
