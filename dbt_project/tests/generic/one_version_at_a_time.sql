{# Returns each version of a filing that begins before the previous one has ended. #}
{% test one_version_at_a_time(model) %}
    with followed as (
        select
            register,
            filing_number,
            version_no,
            valid_from,
            lag(version_no) over by_version as previous_version_no,
            lag(valid_to) over by_version as previous_valid_to
        from {{ model }}
        window by_version as (partition by register, filing_number order by version_no)
    )
    select *
    from followed
    where previous_version_no is not null
        and (previous_valid_to is null or valid_from < previous_valid_to)
{% endtest %}
