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
        '{{ reading.definition_zh }}' as definition_zh,
        nullif('{{ reading.settles_nothing }}', '') as settles_nothing,
        nullif('{{ reading.settles_nothing_zh }}', '') as settles_nothing_zh,
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
        claims.* exclude (claim_id),
        missing.batches_missing,
        measured.measured_value - claims.stated_value as difference,
        case
            when missing.batches_missing > 0 and claims.first_batch = claims.last_batch
                then 'batch_not_loaded'
            when missing.batches_missing > 0 then 'batches_not_loaded'
            when measured.measured_value is null and measured.out_of is null
                then 'not_in_register'
            when claims.measure like 'growth%' and measured.out_of < {{ var("smallest_base") }}
                then 'too_few_for_growth'
            when measured.measured_value is null then 'nothing_loaded'
            when measured.settles_nothing is not null then 'settles_nothing'
            when
                abs(difference) > claims.tolerance
                and abs(difference) <= claims.tolerance + claims.reading_error
                then 'within_reading_error'
        end as reason_code
    from measured
    inner join claims using (claim_id)
    left join missing using (claim_id)
)

select
    claim_id,
    reading_no,
    definition,
    definition_zh,
    measured_value,
    counted,
    out_of,
    case
        when reason_code is not null then 'not_measurable'
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
    reason_code,
    case reason_code
        {%- for code, (english, chinese) in claim_reasons().items() %}
        when '{{ code }}' then {{ english }}
        {%- endfor %}
    end as reason,
    case reason_code
        {%- for code, (english, chinese) in claim_reasons().items() %}
        when '{{ code }}' then {{ chinese }}
        {%- endfor %}
    end as reason_zh,
    filing_numbers,
    query
from compared
order by claim_id, reading_no
