select
    sector, sector_name_zh as sector_zh, sector_name_en as sector_en,
    cumulative_filings as filings, cumulative_share as share
from sectors_by_batch
where batch_no = (select max(batch_no) from batches)
order by filings desc, sector
