with filings as (select * from {{ ref("int_current_filings") }}),

regions as (select * from {{ ref("int_filing_regions") }}),

classes as (select * from {{ ref("int_filing_classes") }} where register = 'deep_synthesis'),

sectors as (select * from {{ ref("sectors") }}),

cancelled as (select * from {{ ref("int_cancelled_filings") }} where register = 'deep_synthesis')

select
    filings.filing_number,
    filings.batch_no,
    filings.list_month,
    filings.announced_on,
    filings.row_no,
    filings.list_position,
    filings.list_status,
    filings.other_batch_nos,
    filings.algorithm_name,
    filings.role,
    filings.entity_id,
    filings.entity_name,
    filings.products,
    filings.product_count,
    filings.purpose,
    filings.purpose_origin,
    classes.sector,
    sectors.sector_name_zh,
    sectors.sector_name_en,
    classes.sector_source,
    classes.sector_confidence,
    classes.sector_runner_up,
    classes.sector_by_rules,
    classes.confidence_by_rules,
    classes.sector_margin,
    classes.sector_evidence,
    classes.review_status,
    classes.inputs,
    classes.outputs,
    classes.modality_source,
    classes.inputs_by_rules,
    classes.outputs_by_rules,
    string_split(classes.inputs, '+') as input_list,
    string_split(classes.outputs, '+') as output_list,
    classes.is_multimodal,
    classes.is_cross_modal,
    classes.is_generative,
    classes.modality_evidence,
    filings.region_code,
    regions.province_code,
    regions.province_name,
    regions.province_name_en,
    regions.city_code,
    regions.city_name,
    regions.city_name_en,
    regions.district_name,
    regions.region_status,
    filings.issued_year,
    filings.serial_no,
    filings.listed_on,
    {{ days_from_year_to_listing("filings.issued_year", "filings") }},
    cancelled.filing_number is not null as is_cancelled,
    cancelled.cancelled_month,
    cancelled.cancellation_source,
    cancelled.cancellation_notice_id,
    filings.note,
    filings.version_count,
    filings.amended_at,
    filings.source_url,
    filings.document_sha256,
    filings.list_version
from filings
-- Left joins, so that a missing row never drops a filing: data tests report the nulls.
left join regions using (filing_number)
left join classes using (filing_number)
left join sectors using (sector)
left join cancelled using (filing_number)
order by filings.batch_no, filings.row_no
