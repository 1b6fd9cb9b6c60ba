with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

sizes as (
    select sector, count(*) as filings, sum(count(*)) over () - count(*) as others
    from filings
    group by sector
),

-- Filings with the same sector and runner-up differ only in their chance of an error.
read_as as (
    select
        batch_no,
        sector,
        sector_runner_up,
        sum(1 - sector_confidence) as errors,
        sum((1 - sector_confidence) ** 2) as squared_errors
    from filings
    group by batch_no, sector, sector_runner_up
),

chances as (
    select
        read_as.*,
        sectors.code as right_sector,
        coalesce(other.filings / nullif(own.others, 0), 0) as rest,
        {{ chance_if_wrong("read_as.sector_runner_up = sectors.code", "rest") }} as chance
    from read_as
    cross join {{ ref("sector_definitions") }} as sectors
    inner join sizes as own on read_as.sector = own.sector
    left join sizes as other on sectors.code = other.sector
)

select
    batch_no,
    right_sector as sector,
    coalesce(sum(errors) filter (sector = right_sector), 0) as wrong,
    coalesce(sum(errors - squared_errors) filter (sector = right_sector), 0) as wrong_variance,
    coalesce(sum(errors * chance) filter (sector != right_sector), 0) as missed,
    coalesce(
        sum(errors * chance - squared_errors * chance ** 2) filter (sector != right_sector), 0
    ) as missed_variance
from chances
group by batch_no, right_sector
