{# Returns each batch that falls short of a row-by-row review by more than `tolerance`, a fraction. #}
{% test not_short_of_review(model, reviewed, tolerance) %}
    select batch_no, rows_listed as observed_filings, reviewed.filings as reviewed_filings
    from {{ model }} as observed join {{ reviewed }} as reviewed using (batch_no)
    where basis = 'row_by_row' and rows_listed < reviewed.filings * (1 - {{ tolerance }})
{% endtest %}
