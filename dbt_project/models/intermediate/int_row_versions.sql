{# Most filings have one row in one version of one list. They need no comparison, so only the others
   pass through the windows. #}
with filings as not materialized (select * from {{ ref("int_listed_rows") }}),

lists as (select * from {{ ref("int_accepted_lists") }}),

repeated as (
    select register, filing_number
    from filings
    semi join lists using (register, document_key, list_version)
    group by register, filing_number
    having count(*) > 1
),

accepted as not materialized (
    select
        filings.*,
        lists.batch_no,
        lists.list_no,
        lists.version_count,
        lists.list_month,
        lists.announced_on,
        lists.fetched_from,
        lists.retrieved_at
    from filings
    inner join lists using (register, document_key, list_version)
),

unchanged as (
    select
        *,
        retrieved_at as valid_from,
        null as valid_to,
        retrieved_at as shown_since,
        'listed' as started_as,
        null as ended_as,
        []::struct(column_name varchar, old_value varchar, new_value varchar)[] as changed_values,
        list_version as last_list_version,
        case
            when purpose is null then null
            when fetched_from = 'live' then 'source'
            when fetched_from = 'replica' then 'shipped'
        end as purpose_origin,
        true as is_only
    from accepted
    anti join repeated using (register, filing_number)
    where version_count = 1
),

followed_rows as (
    select * from accepted where version_count is distinct from 1
    union all
    select * from accepted semi join repeated using (register, filing_number) where version_count = 1
),

sightings as (
    select register, document_key, filing_number, list_no
    from {{ ref("int_filing_sightings") }}
    semi join followed_rows using (register, document_key, filing_number)
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
    from followed_rows as accepted
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
),

unioned as (
    select *, retrieved_at as valid_from, false as is_only from ended
    union all by name
    select * from unchanged
)

select
    register,
    filing_number,
    document_key,
    batch_no,
    valid_from,
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
    note_events,
    row_no,
    list_position,
    is_only
from unioned
