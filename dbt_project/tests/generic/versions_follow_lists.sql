{# Fails with each row of an accepted list that does not fall into exactly one version of its
   filing. A number that several lists show has versions in the list that it belongs to alone. #}
{% test versions_follow_lists(model, filings, list_versions) %}
    with listed as (
        select filings.filing_number, filings.batch_no, filings.list_version, lists.retrieved_at
        from {{ filings }} as filings
        inner join {{ list_versions }} as lists using (batch_no, list_version)
        where lists.status = 'accepted'
    ),
    doubled as (
        select filing_number from listed group by filing_number having count(distinct batch_no) > 1
    ),
    followed as (
        select
            listed.filing_number, listed.batch_no, listed.list_version,
            count(versions.version_no) as version_count
        from listed
        left join {{ model }} as versions
            on
                listed.filing_number = versions.filing_number
                and listed.batch_no = versions.batch_no
                and listed.list_version between versions.list_version and versions.last_list_version
                and listed.retrieved_at >= versions.valid_from
                and (versions.valid_to is null or listed.retrieved_at < versions.valid_to)
        group by all
    )
    select *
    from followed
    where version_count > 1
        or (version_count = 0 and filing_number not in (select filing_number from doubled))
{% endtest %}
