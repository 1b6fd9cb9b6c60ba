with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

batches as (select batch_no from {{ ref("batches") }}),

cities as (
    select
        city_code,
        any_value(city_name) as city_name,
        any_value(city_name_en) as city_name_en,
        -- Filings without a city can be of several provinces.
        {%- for column in ["province_code", "province_name", "province_name_en"] %}
        case when city_code is not null then any_value({{ column }}) end as {{ column }},
        {%- endfor %}
        min(batch_no) as first_batch_no
    from filings
    group by city_code
),

counts as (
    select batch_no, city_code, count(*) as filings
    from filings
    group by batch_no, city_code
),

grid as (
    select
        batches.batch_no,
        cities.*,
        coalesce(counts.filings, 0) as listed
    from batches
    inner join cities on batches.batch_no >= cities.first_batch_no
    left join counts
        on
            batches.batch_no = counts.batch_no
            and cities.city_code is not distinct from counts.city_code
)

select
    batch_no,
    city_code,
    city_name,
    city_name_en,
    province_code,
    province_name,
    province_name_en,
    {{ shares("listed", key="city_code") }}
from grid
order by batch_no, filings desc, city_code
