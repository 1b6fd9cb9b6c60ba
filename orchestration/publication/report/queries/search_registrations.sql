select
    r.register, r.number, r.name, r.registrant_id, r.entity_name,
    coalesce(f.role, c.category, r.service_type) as kind,
    r.province_name, r.province_name_en, coalesce(f.city_name, c.city_name) as city_name,
    coalesce(f.city_name_en, c.city_name_en) as city_name_en,
    coalesce(f.district_name, c.district_name) as district_name,
    r.sector, coalesce(f.products, c.products) as products, f.batch_no, r.listed_month,
    case when s.service_number is not null then r.passed_on end as passed_on,
    r.status, coalesce(f.cancelled_month, c.cancelled_month) as cancelled_month,
    s.devices, coalesce(f.purpose, c.purpose) as purpose,
    coalesce(f.purpose_origin, c.purpose_origin) as purpose_origin, coalesce(f.note, c.note) as note,
    b.page_url, r.source_url
from registrations as r
left join filings as f on r.register = 'deep_synthesis' and f.filing_number = r.number
left join batches as b on b.batch_no = f.batch_no
left join recommendation_filings as c
    on r.register = 'recommendation' and c.filing_number = r.number
left join generative_services as s
    on r.register = 'generative_services' and s.service_number = r.number
order by
    r.listed_month desc, r.register, coalesce(f.list_position, c.list_position, s.list_position),
    r.number
