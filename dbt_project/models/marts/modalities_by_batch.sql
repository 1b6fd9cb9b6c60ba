with filings as (
    select
        batch_no,
        string_split(inputs, '+') as inputs,
        string_split(outputs, '+') as outputs,
        list_filter(
            [
                case when is_multimodal then 'multimodal' end,
                case when is_cross_modal then 'cross_modal' end,
                case when is_generative then 'generative' end
            ],
            lambda kind: kind is not null
        ) as techniques
    from {{ ref("filings") }}
    where list_status = 'listed'
),

batches as (select batch_no, filings, cumulative_filings from {{ ref("batches") }}),

modalities as (select * from {{ ref("modalities") }}),

named as (
    select batch_no, 'input' as side, unnest(inputs) as modality from filings
    union all
    select batch_no, 'output' as side, unnest(outputs) as modality from filings
    union all
    select batch_no, 'technique' as side, unnest(techniques) as modality from filings
),

counts as (
    select batch_no, side, modality, count(*) as listed
    from named
    group by batch_no, side, modality
),

grid as (
    select
        batches.batch_no,
        batches.filings as batch_filings,
        batches.cumulative_filings as cumulative_batch_filings,
        modalities.*,
        coalesce(counts.listed, 0) as listed
    from batches
    cross join modalities
    left join counts using (batch_no, side, modality)
),

measured as (
    select
        *,
        sum(listed) over (partition by side, modality order by batch_no) as cumulative_listed
    from grid
)

select
    batch_no,
    side,
    modality,
    modality_name_zh,
    modality_name_en,
    listed::integer as filings,
    -- A filing can have several kinds, so the shares of a batch add up to more than 1.
    listed / nullif(batch_filings, 0) as share,
    cumulative_listed::integer as cumulative_filings,
    cumulative_listed / nullif(cumulative_batch_filings, 0) as cumulative_share
from measured
order by batch_no, side, filings desc, modality
