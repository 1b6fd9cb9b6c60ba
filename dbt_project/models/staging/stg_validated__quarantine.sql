with source as (select * from {{ source("validated", "quarantine") }})

select
    batch_no::integer as batch_no,
    list_version::varchar as list_version,
    document_sha256::varchar as document_sha256,
    row_no::integer as row_no,
    column_name::varchar as column_name,
    check_name::varchar as check_name,
    failure_value::varchar as failure_value,
    filing_number::varchar as filing_number,
    digits::varchar as digits,
    algorithm_name::varchar as algorithm_name,
    entity_name::varchar as entity_name
from source
