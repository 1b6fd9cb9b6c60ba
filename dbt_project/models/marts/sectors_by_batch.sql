with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

batches as (select batch_no from {{ ref("batches") }}),

sectors as (select code as sector, name_zh as sector_name_zh from {{ ref("sectors") }}),

counts as (
    select batch_no, sector, count(*) as filings
    from filings
    group by batch_no, sector
),

grid as (
    select
        batches.batch_no,
        sectors.*,
        coalesce(counts.filings, 0) as listed
    from batches
    cross join sectors
    left join counts using (batch_no, sector)
)

select
    batch_no,
    sector,
    sector_name_zh,
    {{ shares("listed", key="sector") }}
from grid
order by batch_no, filings desc, sector
