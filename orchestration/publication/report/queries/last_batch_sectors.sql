with last_batch as (select max(batch_no) as batch_no from batches),

counted as (
    select
        sector, sector_name_zh as sector_zh, sector_name_en as sector_en,
        sectors_by_batch.filings, share, share_low, share_high,
        cumulative_filings - sectors_by_batch.filings as earlier_filings,
        sum(cumulative_filings - sectors_by_batch.filings) over () as all_earlier_filings
    from sectors_by_batch
    semi join last_batch using (batch_no)
)

select *, earlier_filings / nullif(all_earlier_filings, 0) as earlier_share
from counted
order by filings desc, sector
