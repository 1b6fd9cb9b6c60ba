with filings as (select * from {{ ref("int_current_filings") }}),

terms as (select * from {{ ref("sector_terms") }}),

sectors as (select * from {{ ref("sectors") }}),

texts as (
    select
        filing_number,
        algorithm_name,
        entity_name,
        purpose,
        -- "小程序" and the other kinds in brackets say nothing of a sector
        regexp_replace(products, '[（(](APP|网站|小程序|公众账号|其他)[)）]', ' ', 'g') as products
    from filings
),

searched as (
    select *, concat_ws(' | ', algorithm_name, entity_name, products, purpose) as whole from texts
),

scores as (
    select filing_number, sector, sum(weight) as score
    from searched
    inner join terms on contains(
        case field
            when 'entity' then entity_name
            when 'product' then products
            when 'algorithm' then algorithm_name
            when 'purpose' then purpose
            else whole
        end,
        term
    )
    group by filing_number, sector
),

ranked as (
    select
        filing_number,
        sector,
        score,
        row_number() over (partition by filing_number order by score desc, tie_order) as place
    from scores
    inner join sectors on scores.sector = sectors.code
)

select
    filings.filing_number,
    coalesce(ranked.sector, 'general') as sector,
    coalesce(ranked.score, 0)::integer as score
from filings
left join ranked on filings.filing_number = ranked.filing_number and ranked.place = 1
