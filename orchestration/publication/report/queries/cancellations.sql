select
    published_on, notice_title,
    case
        when match_status = 'matched' then 'listed'
        when is_deep_synthesis then 'not_listed'
        else 'other_kind'
    end as status,
    count(*) as records
from cancellations
group by all
order by published_on, notice_title, status
