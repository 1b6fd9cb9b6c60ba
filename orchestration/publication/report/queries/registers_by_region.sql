-- The twelve provinces with the largest share of any register, by their largest share.
with largest as (
    select
        province_code,
        row_number() over (order by max(share) desc, province_code) as place
    from registrations_by_region
    where province_code is not null
    group by province_code
    having sum(registrations) > 0
)

select
    place,
    province_code,
    regexp_replace(
        province_name, '(壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$', ''
    ) as province_zh,
    province_name_en as province_en,
    register,
    registrations,
    registrants,
    share
from registrations_by_region
inner join largest using (province_code)
where place <= 12
order by place, register
