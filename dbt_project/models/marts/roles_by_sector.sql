with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

sectors as (
    select code as sector, name_zh as sector_name_zh, name_en as sector_name_en
    from {{ ref("sector_definitions") }}
),

counts as (
    select
        sector,
        count(*) as filings,
        count(*) filter (role = 'provider') as providers,
        count(*) filter (role = 'technical_supporter') as technical_supporters
    from filings
    group by sector
)

select
    sectors.sector,
    sectors.sector_name_zh,
    sectors.sector_name_en,
    coalesce(counts.filings, 0)::integer as filings,
    coalesce(counts.providers, 0)::integer as providers,
    coalesce(counts.technical_supporters, 0)::integer as technical_supporters,
    counts.technical_supporters / counts.filings as technical_supporter_share
from sectors
left join counts using (sector)
order by filings desc, sectors.sector
