-- Location quotient: a sector's share in the province divided by its share in the country.
with largest as (
    select distinct province_code, place_filings
    from regions_by_sector
    where province_code is not null
    order by place_filings desc, province_code
    limit 12
)

select
    regexp_replace(
        province_name, '(壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$', ''
    ) as province_zh,
    province_name_en as province_en,
    sector, sector_name_zh as sector_zh, sector_name_en as sector_en,
    filings, place_filings, sector_filings, location_quotient
from regions_by_sector
semi join largest using (province_code)
order by place_filings desc, province_code, sector_filings desc, sector
