{# Companies in both registers, with the day on which each register first shows them. A filing is
   dated by the announcement of its batch, a service by the date printed in its row. #}
with registrations as (
    select *
    from {{ ref("registrations") }}
    where status in ('listed', 'cancelled') and register in ('deep_synthesis', 'generative_services')
),

firsts as (
    select
        registrant_id,
        count(*) filter (register = 'deep_synthesis') as deep_synthesis_filings,
        count(*) filter (register = 'generative_services') as generative_services,
        min(passed_on) filter (register = 'deep_synthesis') as first_filing_on,
        min(passed_on) filter (register = 'generative_services') as first_service_on
    from registrations
    group by registrant_id
),

tracks as (
    select
        *,
        datediff('month', first_filing_on, first_service_on) as months_apart
    from firsts
    where first_filing_on is not null and first_service_on is not null
),

registrants as (select * from {{ ref("registrants") }})

select
    tracks.registrant_id,
    registrants.entity_id,
    registrants.entity_name,
    registrants.province_code,
    registrants.province_name,
    tracks.deep_synthesis_filings::integer as deep_synthesis_filings,
    tracks.generative_services::integer as generative_services,
    tracks.first_filing_on,
    tracks.first_service_on,
    case
        when tracks.first_filing_on < tracks.first_service_on then 'deep_synthesis'
        when tracks.first_filing_on > tracks.first_service_on then 'generative_services'
        else 'same_day'
    end as came_first,
    tracks.months_apart::integer as months_apart
from tracks
inner join registrants using (registrant_id)
order by tracks.first_service_on, tracks.registrant_id
