{# A refresh fetches the lists one by one. Changes in two lists within this time are one change. #}
{%- set one_refresh = "interval 1 hour" -%}

with only_rows as (select * from {{ ref("int_row_versions") }} where is_only),

rows as (select * from {{ ref("int_row_versions") }} where is_only is not true),

doubled as (
    select register, filing_number
    from rows
    group by register, filing_number
    having min(document_key) != max(document_key)
),

doubled_rows as (select * from rows semi join doubled using (register, filing_number)),

list_changes as (
    select register, filing_number, document_key, valid_from as moment from doubled_rows
    union
    select register, filing_number, document_key, valid_to
    from doubled_rows
    where valid_to is not null
),

moments as (
    select
        register,
        filing_number,
        moment,
        list(document_key order by document_key) as changed_in
    from list_changes
    group by register, filing_number, moment
),

-- From each change in one of the lists to the next.
periods as (
    select
        register,
        filing_number,
        moment as starts_at,
        lead(moment) over by_time as ends_at,
        changed_in != lead(changed_in) over by_time
        and lead(moment) over by_time - moment < {{ one_refresh }} as is_within_a_refresh
    from moments
    window by_time as (partition by register, filing_number order by moment)
),

shown as (
    select
        doubled_rows.*,
        periods.starts_at,
        periods.ends_at,
        first_value({{ squeezed("doubled_rows.name") }}) over (
            partition by doubled_rows.register, doubled_rows.filing_number, periods.starts_at
            order by doubled_rows.shown_since, doubled_rows.document_key
        ) = {{ squeezed("doubled_rows.name") }} as is_same_algorithm
    from periods
    inner join doubled_rows
        on
            periods.register = doubled_rows.register
            and periods.filing_number = doubled_rows.filing_number
            and periods.starts_at >= doubled_rows.valid_from
            and (doubled_rows.valid_to is null or periods.starts_at < doubled_rows.valid_to)
    where periods.is_within_a_refresh is not true
),

-- A filing that a later batch lists again belongs to that batch as long as its list shows it. A
-- number that another list gives to another algorithm stays in the list that showed it first.
held as (
    select *
    from shown
    qualify
        row_number() over (
            partition by register, filing_number, starts_at
            order by is_same_algorithm desc, document_key desc
        ) = 1
),

-- A filing can move to another list and back. Each stay is a separate version.
stays as (
    select
        *,
        row_number() over (partition by register, filing_number order by starts_at)
        - row_number() over (
            partition by register, filing_number, document_key, valid_from order by starts_at
        ) as stay_no
    from held
),

held_spans as (
    select
        register,
        filing_number,
        document_key,
        valid_from,
        any_value(valid_to) as valid_to,
        case
            when min(starts_at) - valid_from < {{ one_refresh }} then valid_from
            else min(starts_at)
        end as held_from,
        case when bool_and(ends_at is not null) then max(ends_at) end as held_to
    from stays
    group by register, filing_number, document_key, valid_from, stay_no
),

-- If the row ends in the same refresh as its stay, both end at the same time.
closed_spans as (
    select
        register,
        filing_number,
        document_key,
        valid_from,
        held_from,
        case
            when valid_to - held_to < {{ one_refresh }}
                then least(valid_to, coalesce(lead(held_from) over by_time, valid_to))
            else held_to
        end as held_to
    from held_spans
    window by_time as (partition by register, filing_number order by held_from)
),

followed as (
    select
        rows.* exclude (valid_from, valid_to, started_as, ended_as, changed_values, shown_since),
        spans.held_from as valid_from,
        spans.held_to as valid_to,
        spans.held_from - lag(spans.held_to) over by_time as after,
        lead(spans.held_from) over by_time - spans.held_to as before,
        lag(rows.document_key) over by_time as previous_key,
        lead(rows.document_key) over by_time as next_key,
        rows.started_as as row_started_as,
        rows.ended_as as row_ended_as,
        {{ changed_values("by_time", "rows.") }} as changed_values
    from closed_spans as spans
    inner join rows using (register, filing_number, document_key, valid_from)
    window by_time as (partition by rows.register, rows.filing_number order by spans.held_from)
),

resolved as (
    select
        * exclude (
            after, before, previous_key, next_key, row_started_as, row_ended_as
        ),
        case
            when previous_key != document_key and after < {{ one_refresh }} then 'moved'
            when previous_key is null then 'listed'
            else row_started_as
        end as started_as,
        case
            when valid_to is null then null
            when next_key != document_key and before < {{ one_refresh }} then 'moved'
            else row_ended_as
        end as ended_as
    from followed
),

unioned as (
    select * exclude (shown_since) from rows anti join doubled using (register, filing_number)
    union all by name
    select * from resolved
),

numbered as (
    select
        *,
        row_number() over (
            partition by register, filing_number order by valid_from, document_key
        ) as version_no
    from unioned
    union all by name
    select *, 1 as version_no from only_rows
)

select
    register,
    filing_number,
    version_no::integer as version_no,
    document_key,
    batch_no,
    valid_from,
    valid_to,
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
    coalesce(is_only, false) as is_only
from numbered
