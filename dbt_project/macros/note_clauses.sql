{# The clauses of the notes of all row versions, one row per clause. A note is repeated in every
   version of the list. #}
{% macro note_clauses() -%}
    select
        register,
        filing_number,
        document_key,
        batch_no,
        entity_id,
        valid_from,
        list_version,
        unnest(note_events) as clause,
        generate_subscripts(note_events, 1) as clause_no
    from {{ ref("int_filing_versions") }}
    where len(note_events) > 0
{%- endmacro %}
