{# Accepted rows of all registers, in common columns. Columns that a register lacks are null. #}
with deep_synthesis as (
    select
        'deep_synthesis' as register,
        format('{:03d}', batch_no) as document_key,
        list_version,
        row_no,
        list_position,
        filing_number,
        algorithm_name as name,
        algorithm_name,
        role,
        entity_id,
        entity_name,
        entity_key,
        products,
        purpose,
        note,
        note_events
    from {{ ref("stg_deep_synthesis__filings") }}
),

recommendation as (
    select
        'recommendation' as register,
        document_key,
        list_version,
        row_no,
        list_position,
        filing_number,
        algorithm_name as name,
        algorithm_name,
        category,
        entity_id,
        entity_name,
        entity_key,
        products,
        purpose,
        note,
        note_events
    from {{ ref("stg_recommendation__filings") }}
),

generative_services as (
    select
        'generative_services' as register,
        document_key,
        list_version,
        row_no,
        list_position,
        service_number as filing_number,
        service_name as name,
        service_name,
        service_type,
        region_name,
        entity_name,
        entity_key,
        passed_on::varchar as passed_on,
        devices
    from {{ ref("stg_generative_services__services") }}
)

select * from deep_synthesis
union all by name
select * from recommendation
union all by name
select * from generative_services
