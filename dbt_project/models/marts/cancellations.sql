with records as (select * from {{ ref("int_cancellation_records") }}),

-- A number that two registers list counts as deep synthesis.
filings as (
    select *
    from {{ ref("int_current_rows") }}
    semi join records using (filing_number)
    qualify row_number() over (partition by filing_number order by register) = 1
)

select
    records.notice_id,
    records.record_no,
    records.notice_title,
    records.published_on,
    records.filing_number,
    records.kind_code,
    case records.kind_code
        when '01' then 'generative_synthesis'
        when '02' then 'personalised_push'
        when '03' then 'ranking'
        when '04' then 'retrieval'
        when '05' then 'content_filtering'
        when '06' then 'dispatching'
    end as kind,
    records.kind_code = '01' as is_deep_synthesis,
    -- Matched by number, because names change and differ in white space. A record is in doubt if no
    -- name matches.
    case
        when filings.filing_number is not null and records.is_in_doubt then 'in_doubt'
        when records.kind_code != '01' then 'other_kind'
        when filings.filing_number is null then 'not_listed'
        else 'matched'
    end as match_status,
    filings.register,
    filings.document_key,
    filings.batch_no,
    records.algorithm_name,
    records.printed_role,
    records.role,
    records.entity_id,
    records.entity_name,
    records.products,
    records.cancelled_month,
    case
        when filings.filing_number is not null
            then {{ squeezed("records.algorithm_name") }} = {{ squeezed("filings.name") }}
    end as is_same_algorithm_name,
    records.entity_key = filings.entity_key as is_same_entity_name,
    records.is_repeated,
    records.file_url,
    records.document_sha256
from records
left join filings on records.filing_number = filings.filing_number
