with filings as (
    select
        *,
        -- Decimals, because sums of doubles depend on the order of the rows.
        (1 - sector_confidence)::decimal(10, 9) as error
    from {{ ref("filings") }}
    where list_status = 'listed'
),

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
        sum(error) as errors,
        sum(error * error) as squared_errors
    from filings
    group by batch_no, sector, sector_runner_up
),

chances as (
    select
        read_as.batch_no,
        read_as.sector,
        sectors.code as right_sector,
        coalesce(other.filings / nullif(own.others, 0), 0) as rest,
        case
            when read_as.sector = right_sector then 1
            else {{ chance_if_wrong("read_as.sector_runner_up = right_sector", "rest") }}
        end as chance,
        (read_as.errors * chance)::decimal(28, 9) as expected,
        (read_as.errors * chance - read_as.squared_errors * chance ** 2)::decimal(28, 9) as variance
    from read_as
    cross join {{ ref("sector_definitions") }} as sectors
    inner join sizes as own on read_as.sector = own.sector
    left join sizes as other on sectors.code = other.sector
)

select
    batch_no,
    right_sector as sector,
    coalesce(sum(expected) filter (sector = right_sector), 0)::double as wrong,
    coalesce(sum(variance) filter (sector = right_sector), 0)::double as wrong_variance,
    coalesce(sum(expected) filter (sector != right_sector), 0)::double as missed,
    coalesce(sum(variance) filter (sector != right_sector), 0)::double as missed_variance
from chances
group by batch_no, right_sector
