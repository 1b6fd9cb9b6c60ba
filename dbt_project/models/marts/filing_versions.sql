with versions as (select * from {{ ref("int_filing_versions") }})

select
    filing_number,
    version_no,
    batch_no,
    valid_from,
    valid_to,
    valid_to is null as is_current,
    started_as,
    ended_as,
    list_transform(changed_values, lambda change: change.column_name) as changed_columns,
    changed_values,
    list_version,
    last_list_version,
    list_month,
    announced_on,
    algorithm_name,
    role,
    entity_id,
    entity_name,
    products,
    purpose,
    note
from versions
