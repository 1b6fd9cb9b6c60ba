{# The code of the company of each service. Services have no code, so a company is found by its exact
   name: one that a row in use has, otherwise a former one. A name of several codes finds none. #}
with services as (
    select filing_number as service_number, entity_key
    from {{ ref("int_current_rows") }}
    where register = 'generative_services'
),

-- Names of the company in older versions of the same row.
former as (
    select distinct versions.filing_number as service_number, versions.entity_key
    from {{ ref("int_filing_versions") }} as versions
    inner join services on versions.filing_number = services.service_number
    where
        versions.register = 'generative_services' and versions.entity_key != services.entity_key
),

names as (select * from {{ ref("int_known_entity_names") }}),

candidates as (
    select services.service_number, names.entity_id, if(names.is_in_use, 1, 2) as rank
    from services
    inner join names on services.entity_key = names.name_key
    union all
    select former.service_number, names.entity_id, 2 as rank
    from former
    inner join names on former.entity_key = names.name_key
),

best as (
    select service_number, rank, list_sort(list(distinct entity_id)) as entity_ids
    from candidates
    group by service_number, rank
    qualify rank = min(rank) over (partition by service_number)
)

select
    services.service_number,
    case when len(best.entity_ids) = 1 then best.entity_ids[1] end as entity_id,
    case
        when best.entity_ids is null or len(best.entity_ids) > 1 then 'none'
        when best.rank = 1 then 'name'
        else 'former_name'
    end as entity_match,
    coalesce(best.entity_ids, []) as candidate_entity_ids
from services
left join best using (service_number)
