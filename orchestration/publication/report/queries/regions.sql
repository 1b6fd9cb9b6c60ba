select
    province_code, province_name,
    regexp_replace(
        province_name, '(壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$', ''
    ) as province_zh,
    province_name_en as province_en,
    cumulative_filings as filings,
    cumulative_share as share,
    rank() over (order by cumulative_filings desc) as rank,
    row_number() over (order by cumulative_filings desc, province_code) as place
from regions_by_batch
where batch_no = (select max(batch_no) from batches) and province_code <> '000000'
order by filings desc, province_code
