select batch_no, list_month, role, roles_by_batch.filings, share, cumulative_share
from roles_by_batch
inner join batches using (batch_no)
order by batch_no, role
