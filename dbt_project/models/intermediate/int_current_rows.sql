with versions as (select * from {{ ref("int_filing_versions") }}),

rows as (select register, document_key, list_version, filing_number, row_no, list_position
    from {{ ref("int_listed_rows") }}
),

lists as (select * from {{ ref("int_list_versions") }}),

-- The lists of registers without batches state their month only, and have appeared up to a few days
-- after it.
dated_lists as (
    select
        register,
        document_key,
        list_version,
        list_no,
        announced_on,
        retrieved_at::date as retrieved_on,
        coalesce(announced_on, (list_month || '-01')::date) as earliest_on,
        coalesce(announced_on, last_day((list_month || '-01')::date + interval 1 month)) as latest_on
    from {{ ref("int_accepted_lists") }}
),

-- A row that the first archived version of its list lacks was added later.
first_listings as (
    select
        register,
        filing_number,
        min(earliest_on) as listed_from,
        min(if(list_no = 1, latest_on, greatest(latest_on, retrieved_on))) as listed_until,
        min(if(list_no = 1, announced_on, greatest(announced_on, retrieved_on)))
            filter (announced_on is not null) as listed_on
    from rows
    inner join dated_lists using (register, document_key, list_version)
    group by register, filing_number
),

-- Numbers in the current lists, including rows that break the contract.
shown as (
    select register, document_key, filing_number, is_accepted
    from {{ ref("int_filing_sightings") }}
    inner join {{ ref("int_accepted_lists") }} using (register, document_key, list_no)
    where is_current
),

last_versions as (
    select
        *,
        last_list_version as shown_in,
        max(version_no) over (partition by register, filing_number) as version_count,
        max(valid_from) filter (started_as = 'amended')
            over (partition by register, filing_number) as amended_at
    from versions
    qualify
        valid_to is null
        or row_number() over (
            partition by register, filing_number order by (valid_to is null) desc, version_no desc
        ) = 1
),

-- Other current lists with the same number.
elsewhere as (
    select
        shown.register,
        shown.filing_number,
        last_versions.document_key,
        list_sort(list(shown.document_key)) as other_document_keys
    from shown
    inner join last_versions
        on
            shown.register = last_versions.register
            and shown.filing_number = last_versions.filing_number
            and shown.document_key != last_versions.document_key
    where shown.is_accepted
    group by shown.register, shown.filing_number, last_versions.document_key
)

select
    last_versions.register,
    last_versions.filing_number,
    last_versions.document_key,
    last_versions.batch_no,
    last_versions.shown_in as list_version,
    rows.row_no,
    rows.list_position,
    last_versions.name,
    last_versions.service_type,
    last_versions.entity_id,
    last_versions.entity_name,
    last_versions.entity_key,
    last_versions.products,
    last_versions.purpose,
    last_versions.purpose_origin,
    last_versions.note_events,
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
    last_versions.version_count::integer as version_count,
    last_versions.amended_at,
    first_listings.listed_from,
    first_listings.listed_until,
    first_listings.listed_on,
    coalesce(elsewhere.other_document_keys, []) as other_document_keys
from last_versions
inner join rows
    on
        last_versions.register = rows.register
        and last_versions.document_key = rows.document_key
        and last_versions.shown_in = rows.list_version
        and last_versions.filing_number = rows.filing_number
inner join lists
    on
        last_versions.register = lists.register
        and last_versions.document_key = lists.document_key
        and last_versions.shown_in = lists.list_version
left join first_listings
    on
        last_versions.register = first_listings.register
        and last_versions.filing_number = first_listings.filing_number
left join shown
    on
        last_versions.register = shown.register
        and last_versions.document_key = shown.document_key
        and last_versions.filing_number = shown.filing_number
left join elsewhere
    on
        last_versions.register = elsewhere.register
        and last_versions.filing_number = elsewhere.filing_number
        and last_versions.document_key = elsewhere.document_key
