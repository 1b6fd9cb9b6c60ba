with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

batches as (select batch_no, announced_on from {{ ref("batches") }}),

sectors as (
    select code as sector, name_zh as sector_name_zh, name_en as sector_name_en
    from {{ ref("sector_definitions") }}
),

counts as (
    select batch_no, sector, count(*) as filings
    from filings
    group by batch_no, sector
),

errors as (select * from {{ ref("int_sector_errors") }}),

-- The batch announced nearest to one year earlier, within 92 days of that date.
years_before as (
    select
        later.batch_no,
        arg_min(
            earlier.batch_no,
            -- in a tie the earlier batch
            [
                abs(date_diff('day', earlier.announced_on, later.announced_on - interval 1 year)),
                earlier.batch_no
            ]
        ) as year_before_batch_no
    from batches as later
    inner join batches as earlier
        on abs(date_diff('day', earlier.announced_on, later.announced_on - interval 1 year)) <= 92
    group by later.batch_no
),

grid as (
    select
        batches.batch_no,
        sectors.*,
        coalesce(counts.filings, 0) as listed
    from batches
    cross join sectors
    left join counts using (batch_no, sector)
),

measured as (
    select
        batch_no,
        sector,
        sector_name_zh,
        sector_name_en,
        {{ shares("listed", key="sector") }},
        {{ share_range("listed", "sum(listed) over (partition by batch_no)", "errors") }}
    from grid
    left join errors using (batch_no, sector)
)

select
    measured.*,
    years_before.year_before_batch_no,
    before.filings as year_before_filings,
    {{ growth("measured.filings", "before.filings") }} as growth
from measured
left join years_before using (batch_no)
left join measured as before
    on years_before.year_before_batch_no = before.batch_no and measured.sector = before.sector
order by measured.batch_no, measured.filings desc, measured.sector
