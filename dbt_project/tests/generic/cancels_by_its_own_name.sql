{# Fails with each record that names a filing's number under another name and another entity. #}
{% test cancels_by_its_own_name(model) %}
    select filing_number, algorithm_name, entity_name, notice_id, document_sha256
    from {{ model }}
    where match_status = 'in_doubt'
{% endtest %}
