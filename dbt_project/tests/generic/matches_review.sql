{#
  Compares the rows of each list, quarantined ones included, with the reviewed counts, both ways.
  Fails with a batch whose count differs, one that is not reviewed yet, and a reviewed batch
  that is missing although a later one is there. Batches still to be announced are no finding.
#}
{% test matches_review(model, reviewed) %}
    with observed as (select batch_no, rows_listed as observed_filings from {{ model }})
    select
        batch_no, observed_filings, reviewed.filings as reviewed_filings,
        case
            when observed_filings is null then 'reviewed, but missing while a later batch is there'
            when reviewed.filings is null then 'not reviewed yet: add it to reviewed_batches'
            else 'count differs from the review'
        end as finding
    from observed full join {{ reviewed }} as reviewed using (batch_no)
    where observed_filings is distinct from reviewed.filings
        and batch_no <= (select max(batch_no) from observed)
{% endtest %}
