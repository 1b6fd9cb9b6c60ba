{# Returns each printed position that the current lists skip or repeat, by type of service. Positions of
   a type run on from list to list. Lists that print none are ignored. #}
{% test positions_run_on(model) %}
    with listed as (
        select service_type, list_position, list(list_month order by list_month) as list_months
        from {{ model }}
        where list_position is not null and list_status = 'listed'
        group by service_type, list_position
    ),
    spans as (
        select service_type, unnest(range(min(list_position), max(list_position))) as list_position
        from listed
        group by service_type
    )
    select service_type, list_position, 'repeated' as finding, list_months
    from listed
    where len(list_months) > 1
    union all
    select service_type, list_position, 'skipped' as finding, [] as list_months
    from spans
    anti join listed using (service_type, list_position)
{% endtest %}
