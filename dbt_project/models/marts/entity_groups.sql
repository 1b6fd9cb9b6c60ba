with members as (select * from {{ ref("entity_group_members") }} where is_registered),

registrants as (select * from {{ ref("registrants") }}),
select
    members.group_code,
    any_value(members.group_name) as group_name,
    any_value(members.group_name_en) as group_name_en,
    list(members.entity_id order by registrants.registrations desc, members.entity_id) as entity_ids,
    list(members.entity_name order by registrants.registrations desc, members.entity_id)
        as entity_names,
    count(*)::integer as entities,
    sum(registrants.registrations)::integer as registrations,
    sum(registrants.deep_synthesis_filings)::integer as deep_synthesis_filings,
    sum(registrants.recommendation_filings)::integer as recommendation_filings,
    sum(registrants.generative_services)::integer as generative_services,
    (count(*) filter (members.evidence = 'read'))::integer as entities_read
from members
inner join registrants using (entity_id)
group by members.group_code
order by registrations desc, members.group_code
