with claims as (select * from {{ ref("claims") }}),

articles as (select * from {{ ref("articles") }}),

measures as (select * from {{ ref("article_claim_readings") }}),

loaded as (
    select
        count(*)::integer as batches_loaded,
        max(batch_no)::integer as last_batch_loaded,
        max(announced_on) as last_announced_on
    from {{ ref("batches") }}
),

-- Shows how much the verdict depends on the choice of measure.
others as (
    select
        claim_id,
        count(*)::integer as readings,
        (count(*) filter (verdict = 'supported'))::integer as readings_supporting,
        (count(*) filter (verdict = 'contradicted'))::integer as readings_contradicting,
        (count(*) filter (verdict = 'inconclusive'))::integer as readings_inconclusive,
        -- conclusive measures only
        min(measured_value) filter (verdict in ('supported', 'contradicted'))
            as lowest_measured_value,
        max(measured_value) filter (verdict in ('supported', 'contradicted'))
            as highest_measured_value
    from measures
    group by claim_id
)

select
    claims.claim_no,
    claims.claim_id,
    articles.title as article_title,
    articles.url as article_url,
    claims.section,
    claims.section_zh,
    claims.subject,
    claims.subject_zh,
    claims.statement,
    claims.statement_zh,
    claims.scope,
    claims.scope_zh,
    claims.forecast_year,
    -- by the registers' state, not by the clock
    case
        when year(loaded.last_announced_on) > claims.forecast_year then 'year_over'
        when claims.forecast_year is not null then 'year_not_over'
    end as forecast_status,
    claims.stated_value,
    claims.unit,
    claims.comparison,
    claims.tolerance,
    claims.reading_error,
    measures.measured_value,
    measures.value_low,
    measures.value_high,
    measures.counted,
    measures.out_of,
    measures.verdict,
    measures.reason_code,
    measures.reason,
    measures.reason_zh,
    measures.definition,
    measures.definition_zh,
    measures.query,
    measures.filing_numbers,
    others.readings,
    others.readings_supporting,
    others.readings_contradicting,
    others.readings_inconclusive,
    others.lowest_measured_value,
    others.highest_measured_value,
    claims.would_need,
    claims.would_need_zh,
    loaded.batches_loaded,
    loaded.last_batch_loaded,
    articles.published_on as article_published_on,
    loaded.last_announced_on
from claims
inner join measures on claims.claim_id = measures.claim_id and measures.reading_no = 1
inner join others on claims.claim_id = others.claim_id
left join articles on claims.article_id = articles.article_id
cross join loaded
order by claims.claim_no
