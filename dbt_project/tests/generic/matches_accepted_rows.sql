{# Fails with each current list whose filings are not exactly the rows that validation accepted. #}
{% test matches_accepted_rows(model, list_versions) %}
    with modelled as (
        select batch_no, list_version, count(*) as filings
        from {{ model }}
        where list_status = 'listed'
        group by all
    ),
    validated as (
        select batch_no, list_version, rows_accepted from {{ list_versions }} where is_current
    )
    select batch_no, list_version, coalesce(filings, 0) as filings, rows_accepted
    from validated full join modelled using (batch_no, list_version)
    where coalesce(filings, 0) is distinct from rows_accepted
{% endtest %}
