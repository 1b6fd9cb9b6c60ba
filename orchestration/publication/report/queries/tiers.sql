-- The tier of a province is its rank by total listed filings: 1 to 3, 4 to 7, 8 and below.
with ranked as (
    select
        province_code,
        row_number() over (order by cumulative_filings desc, province_code) as rank
    from regions_by_batch
    where batch_no = (select max(batch_no) from batches) and province_code <> '000000'
)

select
    batch_no,
    list_month,
    case when rank <= 3 then 1 when rank <= 7 then 2 else 3 end as tier,
    sum(regions_by_batch.filings)::integer as filings,
    sum(share) as share,
    sum(regions_by_batch.cumulative_filings)::integer as cumulative_filings,
    sum(cumulative_share) as cumulative_share
from regions_by_batch
inner join ranked using (province_code)
inner join batches using (batch_no)
group by all
order by batch_no, tier
