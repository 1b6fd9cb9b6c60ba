with current_rows as (
    select * from {{ ref("int_current_rows") }} where register = 'generative_services'
),

services as (select * from {{ ref("stg_generative_services__services") }}),

provinces as (select * from {{ ref("divisions") }} where level = 'province'),

classes as (select * from {{ ref("int_filing_classes") }} where register = 'generative_services'),

sectors as (select * from {{ ref("sectors") }}),

matches as (select * from {{ ref("int_service_entities") }})

select
    services.service_number,
    services.service_type,
    current_rows.list_month,
    services.row_no,
    services.list_position,
    current_rows.list_status,
    services.region_name,
    services.province_code,
    provinces.province_name,
    provinces.province_name_en,
    services.service_name,
    services.entity_name,
    matches.entity_id,
    matches.entity_match,
    matches.candidate_entity_ids,
    services.passed_on,
    services.is_late_entry,
    services.accepted_on,
    {{ days_to_listing("services.passed_on", "services.passed_on", "current_rows") }},
    services.devices,
    classes.sector,
    sectors.sector_name_zh,
    sectors.sector_name_en,
    classes.sector_runner_up,
    classes.sector_margin,
    classes.sector_evidence,
    services.is_swapped,
    services.printed_service_name,
    services.printed_entity_name,
    current_rows.version_count,
    current_rows.amended_at,
    current_rows.source_url,
    current_rows.document_sha256,
    services.list_version
from current_rows
inner join services
    on
        current_rows.filing_number = services.service_number
        and current_rows.document_key = services.document_key
        and current_rows.list_version = services.list_version
left join provinces on services.province_code = provinces.code
left join classes on current_rows.filing_number = classes.filing_number
left join sectors using (sector)
left join matches on current_rows.filing_number = matches.service_number
