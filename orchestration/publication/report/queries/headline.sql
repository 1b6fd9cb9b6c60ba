-- A number in two registers is one registration. Unknown places have no code.
with registered as (
    select *
    from registrations
    where status in ('listed', 'cancelled')
),

filed as (
    select *
    from filings
    where list_status = 'listed'
)

select
    count(distinct number) as registrations,
    count(distinct registrant_id) as companies,
    count(distinct province_code) as provinces,
    (select count(distinct city_code) from filed) as cities,
    count(distinct number) filter (status = 'cancelled') as cancelled,
    (select count(*) from filed) as filings,
    (select count(distinct batch_no) from filed) as batches,
    (select min(batch_no) from filed) as first_batch_no,
    (select max(batch_no) from filed) as last_batch_no
from registered
