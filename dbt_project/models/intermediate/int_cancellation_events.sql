{# A refresh fetches lists and notices one by one. What it sees within this time is seen together. #}
{%- set one_refresh = "interval 1 hour" -%}
{# The current record of the first notice; after a revocation, its last record. #}
{%- set which_counts =
    "replaced_at is not null, published_on, first_seen_at, notice_id, notice_no desc, record_no" -%}

with
-- Accepted versions of the notices, oldest first.
notices as (
    select
        notice_id,
        notice_version,
        published_on,
        retrieved_at,
        row_number() over by_version as notice_no,
        lead(retrieved_at) over by_version as replaced_at,
        min(retrieved_at) over (partition by notice_id) as first_seen_at
    from {{ ref("stg_cancellation_notices__notices") }}
    where status = 'accepted'
    window by_version as (partition by notice_id order by version_no)
),

records as (
    select *
    from {{ ref("stg_cancellation_notices__records") }}
    inner join notices using (notice_id, notice_version)
    anti join {{ ref("int_doubtful_cancellations") }} using (notice_id, notice_version, record_no)
),

-- The next version of the notice no longer names the number, and neither does another notice.
revocations as (
    select
        filing_number,
        notice_id,
        replaced_at as revoked_at
    from records
    where
        replaced_at is not null
        and not exists (
            from records as others
            where
                others.filing_number = records.filing_number
                and others.retrieved_at <= records.replaced_at
                and coalesce(others.replaced_at > records.replaced_at, true)
        )
    group by filing_number, notice_id, replaced_at
),

-- All notices that name a number between two revocations state one cancellation. Its month is that
-- of the notice that counts, as in `int_cancellation_records`.
noticed as (
    select
        filing_number,
        cancellation_no,
        min(retrieved_at) as seen_at,
        first(notice_id order by {{ which_counts }}) as notice_id,
        first(cancelled_month order by {{ which_counts }}) as cancelled_month
    from (
        select
            *,
            (
                select count(*) from revocations
                where
                    revocations.filing_number = records.filing_number
                    and revocations.revoked_at <= records.retrieved_at
            ) as cancellation_no
        from records
    )
    group by filing_number, cancellation_no
),

clauses as ({{ note_clauses() }}),

-- A note is repeated in every version of the list.
first_noted as (
    select
        register,
        filing_number,
        clause.month as cancelled_month,
        min(valid_from) as seen_at,
        min(clause_no) as clause_no,
        arg_min(document_key, valid_from) as document_key,
        arg_min_null(batch_no, valid_from) as batch_no,
        arg_min(list_version, valid_from) as list_version
    from clauses
    where clause.kind = 'cancelled'
    group by register, filing_number, clause.month
),

-- Numbers that a notice or a note cancels.
cancelled as (
    select filing_number from records
    union
    select filing_number from first_noted
),

known as (
    select
        register,
        filing_number,
        entity_id,
        max(document_key) as document_key,
        max(batch_no) as batch_no
    from {{ ref("int_filing_versions") }}
    semi join cancelled using (filing_number)
    group by register, filing_number, entity_id
),

noted as (
    select
        register,
        filing_number,
        cancellation_no,
        max(cancelled_month) as cancelled_month,
        min(seen_at) as seen_at,
        min(clause_no) as clause_no,
        arg_min(document_key, seen_at) as document_key,
        arg_min_null(batch_no, seen_at) as batch_no,
        arg_min(list_version, seen_at) as list_version
    from (
        select
            *,
            (
                select count(*) from revocations
                where
                    revocations.filing_number = first_noted.filing_number
                    and revocations.revoked_at <= first_noted.seen_at
            ) as cancellation_no
        from first_noted
    )
    group by register, filing_number, cancellation_no
),

stated as (
    select
        known.register,
        known.filing_number,
        known.entity_id,
        noted.document_key is not null as is_noted,
        noticed.notice_id is not null as is_noticed,
        case when is_noted then noted.document_key else known.document_key end as document_key,
        case when is_noted then noted.batch_no else known.batch_no end as batch_no,
        coalesce(noticed.cancelled_month, noted.cancelled_month) as event_month,
        noted.seen_at as noted_at,
        noticed.seen_at as noticed_at,
        noted.clause_no,
        noted.list_version,
        noticed.notice_id
    from (
        select register, filing_number, cancellation_no from noted
        union
        select known.register, filing_number, cancellation_no
        from noticed
        inner join known using (filing_number)
    ) as cancellations
    inner join known using (register, filing_number)
    left join noted using (register, filing_number, cancellation_no)
    left join noticed using (filing_number, cancellation_no)
)

select
    register,
    filing_number,
    document_key,
    batch_no,
    entity_id,
    'cancelled' as event,
    event_month,
    least(noted_at, noticed_at) as seen_at,
    case
        when not is_noticed or noted_at < noticed_at - {{ one_refresh }} then 'note'
        else 'notice'
    end as source,
    case
        when is_noted and is_noticed then ['note', 'notice']
        when is_noted then ['note']
        else ['notice']
    end as sources,
    clause_no,
    list_version,
    notice_id
from stated
union all by name
select
    known.register,
    known.filing_number,
    known.document_key,
    known.batch_no,
    known.entity_id,
    'cancellation_revoked' as event,
    revocations.revoked_at as seen_at,
    'notice' as source,
    ['notice'] as sources,
    revocations.notice_id
from revocations
inner join known using (filing_number)
