with lists as (select * from {{ ref("int_accepted_lists") }}),

accepted as (
    select filings.batch_no, lists.list_no, filings.filing_number, algorithm_name, entity_name
    from {{ ref("stg_deep_synthesis__filings") }} as filings
    inner join lists using (batch_no, list_version)
),

quarantined as (
    select
        batch_no,
        lists.list_no,
        row_no,
        any_value(digits) as filing_number,
        any_value(algorithm_name) as algorithm_name,
        any_value(entity_name) as entity_name,
        bool_or(check_name in ('number_grammar', 'check_digit')) as is_misprinted
    from {{ ref("stg_deep_synthesis__quarantine") }}
    inner join lists using (batch_no, list_version)
    group by batch_no, lists.list_no, row_no
),

-- If the number itself is misprinted, algorithm and entity identify the filing.
recognised as (
    select
        quarantined.batch_no,
        quarantined.list_no,
        any_value(accepted.filing_number) as filing_number,
        any_value(quarantined.entity_name) as entity_name
    from quarantined
    inner join accepted
        on
            quarantined.batch_no = accepted.batch_no
            and {{ squeezed("quarantined.algorithm_name") }} = {{ squeezed("accepted.algorithm_name") }}
            and {{ squeezed("quarantined.entity_name") }} = {{ squeezed("accepted.entity_name") }}
    where quarantined.is_misprinted
    group by quarantined.batch_no, quarantined.list_no, quarantined.row_no
    having count(distinct accepted.filing_number) = 1
),

unioned as (
    select batch_no, list_no, filing_number, entity_name, true as is_accepted from accepted
    union all
    select batch_no, list_no, filing_number, entity_name, false from quarantined
    where not is_misprinted
    union all
    select batch_no, list_no, filing_number, entity_name, false from recognised
)

select
    batch_no,
    list_no,
    filing_number,
    bool_or(is_accepted) as is_accepted,
    coalesce(max(entity_name) filter (is_accepted), max(entity_name)) as entity_name
from unioned
group by batch_no, list_no, filing_number
