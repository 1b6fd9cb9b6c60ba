-- A number that two registers list counts in one of them; see `registrations`.
with companies as (
    select
        registrant_id,
        count(*) as registrations,
        count(distinct register) as register_count,
        string_agg(distinct register, '+' order by register) as registers
    from registrations
    where status in ('listed', 'cancelled')
    group by registrant_id
)

select
    registers,
    register_count,
    count(*) as companies,
    sum(registrations)::integer as registrations,
    count(*) / sum(count(*)) over () as share
from companies
group by registers, register_count
order by register_count, companies desc, registers
