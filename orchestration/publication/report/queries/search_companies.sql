with companies as (
    select
        registrant_id, any_value(entity_id) as entity_id,
        list(entity_name order by listed_month desc, number) as names_listed,
        arg_max(province_name, listed_month || number)
            filter (where province_name is not null) as province_name
    from registrations
    group by registrant_id
),

renamed as (
    select entity_id, list(entity_name order by name_no) as names
    from entity_names
    where relation <> 'latest'
    group by entity_id
)

select
    c.registrant_id, coalesce(r.entity_name, c.names_listed[1]) as entity_name,
    -- Of every source; names that differ in characters of another width alone are one name.
    list_concat(e.former_names, list_concat(n.names, list_concat(r.other_names, c.names_listed)))
        as names,
    c.province_name,
    e.city_name
from companies as c
left join registrants as r on r.registrant_id = c.registrant_id
left join entities as e on e.entity_id = c.entity_id
left join renamed as n on n.entity_id = c.entity_id
order by c.registrant_id
