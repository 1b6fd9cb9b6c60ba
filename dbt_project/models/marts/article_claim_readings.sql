{#- Queries run on the upstream models. The column `query` has the table names of a release. -#}
{%- set models = {
  "filings": ref("filings"),
  "generative_services": ref("generative_services"),
  "official_totals": ref("official_totals"),
  "pass_rates": ref("pass_rates"),
  "recommendation_filings": ref("recommendation_filings"),
  "registrations": ref("registrations"),
} -%}
{%- set plain_names = {} -%}
{%- for name in models %}{% do plain_names.update({name: name}) %}{% endfor -%}
with claims as (select * from {{ ref("claims") }}),

loaded as (select batch_no from {{ ref("batches") }}),

known_lists as (
    select register, list_month from {{ ref("reviewed_lists") }}
    union all
    select 'deep_synthesis' as register, list_month from {{ ref("reviewed_batches") }}
),

loaded_lists as (
    select distinct register, listed_month as list_month
    from {{ ref("registrations_by_month") }}
),

measured as (
{% for measure in claim_measures() %}
    select
        '{{ measure.claim_id }}' as claim_id,
        {{ measure.measure_no }} as measure_no,
        '{{ on_tables(measure.query, plain_names) | replace("'", "''") }}' as query,
        *
    from ({{ on_tables(measure.query, models) }})
    {% if not loop.last %}union all by name{% endif %}
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

-- The registers that a measure counts. Most count deep synthesis only.
counted_registers as (
    select
        claim_id,
        measure_no,
        first_month,
        last_month,
        unnest(string_split(coalesce(registers, 'deep_synthesis'), '+')) as register,
        registers is not null as requires_lists
    from {{ ref("claim_measures") }}
),

-- Known lists that a measure requires and that are not loaded.
missing_lists as (
    select counted.claim_id, counted.measure_no, count(*)::integer as lists_missing
    from counted_registers as counted
    inner join known_lists
        on
            counted.requires_lists
            and counted.register = known_lists.register
            and known_lists.list_month >= coalesce(counted.first_month, known_lists.list_month)
            and known_lists.list_month <= coalesce(counted.last_month, known_lists.list_month)
    anti join loaded_lists
        on
            known_lists.register = loaded_lists.register
            and known_lists.list_month = loaded_lists.list_month
    group by counted.claim_id, counted.measure_no
),

-- The month up to which all registers of a measure are loaded. A period is over by the lists, not by
-- the clock.
last_lists as (
    select claim_id, measure_no, min(list_month) as last_list_month
    from (
        select counted.claim_id, counted.measure_no, max(loaded_lists.list_month) as list_month
        from counted_registers as counted
        inner join loaded_lists using (register)
        group by counted.claim_id, counted.measure_no, counted.register
    )
    group by claim_id, measure_no
),

compared as (
    select
        described.*,
        claims.* exclude (claim_id),
        missing.batches_missing,
        missing_lists.lists_missing,
        last_lists.last_list_month,
        described.measured_value - claims.stated_value as difference,
        coalesce(
            case claims.comparison
                when 'at_least' then difference >= 0
                when 'exists' then described.measured_value >= 1
                -- tolerates the rounding error of binary fractions
                else abs(difference) <= claims.tolerance + 1e-9
            end,
            false
        ) as agrees,
        -- A growth without an upper limit has no value_high.
        claims.stated_value between described.value_low - coalesce(claims.tolerance, 0)
        and coalesce(described.value_high, 'infinity') + coalesce(claims.tolerance, 0) as may_agree,
        case
            -- Applications are in no register, so it does not matter which batches are loaded.
            when
                claims.measure = 'pass rate'
                and described.settles_nothing is null
                and described.measured_value is null
                then 'not_in_register'
            when missing.batches_missing > 0 and claims.first_batch = claims.last_batch
                then 'batch_not_loaded'
            when missing.batches_missing > 0 then 'batches_not_loaded'
            when missing_lists.lists_missing > 0 then 'lists_not_loaded'
            when described.measured_value is null and described.out_of is null
                then 'not_in_register'
            when claims.measure like 'growth%' and described.out_of < {{ var("smallest_base") }}
                then 'too_few_for_growth'
            when described.measured_value is null then 'nothing_loaded'
            when described.settles_nothing is not null then 'settles_nothing'
            when claims.period_end >= last_lists.last_list_month then 'period_not_over'
            -- Another quantity can differ from the stated value even if the claim is true. Only a count
            -- of at least what is claimed contradicts it by being too low.
            when
                described.supports_nothing is not null
                and (agrees or claims.comparison = 'about')
                then 'supports_nothing'
            when not agrees and described.value_low is not null
                then case when may_agree then 'within_reading_error' end
            when not agrees and abs(difference) <= claims.tolerance + claims.reading_error
                then 'within_reading_error'
        end as reason_code
    from described
    inner join claims using (claim_id)
    left join missing using (claim_id)
    left join missing_lists using (claim_id, measure_no)
    left join last_lists using (claim_id, measure_no)
)

select
    claim_id,
    measure_no as reading_no,
    definition,
    definition_zh,
    measured_value,
    value_low,
    value_high,
    counted,
    out_of,
    case
        when reason_code = 'not_in_register' then 'not_measurable'
        when reason_code is not null then 'inconclusive'
        when agrees then 'supported'
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
