with rows as (
    select
        current_rows.register,
        current_rows.service_type,
        current_rows.list_month as listed_month,
        current_rows.filing_number as number,
        count(*) over (partition by current_rows.filing_number) > 1 as is_shared
    from {{ ref("int_current_rows") }} as current_rows
    where current_rows.list_status = 'listed'
),

registrations as (select number, registrant_id from {{ ref("registrations") }}),

lists as (
    select distinct register, list_month as listed_month
    from {{ ref("int_list_versions") }}
    where is_current
),

kinds as (select distinct register, service_type from rows),

numbered as (
    select
        rows.*,
        registrations.registrant_id,
        min(rows.listed_month) over (
            partition by rows.register, registrations.registrant_id
        ) as first_month
    from rows
    inner join registrations using (number)
),

counts as (
    select
        register,
        service_type,
        listed_month,
        count(*) as registrations,
        count(*) filter (is_shared) as shared_registrations,
        count(distinct registrant_id) filter (first_month = listed_month) as new_registrants
    from numbered
    group by register, service_type, listed_month
)

select
    lists.register,
    kinds.service_type,
    lists.listed_month,
    coalesce(counts.registrations, 0)::integer as registrations,
    coalesce(counts.shared_registrations, 0)::integer as shared_registrations,
    coalesce(counts.new_registrants, 0)::integer as new_registrants,
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
order by lists.register, kinds.service_type, lists.listed_month
