with records as (
    select *
    from {{ ref("int_cancellation_records") }}
    where not is_repeated and is_in_doubt is not true
),

filings as (select * from {{ ref("int_current_rows") }}),

noted as (
    select
        register,
        filing_number,
        list_max(list_transform(cancelled, lambda event: event.month)) as cancelled_month
    from (
        select
            register,
            filing_number,
            list_filter(note_events, lambda event: event.kind = 'cancelled') as cancelled
        from filings
        where len(note_events) > 0
    )
    where len(cancelled) > 0
)

select
    filings.register,
    filings.filing_number,
    coalesce(records.cancelled_month, noted.cancelled_month) as cancelled_month,
    case
        when noted.filing_number is null then 'notice'
        when records.filing_number is null then 'note'
        else 'both'
    end as cancellation_source,
    records.notice_id as cancellation_notice_id,
    noted.cancelled_month as noted_month
from filings
left join records on filings.filing_number = records.filing_number
left join noted
    on filings.register = noted.register and filings.filing_number = noted.filing_number
where records.filing_number is not null or noted.filing_number is not null
