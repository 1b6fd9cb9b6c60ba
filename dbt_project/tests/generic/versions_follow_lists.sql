{# Returns each row of an accepted list that is not in exactly one version of its filing. A number in
   several lists has versions only in the list that it belongs to. #}
{% test versions_follow_lists(model, filings, list_versions) %}
    with listed as (
        select
            register, filings.filing_number, filings.document_key, filings.list_version, lists.version_no as list_no,
            lists.retrieved_at
        from {{ filings }} as filings
        inner join {{ list_versions }} as lists using (register, document_key, list_version)
        where lists.status = 'accepted'
    ),
    doubled as (
        select register, filing_number
        from listed
        group by register, filing_number
        having count(distinct document_key) > 1
    ),
    spans as (
        select versions.*, first.version_no as first_list_no, last.version_no as last_list_no
        from {{ model }} as versions
        inner join {{ list_versions }} as first using (register, document_key, list_version)
        inner join {{ list_versions }} as last
            on
                versions.register = last.register
                and versions.document_key = last.document_key
                and versions.last_list_version = last.list_version
    ),
    followed as (
        select
            listed.register, listed.filing_number, listed.document_key, listed.list_version,
            count(spans.version_no) as version_count
        from listed
        left join spans
            on
                listed.register = spans.register
                and listed.filing_number = spans.filing_number
                and listed.document_key = spans.document_key
                and listed.list_no between spans.first_list_no and spans.last_list_no
                and listed.retrieved_at >= spans.valid_from
                and (spans.valid_to is null or listed.retrieved_at < spans.valid_to)
        group by all
    )
    select *
    from followed
    where version_count > 1
        or (
            version_count = 0
            and (register, filing_number) not in (select (register, filing_number) from doubled)
        )
{% endtest %}
