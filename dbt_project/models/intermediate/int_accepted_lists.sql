with lists as (select * from {{ ref("stg_validated__list_versions") }} where status = 'accepted')

select
    batch_no,
    list_version,
    -- a version's name begins with the time of retrieval
    row_number() over (partition by batch_no order by list_version)::integer as list_no,
    is_current,
    list_month,
    announced_on,
    retrieved_at
from lists
