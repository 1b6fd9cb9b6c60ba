with source as (select * from {{ source("validated", "cancellations") }})

select
    notice_id::varchar as notice_id,
    notice_version::varchar as notice_version,
    record_no::integer as record_no,
    algorithm_name::varchar as algorithm_name,
    printed_role::varchar as printed_role,
    role::varchar as role,
    entity_name::varchar as entity_name,
    entity_key::varchar as entity_key,
    products::varchar as products,
    purpose::varchar as purpose,
    cancelled_month::varchar as cancelled_month,
    filing_number::varchar as filing_number,
    region_code::varchar as region_code,
    entity_id::varchar as entity_id,
    kind_code::varchar as kind_code,
    issued_year::integer as issued_year,
    serial_no::integer as serial_no
from source
