with filings as (select * from {{ ref("int_listed_rows") }}),

lists as (select * from {{ ref("int_accepted_lists") }}),

sightings as (
    select register, document_key, filing_number, list_no from {{ ref("int_filing_sightings") }}
),

accepted as (
    select
        filings.*,
        lists.batch_no,
        lists.list_no,
        lists.list_month,
        lists.announced_on,
        lists.fetched_from,
        lists.retrieved_at
    from filings
    inner join lists using (register, document_key, list_version)
),

-- Successive versions of the list with the filing have the same difference.
runs as (
    select
        *,
        list_no - row_number() over (partition by register, document_key, filing_number order by list_no)
            as run_no
    from sightings
),

run_ends as (
    select
        *,
        max(list_no) over (partition by register, document_key, filing_number, run_no) as last_list_no
    from runs
),

compared as (
    select
        accepted.*,
        run_ends.run_no,
        run_ends.last_list_no,
        lag(run_ends.run_no) over listed as previous_run_no,
        {{ changed_values("listed") }} as changed_values
    from accepted
    inner join run_ends using (register, document_key, filing_number, list_no)
    window listed as (partition by register, document_key, filing_number order by list_no)
),

started as (
    select
        *,
        case
            when previous_run_no is null then 'listed'
            when previous_run_no != run_no then 'relisted'
            when len(changed_values) > 0 then 'amended'
        end as started_as
    from compared
),

grouped as (
    select
        *,
        count(started_as) over (partition by register, document_key, filing_number order by list_no)
            as group_no
    from started
),

starts as (
    select
        *,
        arg_max(list_version, list_no) over (partition by register, document_key, filing_number, group_no)
            as last_list_version,
        -- Contents that the source has shown, too, are as published.
        case
            when purpose is null then null
            when bool_or(fetched_from = 'live')
                over (partition by register, document_key, filing_number, group_no) then 'source'
            when bool_or(fetched_from = 'replica')
                over (partition by register, document_key, filing_number, group_no) then 'shipped'
        end as purpose_origin,
        min(retrieved_at) over (partition by register, document_key, filing_number, run_no) as shown_since
    from grouped
    qualify list_no = min(list_no) over (partition by register, document_key, filing_number, group_no)
),

followed as (
    select
        starts.*,
        lead(starts.run_no) over listed as next_run_no,
        lead(starts.retrieved_at) over listed as next_retrieved_at,
        -- The first version of the list without the filing, if there is one.
        lists.retrieved_at as missed_at
    from starts
    left join lists
        on
            starts.register = lists.register
            and starts.document_key = lists.document_key
            and starts.last_list_no + 1 = lists.list_no
    window listed as (partition by starts.register, starts.document_key, starts.filing_number order by starts.list_no)
),

ended as (
    select
        *,
        case when next_run_no = run_no then next_retrieved_at else missed_at end as valid_to,
        case
            when next_run_no = run_no then 'amended'
            when missed_at is not null then 'withdrawn_from_list'
        end as ended_as
    from followed
)

select
    register,
    filing_number,
    document_key,
    batch_no,
    retrieved_at as valid_from,
    valid_to,
    shown_since,
    started_as,
    ended_as,
    changed_values,
    list_version,
    last_list_version,
    list_month,
    announced_on,
    name,
    entity_id,
    entity_key,
    {%- for column in printed_columns() %}
    {{ column }},
    {%- if column == "purpose" %}
    purpose_origin,
    {%- endif %}
    {%- endfor %}
    note_events
from ended
