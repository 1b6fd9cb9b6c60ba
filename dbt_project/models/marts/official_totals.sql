{# Totals that the source has published, compared with the rows of its lists. #}
with stated as (select * from {{ ref("stated_totals") }}),

months as (select * from {{ ref("registrations_by_month") }}),

listed as (
    select
        stated.register,
        stated.service_type,
        stated.as_of_month,
        sum(months.registrations)::integer as total
    from stated
    inner join months
        on
            stated.register = months.register
            and stated.service_type = months.service_type
            and stated.as_of_month >= months.listed_month
    group by stated.register, stated.service_type, stated.as_of_month
    -- A total says nothing until the last list that it covers is loaded.
    having max(months.listed_month) = stated.as_of_month
)

select
    stated.register,
    stated.service_type,
    stated.as_of_month,
    stated.total as stated_total,
    listed.total as listed_total,
    listed.total - stated.total as difference,
    stated.reviewed_difference,
    stated.published_on,
    stated.note
from stated
inner join listed using (register, service_type, as_of_month)
order by stated.register, stated.service_type, stated.as_of_month
