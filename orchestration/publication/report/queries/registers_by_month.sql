-- Months before the first registration of a register are left out.
select
    register,
    listed_month,
    sum(registrations)::integer as registrations,
    sum(shared_registrations)::integer as shared_registrations,
    sum(cumulative_registrations)::integer as cumulative_registrations
from registrations_by_month
group by register, listed_month
having sum(cumulative_registrations) > 0
order by register, listed_month
