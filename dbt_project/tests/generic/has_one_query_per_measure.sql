{# Returns each measure without a query in the macro `claim_measures`, and each query whose measure is
   not in the table. #}
{% test has_one_query_per_measure(model) %}
    with queries (claim_id, measure_no, query_claim_id) as (
        values
        {%- for measure in claim_measures() %}
            ('{{ measure.claim_id }}', {{ measure.measure_no }}, '{{ measure.claim_id }}')
            {{- "," if not loop.last }}
        {%- endfor %}
    )
    select claim_id, measure_no, definition, query_claim_id
    from {{ model }}
    full join queries using (claim_id, measure_no)
    where definition is null or query_claim_id is null
{% endtest %}
