with registrations as (
    select * from {{ ref("registrations") }} where status in ('listed', 'cancelled')
),

totals as (select register, count(*) as total from registrations group by register),

counts as (
    select register, sector, count(*) as registrations from registrations group by register, sector
)

select
    totals.register,
    sectors.code as sector,
    sectors.name_zh as sector_name_zh,
    sectors.name_en as sector_name_en,
    coalesce(counts.registrations, 0)::integer as registrations,
    coalesce(counts.registrations, 0) / totals.total as share
from totals
cross join {{ ref("sector_definitions") }} as sectors
left join counts on totals.register = counts.register and sectors.code = counts.sector
order by totals.register, registrations desc, sectors.code
