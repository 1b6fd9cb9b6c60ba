{# Returns each current notice whose number of records, including quarantined ones, differs from its
   title or its review. #}
{% test notice_counts_agree(model, reviewed) %}
    select notice_id, title, records_listed, titled_count, reviewed.records as reviewed_records
    from {{ model }} as notices left join {{ reviewed }} as reviewed using (notice_id)
    where is_current
        and (records_listed != titled_count or records_listed != reviewed.records)
{% endtest %}
