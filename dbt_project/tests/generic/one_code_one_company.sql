{# Fails with each name of an entity that nothing connects with its others and is not reviewed:
   one code may then stand for two companies. #}
{% test one_code_one_company(model, reviewed) %}
    select entity_id, entity_name, similarity, sources
    from {{ model }} anti join {{ reviewed }} using (entity_id, entity_name)
    where relation = 'unexplained'
{% endtest %}
