select
    batch_no, list_month, sector,
    sector_name_zh as sector_zh, sector_name_en as sector_en,
    sectors_by_batch.filings, share, share_low, share_high, sectors_by_batch.cumulative_filings
from sectors_by_batch
inner join batches using (batch_no)
order by batch_no, sector
