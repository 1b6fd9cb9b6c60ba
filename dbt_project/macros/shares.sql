{#
  The four measures of a mart "by batch": `filings` of a row, its share of the batch, and both over
  this batch and all earlier ones. `key` identifies the group of a row across batches. A group must
  have a row in every batch after its first one, otherwise its cumulative counts would end early.
#}
{% macro shares(filings, key) %}
    {{ filings }}::integer as filings,
    {{ filings }} / nullif(sum({{ filings }}) over (partition by batch_no), 0) as share,
    (sum({{ filings }}) over (partition by {{ key }} order by batch_no))::integer
        as cumulative_filings,
    sum({{ filings }}) over (partition by {{ key }} order by batch_no)
        -- rows of one batch are peers, so this is the total up to the end of the batch
        / nullif(sum({{ filings }}) over (order by batch_no), 0) as cumulative_share
{% endmacro %}
