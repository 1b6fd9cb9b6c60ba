with filings as (select * from {{ ref("filings") }}),

recommendation as (select * from {{ ref("recommendation_filings") }}),

services as (select * from {{ ref("generative_services") }}),

-- Names are compared as in validation: in NFKC form and without white space.
service_keys as (
    select filing_number, entity_key
    from {{ ref("int_current_rows") }}
    where register = 'generative_services'
),

unioned as (
    select
        'deep_synthesis' as register,
        filings.filing_number as number,
        filings.algorithm_name as name,
        filings.entity_id as registrant_id,
        filings.entity_id,
        filings.entity_name,
        nullif(filings.province_code, '000000') as province_code,
        filings.province_name,
        filings.province_name_en,
        filings.list_month as listed_month,
        filings.announced_on as passed_on,
        filings.sector,
        filings.list_status,
        filings.is_cancelled,
        if(recommendation.filing_number is null, [], ['recommendation']) as other_registers,
        filings.source_url
    from filings
    left join recommendation using (filing_number)
    union all by name
    -- A number that deep synthesis lists too is one registration.
    select
        'recommendation' as register,
        filing_number as number,
        algorithm_name as name,
        entity_id as registrant_id,
        entity_id,
        entity_name,
        nullif(province_code, '000000') as province_code,
        province_name,
        province_name_en,
        list_month as listed_month,
        sector,
        list_status,
        is_cancelled,
        source_url
    from recommendation
    where not is_in_deep_synthesis
    union all by name
    select
        'generative_services' as register,
        service_number as number,
        service_name as name,
        coalesce(entity_id, 'name:' || service_keys.entity_key) as registrant_id,
        entity_id,
        entity_name,
        province_code,
        province_name,
        province_name_en,
        list_month as listed_month,
        passed_on,
        sector,
        list_status,
        service_type,
        false as is_cancelled,
        source_url
    from services
    inner join service_keys on services.service_number = service_keys.filing_number
)

select
    register,
    number,
    service_type,
    name,
    registrant_id,
    entity_id,
    entity_name,
    province_code,
    case when province_code is not null then province_name end as province_name,
    case when province_code is not null then province_name_en end as province_name_en,
    sector,
    listed_month,
    passed_on,
    case when list_status = 'listed' and is_cancelled then 'cancelled' else list_status end
        as status,
    coalesce(other_registers, []) as other_registers,
    source_url
from unioned
