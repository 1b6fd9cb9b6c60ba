select
    claim_no, claim_id, section_zh, section, subject_zh, subject, statement_zh, statement, scope, stated_value,
    unit, comparison, tolerance, measured_value, counted, out_of, verdict, reason_zh, reason,
    definition_zh, definition, would_need_zh, would_need, readings, readings_supporting,
    readings_contradicting, lowest_measured_value, highest_measured_value, query
from article_claims
order by claim_no
