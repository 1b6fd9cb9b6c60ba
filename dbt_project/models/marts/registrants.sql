with registrations as (
    select *, status in ('listed', 'cancelled') as is_counted from {{ ref("registrations") }}
),

entity_groups as (select * from {{ ref("reviewed_entity_groups") }}),

named as (
    select
        registrant_id,
        -- The name of the latest registration; of several in one month, that of the last number.
        arg_max(entity_name, (listed_month, number)) as entity_name,
        list_sort(list(distinct entity_name)) as names
    from registrations
    group by registrant_id
),

places as (
    select
        registrant_id,
        unnest(arg_max(
            {
                province_code: province_code,
                province_name: province_name,
                province_name_en: province_name_en
            },
            (listed_month, number)
        ))
    from registrations
    where province_code is not null
    group by registrant_id
),

-- A number that two registers list counts for both.
listing as (
    select registrant_id, count(distinct register) as registers
    from (
        select registrant_id, unnest(list_append(other_registers, register)) as register
        from registrations
        where is_counted
    )
    group by registrant_id
),

counts as (
    select
        registrant_id,
        any_value(entity_id) as entity_id,
        count(*) filter (is_counted) as registrations,
        count(*) filter (is_counted and register = 'deep_synthesis') as deep_synthesis_filings,
        count(*) filter (is_counted and register = 'recommendation') as recommendation_filings,
        count(*) filter (is_counted and register = 'generative_services') as generative_services,
        count(*) filter (is_counted and service_type = 'filed') as services_filed,
        count(*) filter (is_counted and service_type = 'registered') as services_registered,
        count(*) filter (is_counted and service_type = 'edge') as services_edge,
        min(listed_month) as first_month,
        max(listed_month) as last_month
    from registrations
    group by registrant_id
)

select
    counts.registrant_id,
    counts.entity_id,
    named.entity_name,
    list_filter(named.names, lambda name: name != named.entity_name) as other_names,
    entity_groups.group_code,
    entity_groups.group_name,
    entity_groups.group_name_en,
    places.province_code,
    places.province_name,
    places.province_name_en,
    coalesce(listing.registers, 0)::integer as registers,
    counts.registrations::integer as registrations,
    counts.deep_synthesis_filings::integer as deep_synthesis_filings,
    counts.recommendation_filings::integer as recommendation_filings,
    counts.generative_services::integer as generative_services,
    counts.services_filed::integer as services_filed,
    counts.services_registered::integer as services_registered,
    counts.services_edge::integer as services_edge,
    counts.first_month,
    counts.last_month
from counts
inner join named using (registrant_id)
left join entity_groups using (entity_id)
left join places using (registrant_id)
left join listing using (registrant_id)
