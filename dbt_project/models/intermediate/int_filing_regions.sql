with filings as (select filing_number, region_code from {{ ref("int_current_filings") }}),

divisions as (select * from {{ ref("divisions") }}),

provinces as (select * from divisions where level = 'province')

-- A code that is not in the seed falls back to the province of its first two digits, if any.
select
    filings.filing_number,
    coalesce(divisions.province_code, provinces.province_code, '000000') as province_code,
    coalesce(divisions.province_name, provinces.province_name, '未识别') as province_name,
    coalesce(divisions.province_name_en, provinces.province_name_en, 'Unresolved')
        as province_name_en,
    coalesce(divisions.city_code, provinces.city_code, '000000') as city_code,
    coalesce(divisions.city_name, provinces.city_name, '未识别') as city_name,
    coalesce(divisions.city_name_en, provinces.city_name_en, 'Unresolved') as city_name_en,
    divisions.district_name,
    coalesce(divisions.status, 'unresolved') as region_status
from filings
left join divisions on filings.region_code = divisions.code
left join provinces on left(filings.region_code, 2) || '0000' = provinces.code
