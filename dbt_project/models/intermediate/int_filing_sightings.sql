with lists as (select * from {{ ref("int_accepted_lists") }}),

accepted as not materialized (
    select rows.register, rows.document_key, lists.list_no, rows.filing_number, name, entity_name
    from {{ ref("int_listed_rows") }} as rows
    inner join lists using (register, document_key, list_version)
),

quarantined as (
    select rows.*, lists.list_no
    from {{ ref("int_quarantined_rows") }} as rows
    inner join lists using (register, document_key, list_version)
),

misprinted as (select * from quarantined where is_misprinted),

-- If the number itself is misprinted, name and entity identify the filing.
recognised as (
    select
        misprinted.register,
        misprinted.document_key,
        misprinted.list_no,
        any_value(accepted.filing_number) as filing_number,
        any_value(misprinted.entity_name) as entity_name
    from misprinted
    inner join (
        select * from accepted semi join misprinted using (register, document_key)
    ) as accepted
        on
            misprinted.register = accepted.register
            and misprinted.document_key = accepted.document_key
            and {{ squeezed("misprinted.name") }} = {{ squeezed("accepted.name") }}
            and {{ squeezed("misprinted.entity_name") }} = {{ squeezed("accepted.entity_name") }}
    group by
        misprinted.register, misprinted.document_key, misprinted.list_no, misprinted.row_no
    having count(distinct accepted.filing_number) = 1
),

broken as (
    select register, document_key, list_no, filing_number, entity_name from quarantined
    where not is_misprinted
    union all
    select register, document_key, list_no, filing_number, entity_name from recognised
)

-- A number has at most one accepted row in a version of a list.
select register, document_key, list_no, filing_number, true as is_accepted, entity_name
from accepted
union all
select
    register,
    document_key,
    list_no,
    filing_number,
    false as is_accepted,
    max(entity_name) as entity_name
from broken
anti join accepted using (register, document_key, list_no, filing_number)
group by register, document_key, list_no, filing_number
