with rows as (
    select register, service_type, list_month as listed_month, filing_number as number
    from {{ ref("int_current_rows") }}
    where list_status = 'listed'
),

-- Numbers that several registers list.
shared as (select number from rows group by number having count(*) > 1),

registrations as (select number, registrant_id from {{ ref("registrations") }}),

lists as (
    select distinct register, list_month as listed_month
    from {{ ref("int_list_versions") }}
    where is_current
),

kinds as (select distinct register, service_type from rows),

numbered as (
    select rows.*, registrations.registrant_id, shared.number is not null as is_shared
    from rows
    inner join registrations using (number)
    left join shared using (number)
),

first_months as (
    select register, registrant_id, min(listed_month) as first_month
    from numbered
    group by register, registrant_id
),

-- A registrant is new once per type of service.
newcomers as (
    select register, service_type, listed_month, count(distinct registrant_id) as new_registrants
    from numbered
    inner join first_months using (register, registrant_id)
    where listed_month = first_month
    group by register, service_type, listed_month
),

counts as (
    select
        register,
        service_type,
        listed_month,
        count(*) as registrations,
        count(*) filter (is_shared) as shared_registrations
    from numbered
    group by register, service_type, listed_month
)

select
    lists.register,
    kinds.service_type,
    lists.listed_month,
    coalesce(counts.registrations, 0)::integer as registrations,
    coalesce(counts.shared_registrations, 0)::integer as shared_registrations,
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
