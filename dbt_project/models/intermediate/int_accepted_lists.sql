with lists as (select * from {{ ref("stg_deep_synthesis__list_versions") }} where status = 'accepted')

select
    batch_no,
    list_version,
    -- the order of archiving: names begin with a time, by a clock that may have been wrong
    row_number() over (partition by batch_no order by version_no)::integer as list_no,
    is_current,
    list_month,
    announced_on,
    retrieved_at
from lists
