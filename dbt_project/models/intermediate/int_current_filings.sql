with versions as (select * from {{ ref("int_filing_versions") }}),

filings as (select * from {{ ref("stg_deep_synthesis__filings") }}),

lists as (select * from {{ ref("stg_deep_synthesis__list_versions") }}),

-- Numbers in the current lists, including rows that break the contract.
shown as (
    select batch_no, filing_number, is_accepted
    from {{ ref("int_filing_sightings") }}
    inner join {{ ref("int_accepted_lists") }} using (batch_no, list_no)
    where is_current
),

last_versions as (
    select
        filing_number,
        batch_no,
        last_list_version as list_version,
        valid_to,
        max(version_no) over (partition by filing_number) as version_count,
        max(valid_from) filter (started_as = 'amended') over (partition by filing_number)
            as amended_at
    from versions
    qualify
        valid_to is null
        or row_number() over (
            partition by filing_number order by (valid_to is null) desc, version_no desc
        ) = 1
),

-- Other current lists with the same number.
elsewhere as (
    select
        shown.filing_number,
        last_versions.batch_no,
        list_sort(list(shown.batch_no)) as other_batch_nos
    from shown
    inner join last_versions
        on
            shown.filing_number = last_versions.filing_number
            and shown.batch_no != last_versions.batch_no
    where shown.is_accepted
    group by shown.filing_number, last_versions.batch_no
)

select
    filings.*,
    lists.list_month,
    lists.announced_on,
    lists.source_url,
    lists.document_sha256,
    case
        when shown.filing_number is null then 'withdrawn_from_list'
        when lists.is_current then 'listed'
        -- The row is in the current list, but breaks the contract.
        else 'quarantined'
    end as list_status,
    last_versions.version_count,
    last_versions.amended_at,
    len(filings.product_list)::integer as product_count,
    coalesce(elsewhere.other_batch_nos, []) as other_batch_nos
from last_versions
inner join filings using (filing_number, batch_no, list_version)
inner join lists using (batch_no, list_version)
left join shown using (batch_no, filing_number)
left join elsewhere using (batch_no, filing_number)
