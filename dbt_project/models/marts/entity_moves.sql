with filings as (select * from {{ ref("filings") }}),

-- Entities with several region codes. The others have not moved.
moved as (
    select entity_id from filings group by entity_id having min(region_code) != max(region_code)
),

followed as (
    select
        *,
        {%- for column in ["region_code", "province_name", "city_name", "district_name"] %}
        lag({{ column }}) over issued as from_{{ column }},
        {%- endfor %}
        lag(city_code) over issued as from_city_code,
        lag(province_code) over issued as from_province_code
    from filings
    semi join moved using (entity_id)
    window issued as (
        partition by entity_id order by issued_year, serial_no, announced_on, filing_number
    )
)

select
    entity_id,
    row_number() over (
        partition by entity_id order by issued_year, serial_no, announced_on, filing_number
    )::integer as move_no,
    entity_name,
    filing_number,
    batch_no,
    issued_year,
    from_region_code,
    from_province_name,
    from_city_name,
    from_district_name,
    region_code as to_region_code,
    province_name as to_province_name,
    city_name as to_city_name,
    district_name as to_district_name,
    from_province_code != province_code as is_between_provinces,
    from_city_code != city_code as is_between_cities
from followed
where from_region_code != region_code
