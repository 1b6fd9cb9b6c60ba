with filings as (select * from {{ ref("int_current_filings") }}),

-- An entity that moved can hold one running number twice, under two codes of region.
numbers as (
    select entity_id, serial_no, min(batch_no) as batch_no
    from filings
    group by entity_id, serial_no
),

steps as (
    select
        batch_no,
        -- the number itself and those below it, down to the entity's next listed one
        serial_no - lag(serial_no, 1, 0) over (partition by entity_id order by serial_no)
            as numbers_issued
    from numbers
)

select
    batch_no,
    count(*)::integer as numbers_listed,
    sum(numbers_issued)::integer as numbers_issued
from steps
group by batch_no
