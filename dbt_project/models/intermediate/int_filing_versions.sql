{# States that lasted less than this were never published: a run fetches the lists one by one. #}
{%- set one_run = "interval 1 hour" -%}

with rows as (select * from {{ ref("int_row_versions") }}),

doubled as (
    select filing_number from rows group by filing_number having count(distinct batch_no) > 1
),

-- From each moment at which something changes in one of the lists to the next.
moments as (
    select filing_number, valid_from as moment from rows semi join doubled using (filing_number)
    union
    select filing_number, valid_to from rows semi join doubled using (filing_number)
    where valid_to is not null
),

periods as (
    select
        filing_number,
        moment as starts_at,
        lead(moment) over (partition by filing_number order by moment) as ends_at
    from moments
),

shown as (
    select
        rows.*,
        periods.starts_at,
        periods.ends_at,
        first_value({{ squeezed("rows.algorithm_name") }}) over (
            partition by rows.filing_number, periods.starts_at
            order by rows.shown_since, rows.batch_no
        ) = {{ squeezed("rows.algorithm_name") }} as is_same_algorithm
    from periods
    inner join rows
        on
            periods.filing_number = rows.filing_number
            and periods.starts_at >= rows.valid_from
            and (rows.valid_to is null or periods.starts_at < rows.valid_to)
    where periods.ends_at is null or periods.ends_at - periods.starts_at >= {{ one_run }}
),

-- A filing that is listed again in a later batch belongs to that batch, as long as its list shows
-- it. A number that another list gives to another algorithm stays where it was first.
held as (
    select *
    from shown
    qualify
        row_number() over (
            partition by filing_number, starts_at order by is_same_algorithm desc, batch_no desc
        ) = 1
),

held_spans as (
    select
        filing_number,
        batch_no,
        valid_from,
        case
            when min(starts_at) - valid_from < {{ one_run }} then valid_from else min(starts_at)
        end as held_from,
        case when bool_and(ends_at is not null) then max(ends_at) end as held_to
    from held
    group by filing_number, batch_no, valid_from
),

followed as (
    select
        rows.* exclude (started_as, ended_as, changed_values),
        held_spans.held_from,
        held_spans.held_to,
        lag(rows.batch_no) over held_by_time as previous_batch_no,
        lag(held_spans.held_to) over held_by_time as previous_held_to,
        lead(rows.batch_no) over held_by_time as next_batch_no,
        lead(held_spans.held_from) over held_by_time as next_held_from,
        rows.started_as as row_started_as,
        rows.ended_as as row_ended_as,
        {{ changed_values("held_by_time", "rows.") }} as changed_values
    from held_spans
    inner join rows using (filing_number, batch_no, valid_from)
    window held_by_time as (partition by rows.filing_number order by held_spans.held_from)
),

resolved as (
    select
        * exclude (
            valid_from, valid_to, held_from, held_to, previous_batch_no, previous_held_to,
            next_batch_no, next_held_from, row_started_as, row_ended_as, shown_since
        ),
        held_from as valid_from,
        held_to as valid_to,
        case
            when previous_batch_no != batch_no and held_from - previous_held_to < {{ one_run }}
                then 'moved'
            when previous_batch_no is null then 'listed'
            else row_started_as
        end as started_as,
        case
            when held_to is null then null
            when next_batch_no != batch_no and next_held_from - held_to < {{ one_run }}
                then 'moved'
            else row_ended_as
        end as ended_as
    from followed
),

unioned as (
    select * exclude (shown_since) from rows anti join doubled using (filing_number)
    union all by name
    select * from resolved
)

select
    filing_number,
    row_number() over (partition by filing_number order by valid_from, batch_no)::integer
        as version_no,
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
    algorithm_name,
    role,
    entity_id,
    entity_name,
    entity_key,
    products,
    purpose,
    note,
    note_events
from unioned
