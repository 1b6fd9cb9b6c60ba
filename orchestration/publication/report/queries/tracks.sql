-- Companies by the calendar months from their first filing to their first service.
select months_apart, came_first, count(*) as companies
from dual_track
group by months_apart, came_first
order by months_apart, came_first
