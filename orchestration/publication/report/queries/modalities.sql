select
    side, modality, modality_name_zh as modality_zh, modality_name_en as modality_en,
    cumulative_filings as filings, cumulative_share as share
from modalities_by_batch
where side <> 'technique' and batch_no = (select max(batch_no) from batches)
order by side, filings desc, modality
