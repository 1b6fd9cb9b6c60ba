-- Location quotient: a sector's share in the province divided by its share in the country. Quotients
-- of fewer than ten filings are mostly chance; provinces without a sector of ten are left out.
with telling as (
    select distinct province_code
    from regions_by_sector
    where filings >= 10 and province_code is not null
)

select
    regexp_replace(
        province_name, '(壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$', ''
    ) as province_zh,
    province_name_en as province_en,
    sector, sector_name_zh as sector_zh, sector_name_en as sector_en,
    filings, place_filings, sector_filings, location_quotient
from regions_by_sector
semi join telling using (province_code)
order by place_filings desc, province_code, sector_filings desc, sector
