{# Returns each printed position that the lists skip or repeat, by type of service. Positions of a type
   run on from list to list. Rows in quarantine count, and those that a list has withdrawn do not skip
   their positions. Lists that print none are ignored. #}
{% test positions_run_on(model, quarantine, list_versions) %}
    with printed as (
        select service_type, list_position, list_month, list_status from {{ model }}
        where list_position is not null
        union all
        select distinct
            kept."table", try_cast(kept.position as integer), lists.list_month, 'quarantined'
        from {{ quarantine }} as kept
        inner join {{ list_versions }} as lists using (document_key, list_version)
        where lists.is_current and try_cast(kept.position as integer) is not null
    ),
    counted as (
        select
            service_type, list_position,
            list_sort(list(list_month) filter (list_status = 'listed')) as list_months
        from printed
        group by service_type, list_position
    ),
    spans as (
        select service_type, unnest(range(min(list_position), max(list_position))) as list_position
        from counted
        group by service_type
    )
    select service_type, list_position, 'repeated' as finding, list_months
    from counted
    where len(list_months) > 1
    union all
    select service_type, list_position, 'skipped' as finding, [] as list_months
    from spans
    anti join counted using (service_type, list_position)
{% endtest %}
