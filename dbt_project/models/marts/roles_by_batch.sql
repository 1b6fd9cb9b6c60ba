with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

batches as (select batch_no from {{ ref("batches") }}),

roles as (select unnest(['provider', 'technical_supporter']) as role),

counts as (
    select batch_no, role, count(*) as filings
    from filings
    group by batch_no, role
),

grid as (
    select
        batches.batch_no,
        roles.role,
        coalesce(counts.filings, 0) as listed
    from batches
    cross join roles
    left join counts using (batch_no, role)
)

select
    batch_no,
    role,
    {{ shares("listed", key="role") }}
from grid
order by batch_no, role
