select
    case
        when filings <= 2 then filings::varchar
        when filings <= 5 then '3–5'
        when filings <= 10 then '6–10'
        else '11+'
    end as filings_each,
    min(filings) as smallest,
    count(*) as entities,
    sum(filings)::integer as filings,
    count(*) / sum(count(*)) over () as share_of_entities,
    sum(filings) / sum(sum(filings)) over () as share_of_filings
from entities
where filings > 0
group by filings_each
order by smallest
