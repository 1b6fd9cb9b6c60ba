with services as (
    select * from generative_services where list_status = 'listed'
),

firsts as (
    select
        min(passed_on) as first_passed_on,
        min(list_month) as first_list_month
    from services
)

select
    strftime(passed_on, '%Y-%m') as passed_month,
    service_type,
    count(*) as services,
    first_passed_on,
    count(*) filter (passed_on = first_passed_on) as on_first_day,
    first_list_month
from services
cross join firsts
group by all
order by passed_month, service_type
