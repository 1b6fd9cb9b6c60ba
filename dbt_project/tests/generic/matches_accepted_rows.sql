{# Returns each current list whose rows, plus its rows counted in another list, are not as many as the
   rows that validation accepted. #}
{% test matches_accepted_rows(model, list_versions) %}
    with modelled as (
        select register, document_key, list_version, count(*) as counted
        from {{ model }}
        where list_status = 'listed'
        group by all
    ),
    doubled as (
        select register, unnest(other_document_keys) as document_key from {{ model }}
    ),
    elsewhere as (
        select register, document_key, count(*) as rows_elsewhere from doubled group by all
    ),
    validated as (
        select register, document_key, list_version, rows_accepted
        from {{ list_versions }} where is_current
    )
    select
        register, document_key, list_version, coalesce(counted, 0) as counted,
        coalesce(rows_elsewhere, 0) as rows_elsewhere, rows_accepted
    from validated
    full join modelled using (register, document_key, list_version)
    left join elsewhere using (register, document_key)
    where coalesce(counted, 0) + coalesce(rows_elsewhere, 0) is distinct from rows_accepted
{% endtest %}
