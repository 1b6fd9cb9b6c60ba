{# Every name by which a registrant with a code is known: of rows in use, of older versions of rows,
   from renamings in notes, and from cancellation notices. #}
with versions as (select * from {{ ref("int_filing_versions") }} where entity_id is not null),

records as (
    select * from {{ ref("int_cancellation_records") }} where is_in_doubt is not true
),

clauses as (select entity_id, unnest(note_events) as clause from versions where len(note_events) > 0),

evidence as (
    select entity_id, entity_key as name_key, entity_name, valid_to is null as is_in_use
    from versions
    union all
    select entity_id, clause.old_key, clause.old_value, false
    from clauses
    where clause.kind = 'entity_renamed' and clause.old_key is not null
    union all
    select entity_id, clause.new_key, clause.new_value, false
    from clauses
    where clause.kind = 'entity_renamed' and clause.new_key is not null
    union all
    select entity_id, entity_key, entity_name, false from records
)

select
    name_key,
    entity_id,
    max(entity_name) as entity_name,
    bool_or(is_in_use) as is_in_use
from evidence
group by name_key, entity_id
