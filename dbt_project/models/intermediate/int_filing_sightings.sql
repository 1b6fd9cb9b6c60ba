with lists as (select * from {{ ref("int_accepted_lists") }}),

accepted as (
    select rows.register, rows.document_key, lists.list_no, rows.filing_number, name, entity_name
    from {{ ref("int_listed_rows") }} as rows
    inner join lists using (register, document_key, list_version)
),

quarantined as (
    select rows.*, lists.list_no
    from {{ ref("int_quarantined_rows") }} as rows
    inner join lists using (register, document_key, list_version)
),

-- If the number itself is misprinted, name and entity identify the filing.
recognised as (
    select
        quarantined.register,
        quarantined.document_key,
        quarantined.list_no,
        any_value(accepted.filing_number) as filing_number,
        any_value(quarantined.entity_name) as entity_name
    from quarantined
    inner join accepted
        on
            quarantined.register = accepted.register
            and quarantined.document_key = accepted.document_key
            and {{ squeezed("quarantined.name") }} = {{ squeezed("accepted.name") }}
            and {{ squeezed("quarantined.entity_name") }} = {{ squeezed("accepted.entity_name") }}
    where quarantined.is_misprinted
    group by
        quarantined.register, quarantined.document_key, quarantined.list_no, quarantined.row_no
    having count(distinct accepted.filing_number) = 1
),

unioned as (
    select register, document_key, list_no, filing_number, entity_name, true as is_accepted
    from accepted
    union all
    select register, document_key, list_no, filing_number, entity_name, false from quarantined
    where not is_misprinted
    union all
    select register, document_key, list_no, filing_number, entity_name, false from recognised
)

select
    register,
    document_key,
    list_no,
    filing_number,
    bool_or(is_accepted) as is_accepted,
    coalesce(max(entity_name) filter (is_accepted), max(entity_name)) as entity_name
from unioned
group by register, document_key, list_no, filing_number
