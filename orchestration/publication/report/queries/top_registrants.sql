-- The fifteen companies with the most registrations, one row per company and register.
with top as (
    select registrant_id, entity_name, group_name_en, registrations as total
    from registrants
    order by registrations desc, registrant_id
    limit 15
)

select
    row_number() over (partition by registrant_id order by register) as part_no,
    registrant_id,
    top.entity_name,
    top.group_name_en,
    total,
    register,
    count(*) as registrations
from top
inner join registrations using (registrant_id)
where status in ('listed', 'cancelled')
group by registrant_id, top.entity_name, top.group_name_en, total, register
order by total desc, registrant_id, register
