with records as (select * from {{ ref("stg_cancellation_notices__records") }}),

notices as (
    select notice_id, notice_version, document_sha256
    from {{ ref("stg_cancellation_notices__notices") }}
),

-- The versions of filings and entities that a record names.
versions as (
    select * from {{ ref("int_filing_versions") }} semi join records using (filing_number)
),

versions_of_entities as (
    select * from {{ ref("int_filing_versions") }} semi join records using (entity_id)
),

reviewed as (select * from {{ ref("reviewed_documents") }}),

-- Names that a list has ever shown, and earlier or later names from notes.
clauses as (
    select filing_number, entity_id, unnest(note_events) as event from versions
    union all
    select filing_number, entity_id, unnest(note_events) from versions_of_entities
),

algorithm_names as (
    select filing_number, {{ squeezed("algorithm_name") }} as name from versions
    union
    select filing_number, unnest([event.old_key, event.new_key])
    from clauses
    where event.kind = 'algorithm_renamed'
),

entity_names as (
    select entity_id, entity_key as name from versions_of_entities
    union
    select entity_id, unnest([event.old_key, event.new_key])
    from clauses
    where event.kind = 'entity_renamed'
)

select
    records.notice_id,
    records.notice_version,
    records.record_no,
    records.filing_number
from records
inner join notices using (notice_id, notice_version)
where
    records.filing_number in (select filing_number from versions)
    and notices.document_sha256 not in (select document_sha256 from reviewed)
    and not exists (
        from algorithm_names
        where
            algorithm_names.filing_number = records.filing_number
            and algorithm_names.name = {{ squeezed("records.algorithm_name") }}
    )
    and not exists (
        from entity_names
        where
            entity_names.entity_id = records.entity_id
            and entity_names.name = records.entity_key
    )
