with regions as (
    select distinct filing_number[1:6] as region_code
    from {{ ref("int_current_rows") }}
    where entity_id is not null
),

-- Unknown is not a place: what the seed calls 未识别 (unknown) or 未标明 (no city stated) is null here,
-- so that no count, rank or join takes it for a province or a city.
divisions as (
    select
        code,
        level,
        {%- for column in ["province_code", "province_name", "province_name_en"] %}
        case when province_name != '未识别' then {{ column }} end as {{ column }},
        {%- endfor %}
        {%- for column in ["city_code", "city_name", "city_name_en"] %}
        case when city_name not in ('未识别', '未标明') then {{ column }} end as {{ column }},
        {%- endfor %}
        district_name,
        status
    from {{ ref("divisions") }}
),

provinces as (select * from divisions where level = 'province')

-- A code that is not in the seed falls back to the province of its first two digits, if any.
select
    regions.region_code,
    coalesce(divisions.province_code, provinces.province_code) as province_code,
    coalesce(divisions.province_name, provinces.province_name) as province_name,
    coalesce(divisions.province_name_en, provinces.province_name_en) as province_name_en,
    coalesce(divisions.city_code, provinces.city_code) as city_code,
    coalesce(divisions.city_name, provinces.city_name) as city_name,
    coalesce(divisions.city_name_en, provinces.city_name_en) as city_name_en,
    divisions.district_name,
    coalesce(divisions.status, 'unresolved') as region_status
from regions
left join divisions on regions.region_code = divisions.code
left join provinces on left(regions.region_code, 2) || '0000' = provinces.code
