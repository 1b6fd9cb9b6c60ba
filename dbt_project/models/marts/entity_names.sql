with versions as (select * from {{ ref("int_filing_versions") }}),

records as (select * from {{ ref("stg_validated__cancellations") }}),

clauses as (
    select entity_id, batch_no, unnest(note_events) as clause from versions
),

renamings as (
    select distinct entity_id, batch_no, clause.* exclude (kind)
    from clauses
    where clause.kind = 'entity_renamed'
),

-- One row's name in successive versions of its list.
replacements as (
    select
        entity_id,
        lag(entity_key) over (partition by batch_no, filing_number order by version_no) as old_key,
        entity_key as new_key
    from versions
),

-- Which name made way for which.
replaced as (
    select entity_id, old_key, new_key, month from renamings where old_key != new_key
    union
    select entity_id, old_key, new_key, null as month from replacements where old_key != new_key
),

evidence as (
    select
        entity_id, entity_key as name_key, entity_name, 'list' as source, batch_no, null as month
    from versions
    union all
    select entity_id, old_key, old_value, 'note', batch_no, null from renamings
    union all
    select entity_id, new_key, new_value, 'note', batch_no, null from renamings
    union all
    select entity_id, entity_key, entity_name, 'notice', null, cancelled_month
    from records
    where entity_id in (select entity_id from versions)
),

names as (
    select
        entity_id,
        name_key,
        -- lists spell names more carefully than notes do
        arg_max(entity_name, (source = 'list', coalesce(batch_no, 0), entity_name)) as entity_name,
        list_sort(list_distinct(list(source))) as sources,
        min(batch_no) as first_batch_no,
        max(batch_no) as last_batch_no,
        max(month) as last_month
    from evidence
    group by entity_id, name_key
),

endings as (
    select entity_id, old_key as name_key, max(month) as renamed_in_month
    from replaced
    group by entity_id, old_key
),

adoptions as (select distinct entity_id, new_key as name_key from replaced),

ranked as (
    select
        names.*,
        endings.renamed_in_month,
        row_number() over (
            partition by names.entity_id
            order by
                endings.name_key is not null,
                names.last_batch_no desc nulls last,
                adoptions.name_key is not null desc,
                names.last_month desc nulls last,
                names.entity_name
        ) as name_no,
        list(names.entity_id) over (partition by names.name_key) as holders
    from names
    left join endings using (entity_id, name_key)
    left join adoptions using (entity_id, name_key)
),

latest as (select * from ranked where name_no = 1),

-- Names connected with the latest one by renamings, in either direction.
connected as (
    with recursive reached as (
        select entity_id, name_key from latest
        union
        select
            replaced.entity_id,
            case when replaced.old_key = reached.name_key
                then replaced.new_key else replaced.old_key end
        from reached
        inner join replaced
            on
                reached.entity_id = replaced.entity_id
                and reached.name_key in (replaced.old_key, replaced.new_key)
    )
    select * from reached
),

compared as (
    select
        ranked.*,
        connected.name_key is not null as is_connected,
        {{ name_similarity("ranked.name_key", "latest.name_key") }} as similarity,
        list_sort(list_filter(
            list_distinct(ranked.holders), lambda holder: holder != ranked.entity_id
        )) as other_entity_ids
    from ranked
    inner join latest on ranked.entity_id = latest.entity_id
    left join connected
        on ranked.entity_id = connected.entity_id and ranked.name_key = connected.name_key
),

related as (
    select
        *,
        case
            when name_no = 1 then 'latest'
            when is_connected then 'renamed'
            when similarity >= {{ var("similar_names") }} then 'similar'
            else 'unexplained'
        end as relation
    from compared
)

select
    entity_id,
    name_no::integer as name_no,
    entity_name,
    relation,
    renamed_in_month,
    similarity,
    sources,
    first_batch_no,
    last_batch_no,
    other_entity_ids,
    relation = 'unexplained'
        or (relation = 'renamed' and similarity < {{ var("similar_names") }})
        or len(other_entity_ids) > 0 as is_for_review
from related
