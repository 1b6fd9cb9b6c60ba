with records as (
    select *
    from {{ ref("int_cancellation_records") }}
    where kind_code = '01' and not is_repeated and is_in_doubt is not true
),

filings as (select * from {{ ref("int_current_filings") }}),

noted as (
    select
        filing_number,
        list_max(list_transform(cancelled, lambda event: event.month)) as cancelled_month
    from (
        select
            filing_number,
            list_filter(note_events, lambda event: event.kind = 'cancelled') as cancelled
        from filings
    )
    where len(cancelled) > 0
)

select
    filing_number,
    coalesce(records.cancelled_month, noted.cancelled_month) as cancelled_month,
    case
        when noted.filing_number is null then 'notice'
        when records.filing_number is null then 'note'
        else 'both'
    end as cancellation_source,
    records.notice_id as cancellation_notice_id
from records
full join noted using (filing_number)
