select
    register, service_type, as_of_month, stated_total, listed_total, difference, published_on
from official_totals
order by register, service_type, as_of_month
