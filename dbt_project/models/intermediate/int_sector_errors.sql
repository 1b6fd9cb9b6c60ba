with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

shares as (
    select sector, count(*) / sum(count(*)) over () as share
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
        -- without other sectors, nothing is known of the rest
        coalesce(others.share / nullif(1 - own.share, 0), 0) as rest,
        {{ chance_if_wrong("read_as.sector_runner_up = sectors.code", "rest") }} as chance
    from read_as
    cross join {{ ref("sector_definitions") }} as sectors
    inner join shares as own on read_as.sector = own.sector
    left join shares as others on sectors.code = others.sector
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
