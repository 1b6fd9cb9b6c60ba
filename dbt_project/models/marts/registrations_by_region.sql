with registrations as (
    select * from {{ ref("registrations") }} where status in ('listed', 'cancelled')
),

-- Registrations without a province count in the total only.
totals as (select register, count(*) as total from registrations group by register),

provinces as (
    select distinct province_code, province_name, province_name_en
    from registrations
    where province_code is not null
),

counts as (
    select
        register,
        province_code,
        count(*) as registrations,
        count(distinct registrant_id) as registrants
    from registrations
    group by register, province_code
)

select
    totals.register,
    provinces.province_code,
    provinces.province_name,
    provinces.province_name_en,
    coalesce(counts.registrations, 0)::integer as registrations,
    coalesce(counts.registrants, 0)::integer as registrants,
    coalesce(counts.registrations, 0) / totals.total as share
from totals
cross join provinces
left join counts using (register, province_code)
order by totals.register, registrations desc, provinces.province_code
