with filings as (select * from {{ ref("filings") }}),

names as (select * from {{ ref("entity_names") }}),

moves as (
    select entity_id, count(*) as moves from {{ ref("entity_moves") }} group by entity_id
),

sectors as (select * from {{ ref("sectors") }}),

entity_groups as (select * from {{ ref("reviewed_entity_groups") }}),

named as (
    select
        entity_id,
        arg_min(entity_name, name_no) as entity_name,
        list(entity_name order by name_no) filter (name_no > 1) as former_names,
        bool_or(is_for_review) as is_for_review
    from names
    group by entity_id
),

counts as (
    select
        entity_id,
        count(*) filter (list_status = 'listed') as filings,
        count(*) filter (list_status = 'listed' and is_cancelled) as cancelled,
        coalesce(sum(product_count) filter (list_status = 'listed'), 0) as products,
        min(batch_no) as first_batch_no,
        max(batch_no) as last_batch_no,
        -- the latest number, whose region is that of the entity
        arg_max(filing_number, (issued_year, serial_no, announced_on, filing_number)) as filing_number
    from filings
    group by entity_id
),

main_sectors as (
    select entity_id, arg_max(sector, (listed, filings, -sector_order)) as sector
    from (
        select
            entity_id,
            sector,
            count(*) filter (list_status = 'listed') as listed,
            count(*) as filings
        from filings
        group by entity_id, sector
    )
    inner join sectors using (sector)
    group by entity_id
)

select
    counts.entity_id,
    named.entity_name,
    coalesce(named.former_names, []) as former_names,
    entity_groups.group_code,
    entity_groups.group_name,
    entity_groups.group_name_en,
    counts.filings::integer as filings,
    counts.cancelled::integer as cancelled,
    counts.products::integer as products,
    counts.first_batch_no,
    counts.last_batch_no,
    main_sectors.sector as main_sector,
    sectors.sector_name_zh as main_sector_name_zh,
    sectors.sector_name_en as main_sector_name_en,
    latest.region_code,
    latest.province_code,
    latest.province_name,
    latest.province_name_en,
    latest.city_code,
    latest.city_name,
    latest.city_name_en,
    latest.district_name,
    coalesce(moves.moves, 0)::integer as moves,
    named.is_for_review
from counts
inner join named using (entity_id)
inner join main_sectors using (entity_id)
inner join sectors on main_sectors.sector = sectors.sector
inner join filings as latest using (filing_number)
left join moves using (entity_id)
left join entity_groups using (entity_id)
