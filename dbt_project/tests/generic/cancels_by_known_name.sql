{# Returns each record whose number belongs to a filing with another name and of another entity. #}
{% test cancels_by_known_name(model) %}
    select filing_number, algorithm_name, entity_name, notice_id, document_sha256
    from {{ model }}
    where match_status = 'in_doubt'
{% endtest %}
