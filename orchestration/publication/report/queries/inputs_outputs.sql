-- A filing counts once for each pair of one of its inputs and one of its outputs.
with names as (
    select distinct side, modality, modality_name_zh as zh, modality_name_en as en
    from modalities_by_batch
),

pairs as (
    select input, unnest(string_split(outputs, '+')) as output
    from (
        select unnest(string_split(inputs, '+')) as input, outputs
        from filings
        where list_status = 'listed'
    )
)

select
    input, i.zh as input_zh, i.en as input_en,
    output, o.zh as output_zh, o.en as output_en,
    count(*) as filings,
    count(*) / (select count(*) from filings where list_status = 'listed') as share
from pairs
inner join names as i on i.side = 'input' and i.modality = input
inner join names as o on o.side = 'output' and o.modality = output
group by all
order by filings desc, input, output
