with source as (select * from {{ source("validated", "list_versions") }})

select
    batch_no::integer as batch_no,
    list_version::varchar as list_version,
    version_no::integer as version_no,
    status::varchar as status,
    reason::varchar as reason,
    is_current::boolean as is_current,
    list_month::varchar as list_month,
    announced_on::date as announced_on,
    page_title::varchar as page_title,
    page_url::varchar as page_url,
    source_url::varchar as source_url,
    document_sha256::varchar as document_sha256,
    document_kind::varchar as document_kind,
    table_sha256::varchar as table_sha256,
    bytes::bigint as bytes,
    retrieved_at::timestamp as retrieved_at,
    rows_listed::integer as rows_listed,
    rows_accepted::integer as rows_accepted,
    rows_quarantined::integer as rows_quarantined
from source
