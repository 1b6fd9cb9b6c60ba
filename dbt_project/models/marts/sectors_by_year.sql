with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

years as (
    select
        year(announced_on)::integer as announced_year,
        count(*)::integer as batches,
        max(announced_on) as last_announced_on
    from {{ ref("batches") }}
    group by announced_year
),

sectors as (
    select code as sector, name_zh as sector_name_zh, name_en as sector_name_en
    from {{ ref("sector_definitions") }}
),

counts as (
    select year(announced_on)::integer as announced_year, sector, count(*) as filings
    from filings
    group by announced_year, sector
),

errors as (
    select
        year(batches.announced_on)::integer as announced_year,
        sector,
        sum(wrong::decimal(28, 9)) as wrong,
        sum(wrong_variance::decimal(28, 9)) as wrong_variance,
        sum(missed::decimal(28, 9)) as missed,
        sum(missed_variance::decimal(28, 9)) as missed_variance
    from {{ ref("int_sector_errors") }}
    inner join {{ ref("batches") }} as batches using (batch_no)
    group by announced_year, sector
),

grid as (
    select
        years.*,
        sectors.*,
        coalesce(counts.filings, 0)::integer as filings,
        sum(counts.filings) over (partition by announced_year) as total
    from years
    cross join sectors
    left join counts using (announced_year, sector)
),

measured as (
    select
        grid.* exclude (total),
        filings / nullif(total, 0) as share,
        {{ share_range("filings", "total", "errors") }}
    from grid
    left join errors using (announced_year, sector)
)

select
    measured.announced_year,
    measured.sector,
    measured.sector_name_zh,
    measured.sector_name_en,
    measured.batches,
    measured.last_announced_on,
    measured.filings,
    measured.share,
    measured.share_low,
    measured.share_high,
    before.batches as year_before_batches,
    before.filings as year_before_filings,
    {{ growth("measured.filings", "before.filings") }} as growth,
    {{ growth("measured.share", "before.share") }} as share_growth
from measured
left join measured as before
    on
        measured.announced_year = before.announced_year + 1
        and measured.sector = before.sector
order by measured.announced_year, measured.filings desc, measured.sector
