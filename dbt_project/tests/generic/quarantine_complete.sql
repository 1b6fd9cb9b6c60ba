{# Returns each current list whose quarantined rows are not as many as validation counted. #}
{% test quarantine_complete(model, list_versions) %}
    with kept as (
        select register, document_key, list_version, count(distinct row_no) as rows_kept
        from {{ model }} group by all
    )
    select
        register, document_key, list_version, rows_quarantined, coalesce(rows_kept, 0) as rows_kept
    from {{ list_versions }} left join kept using (register, document_key, list_version)
    where is_current and rows_quarantined is distinct from coalesce(rows_kept, 0)
{% endtest %}
