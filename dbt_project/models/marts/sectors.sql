select
    code as sector,
    name_zh as sector_name_zh,
    name_en as sector_name_en,
    covers as definition,
    covers_zh as definition_zh,
    gb_t_4754,
    tie_order as sector_order
from {{ ref("sector_definitions") }}
order by tie_order
