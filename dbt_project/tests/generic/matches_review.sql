{#
  Compares the rows of each list, including quarantined ones, with the reviewed counts. Returns each
  batch whose count differs, each batch that is not reviewed yet, and each reviewed batch that is
  missing although a later one is loaded. Reviewed batches after the last one loaded are ignored.
#}
{% test matches_review(model, reviewed) %}
    with observed as (select batch_no, rows_listed as observed_filings from {{ model }})
    select
        batch_no, observed_filings, reviewed.filings as reviewed_filings,
        case
            when observed_filings is null then 'reviewed, but missing although a later batch is loaded'
            when reviewed.filings is null then 'not reviewed yet: add it to reviewed_batches'
            else 'count differs from the review'
        end as finding
    from observed full join {{ reviewed }} as reviewed using (batch_no)
    where observed_filings is distinct from reviewed.filings
        and batch_no <= (select max(batch_no) from observed)
{% endtest %}
