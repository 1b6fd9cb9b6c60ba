{# Totals that the source has published, compared with the rows of its lists. #}
with stated as (select * from {{ ref("stated_totals") }}),

months as (select * from {{ ref("registrations_by_month") }}),

loaded as (select max(listed_month) as last_month from months)

select
    stated.register,
    stated.service_type,
    stated.as_of_month,
    stated.total as stated_total,
    coalesce(sum(months.registrations), 0)::integer as listed_total,
    (coalesce(sum(months.registrations), 0) - stated.total)::integer as difference,
    stated.published_on,
    stated.note
from stated
cross join loaded
left join months
    on
        stated.register = months.register
        and stated.service_type = months.service_type
        and stated.as_of_month >= months.listed_month
where stated.as_of_month <= loaded.last_month
group by all
order by stated.register, stated.service_type, stated.as_of_month
