with source as (select * from {{ source("validated", "cancellation_notices") }})

select
    notice_id::varchar as notice_id,
    notice_version::varchar as notice_version,
    version_no::integer as version_no,
    status::varchar as status,
    reason::varchar as reason,
    is_current::boolean as is_current,
    title::varchar as title,
    published_on::date as published_on,
    titled_count::integer as titled_count,
    file_url::varchar as file_url,
    document_sha256::varchar as document_sha256,
    bytes::bigint as bytes,
    retrieved_at::timestamp as retrieved_at,
    records_listed::integer as records_listed,
    records_accepted::integer as records_accepted,
    records_quarantined::integer as records_quarantined
from source
