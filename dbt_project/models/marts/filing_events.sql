with versions as (select * from {{ ref("int_filing_versions") }}),

lists as (
    select register, document_key, list_version, list_no from {{ ref("int_accepted_lists") }}
),

arrivals as (
    select
        register,
        filing_number,
        document_key,
        batch_no,
        entity_id,
        started_as as event,
        -- a filing added in a later version was not listed in the month of the title
        case when list_no = 1 then list_month end as event_month,
        valid_from as seen_at,
        'list' as source,
        list_version,
        coalesce(is_only, false) as is_only
    from versions
    inner join lists using (register, document_key, list_version)
    where started_as in ('listed', 'relisted')
),

moves as (
    select
        register,
        filing_number,
        document_key,
        batch_no,
        entity_id,
        'moved' as event,
        valid_from as seen_at,
        'list' as source,
        case when batch_no is null then 'document_key' else 'batch_no' end as column_name,
        coalesce(previous_batch_no::varchar, previous_key) as old_value,
        coalesce(batch_no::varchar, document_key) as new_value,
        list_version
    from (
        select
            *,
            lag(document_key) over by_version as previous_key,
            lag(batch_no) over by_version as previous_batch_no
        from versions
        where is_only is not true
        window by_version as (partition by register, filing_number order by version_no)
    )
    where started_as = 'moved'
),

withdrawals as (
    select
        register,
        filing_number,
        document_key,
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
    select
        register,
        filing_number,
        document_key,
        batch_no,
        entity_id,
        valid_from,
        list_version,
        unnest(changed_values) as change
    from versions
),

amendments as (
    select
        register,
        filing_number,
        document_key,
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

clauses as ({{ note_clauses() }}),

-- A note is repeated in every version of the list, but its events are recorded once.
noted as (
    select
        register,
        filing_number,
        entity_id,
        clause.kind as event,
        clause.month as event_month,
        min(valid_from) as seen_at,
        arg_min(document_key, valid_from) as document_key,
        arg_min_null(batch_no, valid_from) as batch_no,
        'note' as source,
        case clause.kind
            when 'algorithm_renamed' then 'algorithm_name'
            when 'entity_renamed' then 'entity_name'
            when 'product_renamed' then 'products'
            when 'products_added' then 'products'
            when 'products_removed' then 'products'
        end as column_name,
        clause.subject,
        min(clause_no) as clause_no,
        arg_min(clause.old_value, valid_from) as old_value,
        arg_min(clause.new_value, valid_from) as new_value,
        arg_min(list_version, valid_from) as list_version
    from clauses
    where clause.kind != 'cancelled'
    group by
        register,
        filing_number,
        entity_id,
        clause.kind,
        clause.month,
        clause.subject,
        clause.old_key,
        clause.new_key
),

-- Events other than the listing of a filing without a history.
later as (
    select * from arrivals where not is_only
    union all by name
    select * from moves
    union all by name
    select * from withdrawals
    union all by name
    select * from amendments
    union all by name
    select * from noted
    union all by name
    select * from {{ ref("int_cancellation_events") }}
),

unioned as (
    select * from later
    union all by name
    select * from arrivals semi join later using (register, filing_number) where is_only
),

numbered as (
    select
        *,
        row_number() over (
            partition by register, filing_number
            order by
                -- a notice can be fetched before the list that it refers to
                event != 'listed',
                seen_at,
                event != 'relisted',
                event_month nulls first,
                clause_no nulls first,
                event,
                column_name,
                old_value,
                new_value,
                source,
                notice_id
        ) as event_no
    from unioned
    union all by name
    select *, 1 as event_no
    from arrivals
    anti join later using (register, filing_number)
    where is_only
)

select
    register,
    filing_number,
    event_no::integer as event_no,
    document_key,
    batch_no,
    entity_id,
    event,
    event_month,
    seen_at,
    source,
    coalesce(sources, [source]) as sources,
    column_name,
    subject,
    old_value,
    new_value,
    list_version,
    notice_id
from numbered
