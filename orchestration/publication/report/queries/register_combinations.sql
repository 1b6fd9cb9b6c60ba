-- A number that two registers list is one registration, and puts its company into both.
with listing as (
    select registrant_id, number, unnest(list_append(other_registers, register)) as register
    from registrations
    where status in ('listed', 'cancelled')
),

companies as (
    select
        registrant_id,
        count(distinct number) as registrations,
        count(distinct register) as register_count,
        string_agg(distinct register, '+' order by register) as registers
    from listing
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
