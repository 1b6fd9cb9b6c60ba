{#- The queries name their tables in braces; here these are the upstream models. -#}
{%- set tables = {"filings": ref("filings"), "pass_rates": ref("pass_rates")} -%}
with claims as (select * from {{ ref("claims") }}),

loaded as (select batch_no from {{ ref("batches") }}),

measured as (
{% for reading in claim_readings() %}
    select
        '{{ reading.claim_id }}' as claim_id,
        {{ reading.reading_no }} as reading_no,
        '{{ reading.definition | replace("'", "''") }}' as definition,
        '{{ for_reader(reading.query) | replace("'", "''") }}' as query,
        *
    from ({{ on_models(reading.query, tables) }})
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
)

select
    measured.claim_id,
    measured.reading_no,
    measured.definition,
    measured.measured_value,
    measured.counted,
    measured.out_of,
    case
        when measured.measured_value is null or missing.batches_missing > 0 then 'not_measurable'
        when
            case claims.comparison
                when 'at_least' then measured.measured_value >= claims.stated_value
                when 'exists' then measured.measured_value >= 1
                -- against the noise of binary fractions at the very edge
                else abs(measured.measured_value - claims.stated_value) <= claims.tolerance + 1e-9
            end
            then 'supported'
        else 'contradicted'
    end as verdict,
    case
        when missing.batches_missing > 0 and claims.first_batch = claims.last_batch
            then 'batch ' || claims.first_batch || ', of which the claim speaks, is not loaded'
        when missing.batches_missing > 0
            then missing.batches_missing || ' of the batches ' || claims.first_batch || ' to '
                || claims.last_batch || ', of which the claim speaks, are not loaded'
        when measured.measured_value is null and measured.out_of = 0
            then 'nothing to measure it on in the batches loaded'
        when measured.measured_value is null then 'the register does not hold it'
    end as reason,
    measured.filing_numbers,
    measured.query
from measured
inner join claims using (claim_id)
left join missing using (claim_id)
order by measured.claim_id, measured.reading_no
