select
    city_code,
    regexp_replace(city_name, '市$', '') as city_zh,
    -- Some cities share an English name: 苏州 and 宿州 are both Suzhou.
    city_name_en || case
        when count(*) over (partition by city_name_en) > 1 then ' (' || province_name_en || ')'
        else ''
    end as city_en,
    cumulative_filings as filings,
    cumulative_share as share
from cities_by_batch
where
    batch_no = (select max(batch_no) from batches)
    and city_name not in ('未识别', '未标明')
order by filings desc, city_code
limit 15
