{# Returns each row of an accepted list that is not in exactly one version of its filing. A number in
   several lists has versions only in the list that it belongs to. #}
{% test versions_follow_lists(model, filings, list_versions) %}
    with listed as (
        select
            filings.filing_number, filings.batch_no, filings.list_version, lists.version_no as list_no,
            lists.retrieved_at
        from {{ filings }} as filings
        inner join {{ list_versions }} as lists using (batch_no, list_version)
        where lists.status = 'accepted'
    ),
    doubled as (
        select filing_number from listed group by filing_number having count(distinct batch_no) > 1
    ),
    spans as (
        select versions.*, first.version_no as first_list_no, last.version_no as last_list_no
        from {{ model }} as versions
        inner join {{ list_versions }} as first using (batch_no, list_version)
        inner join {{ list_versions }} as last
            on versions.batch_no = last.batch_no and versions.last_list_version = last.list_version
    ),
    followed as (
        select
            listed.filing_number, listed.batch_no, listed.list_version,
            count(spans.version_no) as version_count
        from listed
        left join spans
            on
                listed.filing_number = spans.filing_number
                and listed.batch_no = spans.batch_no
                and listed.list_no between spans.first_list_no and spans.last_list_no
                and listed.retrieved_at >= spans.valid_from
                and (spans.valid_to is null or listed.retrieved_at < spans.valid_to)
        group by all
    )
    select *
    from followed
    where version_count > 1
        or (version_count = 0 and filing_number not in (select filing_number from doubled))
{% endtest %}
