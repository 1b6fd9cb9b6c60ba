{# Fails with each row of an accepted list that does not fall into exactly one version of its
   filing. #}
{% test versions_follow_lists(model, filings, list_versions) %}
    select
        listed.filing_number, listed.batch_no, listed.list_version,
        count(versions.version_no) as version_count
    from {{ filings }} as listed
    semi join (select * from {{ list_versions }} where status = 'accepted') as accepted
        using (batch_no, list_version)
    left join {{ model }} as versions
        on
            listed.filing_number = versions.filing_number
            and listed.batch_no = versions.batch_no
            and listed.list_version between versions.list_version and versions.last_list_version
    group by all
    having count(versions.version_no) != 1
{% endtest %}
