select
    announced_year, sector, sector_name_zh as sector_zh, sector_name_en as sector_en,
    filings, share, share_low, share_high
from sectors_by_year
order by announced_year, sector
