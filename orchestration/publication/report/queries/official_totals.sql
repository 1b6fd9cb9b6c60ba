select
    as_of_month, service_type, stated_total, listed_total, difference, published_on
from official_totals
order by register, service_type, as_of_month
