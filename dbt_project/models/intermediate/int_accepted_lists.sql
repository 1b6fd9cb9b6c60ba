with lists as (select * from {{ ref("int_list_versions") }} where status = 'accepted')

select
    register,
    document_key,
    batch_no,
    list_version,
    -- Archiving order. Names begin with a time, but the clock may have been wrong.
    row_number() over (partition by register, document_key order by version_no)::integer as list_no,
    (count(*) over (partition by register, document_key))::integer as version_count,
    is_current,
    list_month,
    announced_on,
    fetched_from,
    retrieved_at
from lists
