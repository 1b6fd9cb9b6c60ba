with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

batches as (select batch_no from {{ ref("batches") }}),

provinces as (
    select distinct province_code, province_name, province_name_en from filings
),

counts as (
    select batch_no, province_code, count(*) as filings
    from filings
    group by batch_no, province_code
),

grid as (
    select
        batches.batch_no,
        provinces.*,
        coalesce(counts.filings, 0) as listed
    from batches
    cross join provinces
    left join counts
        on
            batches.batch_no = counts.batch_no
            and provinces.province_code is not distinct from counts.province_code
)

select
    batch_no,
    province_code,
    province_name,
    province_name_en,
    {{ shares("listed", key="province_code") }}
from grid
order by batch_no, filings desc, province_code
