{# Quarantined rows of all registers, one row per row of a list version. `is_misprinted` marks rows
   whose number itself is wrong. #}
with checks as (
    select
        'deep_synthesis' as register,
        format('{:03d}', batch_no) as document_key,
        list_version,
        row_no,
        check_name,
        digits as filing_number,
        algorithm_name as name,
        entity_name
    from {{ ref("stg_deep_synthesis__quarantine") }}
    union all
    select
        'recommendation' as register,
        document_key,
        list_version,
        row_no,
        check_name,
        digits as filing_number,
        algorithm_name as name,
        entity_name
    from {{ ref("stg_recommendation__quarantine") }}
    union all
    select
        'generative_services' as register,
        document_key,
        list_version,
        row_no,
        check_name,
        number as filing_number,
        service_name as name,
        entity_name
    from {{ ref("stg_generative_services__quarantine") }}
)

select
    register,
    document_key,
    list_version,
    row_no,
    any_value(filing_number) as filing_number,
    any_value(name) as name,
    any_value(entity_name) as entity_name,
    bool_or(check_name in ('number_grammar', 'check_digit')) as is_misprinted
from checks
group by register, document_key, list_version, row_no
