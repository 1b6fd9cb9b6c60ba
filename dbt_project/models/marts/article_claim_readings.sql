{#- Queries run on the upstream models. The column `query` has the table names of a release. -#}
{%- set models = {"filings": ref("filings"), "pass_rates": ref("pass_rates")} -%}
{%- set plain_names = {"filings": "filings", "pass_rates": "pass_rates"} -%}
with claims as (select * from {{ ref("claims") }}),

loaded as (select batch_no from {{ ref("batches") }}),

measured as (
{% for measure in claim_measures() %}
    select
        '{{ measure.claim_id }}' as claim_id,
        {{ measure.measure_no }} as measure_no,
        '{{ on_tables(measure.query, plain_names) | replace("'", "''") }}' as query,
        *
    from ({{ on_tables(measure.query, models) }})
    {% if not loop.last %}union all{% endif %}
{% endfor %}
),

described as (
    select *
    from measured
    inner join {{ ref("claim_measures") }} using (claim_id, measure_no)
),

-- Batches that a claim requires and that are not loaded.
missing as (
    select claims.claim_id, count(*)::integer as batches_missing
    from claims
    cross join lateral unnest(range(claims.first_batch, claims.last_batch + 1)) as required (batch_no)
    anti join loaded using (batch_no)
    group by claims.claim_id
),

compared as (
    select
        described.*,
        claims.* exclude (claim_id),
        missing.batches_missing,
        described.measured_value - claims.stated_value as difference,
        case
            when missing.batches_missing > 0 and claims.first_batch = claims.last_batch
                then 'batch_not_loaded'
            when missing.batches_missing > 0 then 'batches_not_loaded'
            when described.measured_value is null and described.out_of is null
                then 'not_in_register'
            when claims.measure like 'growth%' and described.out_of < {{ var("smallest_base") }}
                then 'too_few_for_growth'
            when described.measured_value is null then 'nothing_loaded'
            when described.settles_nothing is not null then 'settles_nothing'
            when
                abs(difference) > claims.tolerance
                and abs(difference) <= claims.tolerance + claims.reading_error
                then 'within_reading_error'
        end as reason_code
    from described
    inner join claims using (claim_id)
    left join missing using (claim_id)
)

select
    claim_id,
    measure_no as reading_no,
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
                -- tolerates the rounding error of binary fractions
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
