with lists as (select * from {{ ref("stg_deep_synthesis__list_versions") }} where status = 'accepted')

select
    batch_no,
    list_version,
    -- Archiving order. Names begin with a time, but the clock may have been wrong.
    row_number() over (partition by batch_no order by version_no)::integer as list_no,
    is_current,
    list_month,
    announced_on,
    retrieved_at
from lists
