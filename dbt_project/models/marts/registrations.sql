with filings as (select * from {{ ref("filings") }}),

recommendation as (select * from {{ ref("recommendation_filings") }}),

services as (select * from {{ ref("generative_services") }}),

-- Names are compared as in validation: in NFKC form and without white space.
service_keys as (
    select filing_number, entity_key
    from {{ ref("int_current_rows") }}
    where register = 'generative_services'
),

unioned as not materialized (
    {%- for register, model, date, listed_on, sector_source in [
        ("deep_synthesis", "filings", "announced_on", "listed_on", "sector_source"),
        ("recommendation", "recommendation", "null::date", "null::date", "'rules'"),
    ] %}
    select
        '{{ register }}' as register,
        filing_number as number,
        algorithm_name as name,
        entity_id as registrant_id,
        entity_id,
        entity_name,
        province_code,
        province_name,
        province_name_en,
        list_month as listed_month,
        {{ date }} as passed_on,
        {{ listed_on }} as listed_on,
        days_to_listing_min,
        days_to_listing_max,
        sector,
        sector_name_zh,
        sector_name_en,
        {{ sector_source }} as sector_source,
        list_status,
        is_cancelled,
        source_url
    from {{ model }}
    union all by name
    {%- endfor %}
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
        days_to_listing_min,
        days_to_listing_max,
        sector,
        sector_name_zh,
        sector_name_en,
        'rules' as sector_source,
        list_status,
        service_type,
        false as is_cancelled,
        source_url
    from services
    inner join service_keys on services.service_number = service_keys.filing_number
),

-- A number that two registers list is one registration: that of the first register, by name, whose
-- list still shows it.
shared as (select number from unioned group by number having count(*) > 1),

ranked as (
    select
        *,
        list(register) filter (list_status = 'listed') over (partition by number) as listed_in,
        row_number() over (partition by number order by list_status != 'listed', register) as rank
    from unioned
    semi join shared using (number)
),

counted as (
    select * from ranked where rank = 1
    union all by name
    select * from unioned anti join shared using (number)
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
    province_name,
    province_name_en,
    sector,
    sector_name_zh,
    sector_name_en,
    sector_source,
    listed_month,
    passed_on,
    listed_on,
    days_to_listing_min,
    days_to_listing_max,
    case when list_status = 'listed' and is_cancelled then 'cancelled' else list_status end
        as status,
    list_sort(list_filter(coalesce(listed_in, []), lambda other: other != register))
        as other_registers,
    source_url
from counted
