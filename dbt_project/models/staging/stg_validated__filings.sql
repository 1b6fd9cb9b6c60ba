with source as (select * from {{ source("validated", "filings") }})

select
    batch_no::integer as batch_no,
    list_version::varchar as list_version,
    row_no::integer as row_no,
    list_position::integer as list_position,
    algorithm_name::varchar as algorithm_name,
    role::varchar as role,
    entity_name::varchar as entity_name,
    products::varchar as products,
    purpose::varchar as purpose,
    filing_number::varchar as filing_number,
    note::varchar as note,
    region_code::varchar as region_code,
    entity_id::varchar as entity_id,
    kind_code::varchar as kind_code,
    issued_year::integer as issued_year,
    serial_no::integer as serial_no,
    entity_key::varchar as entity_key,
    product_list,
    note_events
from source
