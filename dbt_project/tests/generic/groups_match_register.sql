{# Returns each entity whose name is none of those that the register has for its code, and each whose
   code the register does not have although all reviewed batches are loaded. #}
{% test groups_match_register(model, batches, reviewed) %}
    select
        entity_id, entity_name,
        if(is_registered, 'the code has other names', 'the code has no registration') as finding
    from {{ model }}
    where
        is_registered and not is_same_name
        or not is_registered
        and not exists (select * from {{ reviewed }} anti join {{ batches }} using (batch_no))
{% endtest %}
