with records as (select * from {{ ref("stg_cancellation_notices__records") }}),

notices as (
    select *, min(retrieved_at) over (partition by notice_id) as first_seen_at
    from {{ ref("stg_cancellation_notices__notices") }}
    qualify is_current
),

doubtful as (select * from {{ ref("int_doubtful_cancellations") }})

select
    records.*,
    notices.title as notice_title,
    notices.published_on,
    notices.file_url,
    notices.document_sha256,
    doubtful.record_no is not null as is_in_doubt,
    row_number() over (
        partition by records.filing_number
        order by
            doubtful.record_no is not null,
            notices.published_on, notices.first_seen_at, records.notice_id, records.record_no
    ) > 1 as is_repeated
from records
inner join notices using (notice_id, notice_version)
left join doubtful
    on
        records.notice_id = doubtful.notice_id
        and records.notice_version = doubtful.notice_version
        and records.record_no = doubtful.record_no
