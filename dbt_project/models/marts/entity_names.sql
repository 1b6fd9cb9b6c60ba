with versions as (
    select
        versions.*,
        -- Unknown for the first archived version of a list: the name may be older.
        case when lists.list_no > 1 then versions.valid_from else timestamp '1970-01-01' end
            as known_since
    from {{ ref("int_filing_versions") }} as versions
    inner join {{ ref("int_accepted_lists") }} as lists
        using (register, document_key, batch_no, list_version)
    where register = 'deep_synthesis'
),

records as (
    select * from {{ ref("int_cancellation_records") }} where is_in_doubt is not true
),

reviewed as (select entity_id, entity_name from {{ ref("reviewed_entity_names") }}),

clauses as (
    select
        entity_id,
        entity_name,
        entity_key,
        batch_no,
        known_since,
        unnest(note_events) as clause
    from versions
    where len(note_events) > 0
),

renamings as (
    select
        entity_id,
        clause.old_key,
        -- A note can truncate a name that the row has in full.
        case when starts_with(entity_key, clause.new_key) then entity_key else clause.new_key end
            as new_key,
        clause.old_value,
        case when starts_with(entity_key, clause.new_key) then entity_name else clause.new_value end
            as new_value,
        clause.month,
        batch_no,
        min(known_since) as known_since
    from clauses
    where clause.kind = 'entity_renamed'
    group by all
),

-- Names of the same row in successive versions of its list.
replacements as (
    select
        entity_id,
        lag(entity_key) over (partition by batch_no, filing_number order by version_no) as old_key,
        entity_key as new_key,
        known_since
    from versions
    where is_only is not true
),

-- Which name was replaced by which.
replaced as (
    select entity_id, old_key, new_key, month, known_since from renamings
    where old_key != new_key
    union all
    select entity_id, old_key, new_key, null, known_since from replacements
    where old_key != new_key
),

evidence as (
    select
        entity_id,
        entity_key as name_key,
        entity_name,
        'list' as source,
        batch_no,
        null as month,
        valid_to is null as is_in_use
    from versions
    union all
    select entity_id, old_key, old_value, 'note', batch_no, null, false from renamings
    where old_key is not null
    union all
    select entity_id, new_key, new_value, 'note', batch_no, null, false from renamings
    where new_key is not null
    union all
    select entity_id, entity_key, entity_name, 'notice', null, cancelled_month, false
    from records
    where entity_id in (select entity_id from versions)
),

names as (
    select
        entity_id,
        name_key,
        -- spelling in lists is more reliable than in notes
        arg_max(entity_name, (source = 'list', coalesce(batch_no, 0), entity_name)) as entity_name,
        list_sort(list_distinct(list(source))) as sources,
        min(batch_no) as first_batch_no,
        max(batch_no) as last_batch_no,
        max(month) as last_month,
        bool_or(is_in_use) as is_in_use
    from evidence
    group by entity_id, name_key
),

endings as (
    select
        entity_id,
        old_key as name_key,
        max(known_since) as ended_since,
        arg_max_null(month, (known_since, coalesce(month, ''))) as ended_in_month,
        max(month) as renamed_in_month
    from replaced
    group by entity_id, old_key
),

adoptions as (
    select
        entity_id,
        new_key as name_key,
        max(known_since) as adopted_since,
        arg_max_null(month, (known_since, coalesce(month, ''))) as adopted_in_month
    from replaced
    group by entity_id, new_key
),

-- A name that was given up can be adopted again; the latest change decides.
followed as (
    select
        names.*,
        endings.renamed_in_month,
        adoptions.name_key is not null as is_adopted,
        endings.name_key is not null
        and case
            when adoptions.name_key is null then true
            when ended_in_month != adopted_in_month then ended_in_month > adopted_in_month
            else ended_since >= adopted_since
        end as is_given_up
    from names
    left join endings using (entity_id, name_key)
    left join adoptions using (entity_id, name_key)
),

-- Most entities have one name, which needs no comparison.
renamed as (select entity_id from followed group by entity_id having count(*) > 1),

ranked as (
    select
        *,
        row_number() over (
            partition by entity_id
            order by
                is_given_up,
                is_in_use desc,
                last_batch_no desc nulls last,
                is_adopted desc,
                last_month desc nulls last,
                entity_name
        ) as name_no
    from followed
    semi join renamed using (entity_id)
),

latest as (select * from ranked where name_no = 1),

-- Names of several entities.
shared as (
    select name_key, list(entity_id) as holders
    from followed
    group by name_key
    having count(*) > 1
),

-- Names connected with the latest name by renamings, in either direction.
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
        {{ name_similarity(name_core("ranked.name_key"), name_core("latest.name_key")) }}
            as core_similarity
    from ranked
    inner join latest on ranked.entity_id = latest.entity_id
    left join connected
        on ranked.entity_id = connected.entity_id and ranked.name_key = connected.name_key
),

related as (
    select
        * exclude (is_connected, core_similarity),
        case
            when name_no = 1 then 'latest'
            when is_connected then 'renamed'
            when core_similarity >= {{ var("similar_names") }} then 'similar'
            else 'unexplained'
        end as relation
    from compared
    union all by name
    select *, 1 as name_no, 1 as similarity, 'latest' as relation
    from followed
    anti join renamed using (entity_id)
),

held as (
    select
        related.*,
        list_sort(list_filter(
            list_distinct(coalesce(shared.holders, [])),
            lambda holder: holder != related.entity_id
        )) as other_entity_ids
    from related
    left join shared using (name_key)
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
    reviewed.entity_id is null
    and (
        relation = 'unexplained'
        or (relation = 'renamed' and similarity < {{ var("similar_names") }})
        or len(other_entity_ids) > 0
    ) as is_for_review
from held
left join reviewed using (entity_id, entity_name)
