with versions as (select * from {{ ref("int_filing_versions") }})

select
    register,
    filing_number,
    version_no,
    document_key,
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
    {%- for column in printed_columns() %}
    {{- "\n    entity_id," if column == "entity_name" }}
    {{ "passed_on::date as passed_on" if column == "passed_on" else column }}
    {{- ",\n    purpose_origin" if column == "purpose" }}
    {{- "," if not loop.last }}
    {%- endfor %}
from versions
