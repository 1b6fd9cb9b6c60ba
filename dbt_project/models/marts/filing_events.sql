with versions as (select * from {{ ref("int_filing_versions") }}),

records as (select * from {{ ref("stg_validated__cancellations") }}),

notices as (select * from {{ ref("stg_validated__cancellation_notices") }} where is_current),

arrivals as (
    select
        filing_number,
        batch_no,
        entity_id,
        started_as as event,
        list_month as event_month,
        valid_from as seen_at,
        'list' as source,
        list_version
    from versions
    where started_as in ('listed', 'relisted')
),

withdrawals as (
    select
        filing_number,
        batch_no,
        entity_id,
        ended_as as event,
        valid_to as seen_at,
        'list' as source,
        last_list_version as list_version
    from versions
    where ended_as = 'withdrawn_from_list'
),

changes as (
    select filing_number, batch_no, entity_id, valid_from, list_version, unnest(changed_values) as change
    from versions
),

amendments as (
    select
        filing_number,
        batch_no,
        entity_id,
        'amended' as event,
        valid_from as seen_at,
        'list' as source,
        change.column_name as column_name,
        change.old_value as old_value,
        change.new_value as new_value,
        list_version
    from changes
),

clauses as (
    select filing_number, batch_no, entity_id, valid_from, list_version, unnest(note_events) as clause
    from versions
),

-- A note stays in the list, version after version: what it tells is told once.
told as (
    select
        filing_number,
        batch_no,
        entity_id,
        clause.kind as event,
        clause.month as event_month,
        min(valid_from) as seen_at,
        'note' as source,
        case clause.kind
            when 'algorithm_renamed' then 'algorithm_name'
            when 'entity_renamed' then 'entity_name'
            when 'product_renamed' then 'products'
            when 'products_added' then 'products'
        end as column_name,
        arg_min(clause.old_value, valid_from) as old_value,
        arg_min(clause.new_value, valid_from) as new_value,
        arg_min(list_version, valid_from) as list_version
    from clauses
    group by
        filing_number, batch_no, entity_id, clause.kind, clause.month, clause.old_key, clause.new_key
),

cancellations as (
    select
        records.filing_number,
        known.batch_no,
        records.entity_id,
        'cancelled' as event,
        records.cancelled_month as event_month,
        notices.retrieved_at as seen_at,
        'notice' as source,
        records.notice_id
    from records
    inner join notices using (notice_id)
    inner join
        (select filing_number, max(batch_no) as batch_no from versions group by filing_number) as known
        using (filing_number)
),

unioned as (
    select * from arrivals
    union all by name
    select * from withdrawals
    union all by name
    select * from amendments
    union all by name
    select * from told
    union all by name
    select * from cancellations
)

select
    filing_number,
    row_number() over (
        partition by filing_number
        order by seen_at, event_month nulls first, event, column_name, old_value, new_value, source
    )::integer as event_no,
    batch_no,
    entity_id,
    event,
    event_month,
    seen_at,
    source,
    column_name,
    old_value,
    new_value,
    list_version,
    notice_id
from unioned
