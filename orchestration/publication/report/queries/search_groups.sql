select registrant_id, group_name, group_name_en
from registrants
where group_name is not null
order by registrant_id
