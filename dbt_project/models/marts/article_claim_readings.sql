{#- A query runs on the upstream models, and is carried with the plain names of a release. -#}
{%- set models = {"filings": ref("filings"), "pass_rates": ref("pass_rates")} -%}
{%- set plain_names = {"filings": "filings", "pass_rates": "pass_rates"} -%}
with claims as (select * from {{ ref("claims") }}),

loaded as (select batch_no from {{ ref("batches") }}),

measured as (
{% for reading in claim_readings() %}
    select
        '{{ reading.claim_id }}' as claim_id,
        {{ reading.reading_no }} as reading_no,
        '{{ reading.definition | replace("'", "''") }}' as definition,
        {% if reading.settles_nothing %}'{{ reading.settles_nothing }}'{% else %}null{% endif %}
            as settles_nothing,
        '{{ on_tables(reading.query, plain_names) | replace("'", "''") }}' as query,
        *
    from ({{ on_tables(reading.query, models) }})
    {% if not loop.last %}union all{% endif %}
{% endfor %}
),

-- The batches that a claim speaks of and that are not here.
missing as (
    select claims.claim_id, count(*)::integer as batches_missing
    from claims
    cross join lateral unnest(range(claims.first_batch, claims.last_batch + 1)) as spoken (batch_no)
    anti join loaded using (batch_no)
    group by claims.claim_id
),

compared as (
    select
        measured.*,
        claims.comparison,
        claims.tolerance,
        measured.measured_value - claims.stated_value as difference,
        case
            when missing.batches_missing > 0 and claims.first_batch = claims.last_batch
                then 'batch ' || claims.first_batch || ', of which the claim speaks, is not loaded'
            when missing.batches_missing > 0
                then missing.batches_missing || ' of the batches ' || claims.first_batch || ' to '
                    || claims.last_batch || ', of which the claim speaks, are not loaded'
            when measured.measured_value is null and measured.out_of is null
                then 'the register does not hold it'
            when claims.measure like 'growth%' and measured.out_of < {{ var("smallest_base") }}
                then measured.out_of || ' in the earlier period and ' || measured.counted
                    || ' in the later are too few for a growth'
            when measured.measured_value is null
                then 'nothing of ' || claims.scope || ' is loaded to measure it on'
            when measured.settles_nothing is not null then measured.settles_nothing
            when
                abs(difference) > claims.tolerance
                and abs(difference) <= claims.tolerance + claims.reading_error
                then 'the difference is within the error with which filings are read ('
                    || claims.reading_error::decimal(4, 1) || ' points)'
        end as reason
    from measured
    inner join claims using (claim_id)
    left join missing using (claim_id)
)

select
    claim_id,
    reading_no,
    definition,
    measured_value,
    counted,
    out_of,
    case
        when reason is not null then 'not_measurable'
        when
            case comparison
                when 'at_least' then difference >= 0
                when 'exists' then measured_value >= 1
                -- against the noise of binary fractions at the very edge
                else abs(difference) <= tolerance + 1e-9
            end
            then 'supported'
        else 'contradicted'
    end as verdict,
    reason,
    filing_numbers,
    query
from compared
order by claim_id, reading_no
