{# Returns each name of an entity that has no known connection with its other names and is not
   reviewed: the code may stand for two companies. #}
{% test one_code_one_company(model, reviewed) %}
    select entity_id, entity_name, similarity, sources
    from {{ model }} anti join {{ reviewed }} using (entity_id, entity_name)
    where relation = 'unexplained'
{% endtest %}
