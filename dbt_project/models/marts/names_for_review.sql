{# Names that belong to more than one code, and so identify no company. #}
with names as (select * from {{ ref("int_known_entity_names") }}),

-- Most names belong to one code.
shared as (select name_key from names group by name_key having count(*) > 1),

services as (
    select entity_key, count(*) as services
    from {{ ref("int_current_rows") }}
    where register = 'generative_services'
    group by entity_key
),

held as (
    select
        name_key,
        max(entity_name) as entity_name,
        list_sort(list(entity_id)) as entity_ids,
        list_sort(list(entity_id) filter (is_in_use)) as entity_ids_in_use
    from names
    semi join shared using (name_key)
    group by name_key
)

select
    held.entity_name,
    held.entity_ids,
    coalesce(held.entity_ids_in_use, []) as entity_ids_in_use,
    coalesce(services.services, 0)::integer as services
from held
left join services on held.name_key = services.entity_key
order by services desc, held.entity_name
