select
    batch_no, list_month, modality as technique,
    modality_name_zh as technique_zh, modality_name_en as technique_en,
    modalities_by_batch.filings, share,
    modalities_by_batch.cumulative_filings, cumulative_share
from modalities_by_batch
inner join batches using (batch_no)
where side = 'technique'
order by batch_no, technique
