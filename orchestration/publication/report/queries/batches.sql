select
    batch_no, list_month, announced_on, filings, cumulative_filings,
    entities, new_entities, entities - new_entities as returning_entities,
    new_entities / entities as new_share
from batches
order by batch_no
