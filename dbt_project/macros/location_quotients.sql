{#
  Filings of each place and sector with their shares and the location quotient: the place's share in
  the sector's filings, divided by its share in all filings. Above 1 the sector is overrepresented in
  the place; for a few filings this can be chance. `place` lists the columns of a place, code first.
  Filings without a place are in one row per sector, without a code and without a quotient.
#}
{% macro location_quotients(place) -%}
with filings as (select * from {{ ref("filings") }} where list_status = 'listed'),

places as (
    select
        {{ place[0] }},
        -- Filings without a city can be of several provinces.
        {%- for column in place[1:] %}
        case when {{ place[0] }} is not null then any_value({{ column }}) end as {{ column }},
        {%- endfor %}
        count(*) as place_filings,
        sum(count(*)) over () as all_filings
    from filings
    group by {{ place[0] }}
),

sectors as (
    select
        sectors.code as sector,
        sectors.name_zh as sector_name_zh,
        sectors.name_en as sector_name_en,
        count(filings.sector) as sector_filings
    from {{ ref("sector_definitions") }} as sectors
    left join filings on sectors.code = filings.sector
    group by sectors.code, sectors.name_zh, sectors.name_en
),

counts as (
    select {{ place[0] }}, sector, count(*) as filings
    from filings
    group by {{ place[0] }}, sector
)

select
    {% for column in place %}places.{{ column }}, {% endfor %}
    sectors.sector,
    sectors.sector_name_zh,
    sectors.sector_name_en,
    coalesce(counts.filings, 0)::integer as filings,
    places.place_filings::integer as place_filings,
    sectors.sector_filings::integer as sector_filings,
    coalesce(counts.filings, 0) / places.place_filings as share_of_place,
    coalesce(counts.filings, 0) / nullif(sectors.sector_filings, 0) as share_of_sector,
    case
        when places.{{ place[0] }} is not null
            then
                (coalesce(counts.filings, 0) / nullif(sectors.sector_filings, 0))
                / (places.place_filings / places.all_filings)
    end as location_quotient
from places
cross join sectors
left join counts
    on places.{{ place[0] }} is not distinct from counts.{{ place[0] }} and sectors.sector = counts.sector
order by places.place_filings desc, places.{{ place[0] }}, filings desc, sectors.sector
{%- endmacro %}
