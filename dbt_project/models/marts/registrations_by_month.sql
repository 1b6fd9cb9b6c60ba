with registrations as (
    select * from {{ ref("registrations") }} where status in ('listed', 'cancelled')
),

lists as (
    select distinct register, list_month as listed_month
    from {{ ref("int_list_versions") }}
    where is_current
),

kinds as (select distinct register, service_type from registrations),

first_months as (
    select register, registrant_id, min(listed_month) as listed_month
    from registrations
    group by register, registrant_id
),

newcomers as (
    select first_months.register, registrations.service_type, first_months.listed_month,
        count(distinct registrant_id) as new_registrants
    from first_months
    inner join registrations using (register, registrant_id, listed_month)
    group by all
),

counts as (
    select register, service_type, listed_month, count(*) as registrations
    from registrations
    group by all
)

select
    lists.register,
    kinds.service_type,
    lists.listed_month,
    coalesce(counts.registrations, 0)::integer as registrations,
    coalesce(newcomers.new_registrants, 0)::integer as new_registrants,
    (sum(coalesce(counts.registrations, 0)) over (
        partition by lists.register, kinds.service_type order by lists.listed_month
    ))::integer as cumulative_registrations
from lists
inner join kinds using (register)
left join counts
    on
        lists.register = counts.register
        and lists.listed_month = counts.listed_month
        and kinds.service_type is not distinct from counts.service_type
left join newcomers
    on
        lists.register = newcomers.register
        and lists.listed_month = newcomers.listed_month
        and kinds.service_type is not distinct from newcomers.service_type
order by lists.register, kinds.service_type, lists.listed_month
