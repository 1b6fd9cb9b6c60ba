with versions as not materialized (select * from {{ ref("int_filing_versions") }}),

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

-- Filings with several rows in the archive. The others need no comparison.
followed as (select * from versions where is_only is not true),

rows as (
    select register, document_key, list_version, filing_number, row_no, list_position
    from {{ ref("int_listed_rows") }}
    semi join followed using (register, filing_number)
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
    semi join followed using (register, filing_number)
    where is_current
),

last_versions as (
    select
        *,
        max(version_no) over (partition by register, filing_number) as version_count,
        max(valid_from) filter (started_as = 'amended')
            over (partition by register, filing_number) as amended_at
    from followed
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
),

current_versions as (
    select
        last_versions.* replace (rows.row_no as row_no, rows.list_position as list_position),
        shown.filing_number is not null as is_shown,
        first_listings.listed_from,
        first_listings.listed_until,
        first_listings.listed_on,
        elsewhere.other_document_keys
    from last_versions
    inner join rows
        on
            last_versions.register = rows.register
            and last_versions.document_key = rows.document_key
            and last_versions.last_list_version = rows.list_version
            and last_versions.filing_number = rows.filing_number
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
    union all by name
    select
        only_versions.*,
        1 as version_count,
        true as is_shown,
        dated_lists.earliest_on as listed_from,
        dated_lists.latest_on as listed_until,
        dated_lists.announced_on as listed_on
    from versions as only_versions
    inner join dated_lists using (register, document_key, list_version)
    where only_versions.is_only
)

select
    current_versions.register,
    current_versions.filing_number,
    current_versions.document_key,
    current_versions.batch_no,
    current_versions.last_list_version as list_version,
    current_versions.row_no,
    current_versions.list_position,
    current_versions.name,
    current_versions.service_type,
    current_versions.entity_id,
    current_versions.entity_name,
    current_versions.entity_key,
    current_versions.products,
    current_versions.purpose,
    current_versions.purpose_origin,
    current_versions.note_events,
    lists.list_month,
    lists.announced_on,
    lists.source_url,
    lists.document_sha256,
    case
        when not current_versions.is_shown then 'withdrawn_from_list'
        when lists.is_current then 'listed'
        -- The row is in the current list, but breaks the contract.
        else 'quarantined'
    end as list_status,
    current_versions.version_count::integer as version_count,
    current_versions.amended_at,
    current_versions.listed_from,
    current_versions.listed_until,
    current_versions.listed_on,
    coalesce(current_versions.other_document_keys, []) as other_document_keys
from current_versions
inner join lists
    on
        current_versions.register = lists.register
        and current_versions.document_key = lists.document_key
        and current_versions.last_list_version = lists.list_version
