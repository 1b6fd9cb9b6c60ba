with current_rows as (
    select * from {{ ref("int_current_rows") }} where register = 'deep_synthesis'
),

filings as (select * from {{ ref("stg_deep_synthesis__filings") }})

select
    filings.*,
    current_rows.list_month,
    current_rows.announced_on,
    current_rows.source_url,
    current_rows.document_sha256,
    current_rows.purpose_origin,
    current_rows.list_status,
    current_rows.version_count,
    current_rows.amended_at,
    current_rows.listed_from,
    current_rows.listed_until,
    current_rows.listed_on,
    len(filings.product_list)::integer as product_count,
    current_rows.other_document_keys::integer[] as other_batch_nos
from current_rows
inner join filings using (filing_number, batch_no, list_version)
