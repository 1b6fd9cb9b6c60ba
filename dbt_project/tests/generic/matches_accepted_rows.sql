{# Returns each current list whose filings, plus its rows counted in another batch, are not as many
   as the rows that validation accepted. #}
{% test matches_accepted_rows(model, list_versions) %}
    with modelled as (
        select batch_no, list_version, count(*) as filings
        from {{ model }}
        where list_status = 'listed'
        group by all
    ),
    doubled as (select unnest(other_batch_nos) as batch_no from {{ model }}),
    elsewhere as (select batch_no, count(*) as rows_elsewhere from doubled group by batch_no),
    validated as (
        select batch_no, list_version, rows_accepted from {{ list_versions }} where is_current
    )
    select
        batch_no, list_version, coalesce(filings, 0) as filings,
        coalesce(rows_elsewhere, 0) as rows_elsewhere, rows_accepted
    from validated
    full join modelled using (batch_no, list_version)
    left join elsewhere using (batch_no)
    where coalesce(filings, 0) + coalesce(rows_elsewhere, 0) is distinct from rows_accepted
{% endtest %}
