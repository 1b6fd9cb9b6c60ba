with current_rows as (
    select * from {{ ref("int_current_rows") }} where register = 'recommendation'
),

filings as (select * from {{ ref("stg_recommendation__filings") }}),

regions as (select * from {{ ref("int_regions") }}),

classes as (select * from {{ ref("int_filing_classes") }} where register = 'recommendation'),

sectors as (select * from {{ ref("sectors") }}),

cancelled as (select * from {{ ref("int_cancelled_filings") }} where register = 'recommendation'),

deep_synthesis as (select filing_number from {{ ref("filings") }})

select
    filings.filing_number,
    current_rows.list_month,
    filings.row_no,
    filings.list_position,
    current_rows.list_status,
    filings.algorithm_name,
    filings.category,
    filings.kind_code,
    filings.entity_id,
    filings.entity_name,
    filings.products,
    len(filings.product_list)::integer as product_count,
    filings.purpose,
    current_rows.purpose_origin,
    classes.sector,
    sectors.sector_name_zh,
    sectors.sector_name_en,
    classes.sector_runner_up,
    classes.sector_margin,
    classes.sector_evidence,
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
    {{ days_from_year_to_listing("filings.issued_year", "current_rows") }},
    cancelled.filing_number is not null as is_cancelled,
    cancelled.cancelled_month,
    cancelled.cancellation_source,
    cancelled.cancellation_notice_id,
    deep_synthesis.filing_number is not null as is_in_deep_synthesis,
    filings.note,
    current_rows.version_count,
    current_rows.amended_at,
    current_rows.source_url,
    current_rows.document_sha256,
    filings.list_version
from current_rows
inner join filings using (filing_number, document_key, list_version)
-- Left joins, so that a missing row never drops a filing: data tests report the nulls.
left join regions on left(filings.filing_number, 6) = regions.region_code
left join classes using (filing_number)
left join sectors using (sector)
left join cancelled using (filing_number)
left join deep_synthesis using (filing_number)
