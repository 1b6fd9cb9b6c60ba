with members as (select * from {{ ref("reviewed_entity_groups") }}),

registrants as (
    select * from {{ ref("registrants") }} where entity_id in (select entity_id from members)
),

former as (
    select entity_id, list(entity_name) as names
    from {{ ref("entity_names") }}
    where entity_id in (select entity_id from members)
    group by entity_id
)

select
    members.entity_id,
    members.entity_name,
    members.group_code,
    members.group_name,
    members.group_name_en,
    members.evidence,
    members.source_title,
    members.source_url,
    members.source_period,
    members.note,
    coalesce(registrants.registrations, 0) as registrations,
    registrants.entity_id is not null as is_registered,
    list_contains(
        list_concat([registrants.entity_name], registrants.other_names, coalesce(former.names, [])),
        members.entity_name
    ) as is_same_name
from members
left join registrants using (entity_id)
left join former using (entity_id)
order by members.group_code, registrations desc, members.entity_id
