-- The range is that of all measures of a claim, the one shown included.
with ranges as (
    select
        claim_id,
        min(measured_value) as lowest_value,
        max(measured_value) as highest_value
    from article_claim_readings
    group by claim_id
)

select
    claim_no, claim_id, section_zh, section, subject_zh, subject, statement_zh, statement, scope,
    article_title, article_published_on, article_url, forecast_year, stated_value, unit,
    comparison, tolerance, measured_value, value_low, value_high, counted, out_of, verdict,
    reason_zh, reason, definition_zh, definition, would_need_zh, would_need, readings,
    readings_supporting, readings_contradicting, lowest_value, highest_value, query
from article_claims
inner join ranges using (claim_id)
order by claim_no
