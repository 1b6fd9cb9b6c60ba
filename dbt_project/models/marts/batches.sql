with ever_listed as (select * from {{ ref("filings") }}),

filings as (select * from ever_listed where list_status = 'listed'),

versions as (select * from {{ ref("stg_deep_synthesis__list_versions") }}),

reviewed as (select * from {{ ref("reviewed_batches") }}),

counts as (
    select
        batch_no,
        count(*) as filings,
        count(*) filter (role = 'provider') as providers,
        count(*) filter (role = 'technical_supporter') as technical_supporters,
        count(distinct entity_id) as entities,
        count(*) filter (is_cancelled) as cancelled
    from filings
    group by batch_no
),

first_batches as (
    select entity_id, min(batch_no) as batch_no from filings group by entity_id
),

newcomers as (
    select batch_no, count(*) as new_entities from first_batches group by batch_no
),

withdrawals as (
    select batch_no, count(*) as withdrawn
    from ever_listed
    where list_status = 'withdrawn_from_list'
    group by batch_no
),

elsewhere as (
    select unnest(other_batch_nos) as batch_no, filing_number
    from ever_listed
),

doubles as (
    select batch_no, count(*) as counted_elsewhere from elsewhere group by batch_no
),

version_counts as (
    select batch_no, count(*) as list_versions from versions group by batch_no
)

select
    versions.batch_no,
    versions.list_month,
    versions.announced_on,
    versions.page_title,
    coalesce(counts.filings, 0)::integer as filings,
    coalesce(counts.providers, 0)::integer as providers,
    coalesce(counts.technical_supporters, 0)::integer as technical_supporters,
    coalesce(counts.entities, 0)::integer as entities,
    coalesce(newcomers.new_entities, 0)::integer as new_entities,
    sum(coalesce(counts.filings, 0)) over (order by versions.batch_no)::integer
        as cumulative_filings,
    coalesce(counts.cancelled, 0)::integer as cancelled,
    coalesce(withdrawals.withdrawn, 0)::integer as withdrawn,
    versions.rows_quarantined as quarantined_rows,
    coalesce(doubles.counted_elsewhere, 0)::integer as counted_elsewhere,
    (
        coalesce(counts.filings, 0)
        + versions.rows_quarantined
        + coalesce(doubles.counted_elsewhere, 0)
    )::integer as rows_listed,
    version_counts.list_versions::integer as list_versions,
    reviewed.filings as reviewed_filings,
    versions.page_url,
    versions.source_url,
    versions.document_sha256,
    versions.retrieved_at
from versions
left join counts using (batch_no)
left join newcomers using (batch_no)
left join withdrawals using (batch_no)
left join doubles using (batch_no)
left join version_counts using (batch_no)
left join reviewed using (batch_no)
where versions.is_current
order by versions.batch_no
