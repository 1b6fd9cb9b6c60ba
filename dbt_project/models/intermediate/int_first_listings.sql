{# When each filing and service was first listed: the first day on which it is known to be listed, and
   the days between which that must have happened. The lists of registers without batches state their
   month only, and have been published up to a few days after it. -#}
with lists as (
    select
        *,
        retrieved_at::date as retrieved_on,
        coalesce(announced_on, (list_month || '-01')::date) as earliest_on,
        coalesce(announced_on, last_day((list_month || '-01')::date + interval 1 month)) as latest_on
    from {{ ref("int_accepted_lists") }}
),

rows as (
    select register, document_key, list_version, filing_number from {{ ref("int_listed_rows") }}
)

select
    rows.register,
    rows.filing_number,
    min(lists.earliest_on) as listed_from,
    -- A row that the first archived version of its list lacks was added later.
    min(
        case
            when lists.list_no = 1 then lists.latest_on
            else greatest(lists.latest_on, lists.retrieved_on)
        end
    ) as listed_until,
    min(
        case
            when lists.list_no = 1 then lists.announced_on
            else greatest(lists.announced_on, lists.retrieved_on)
        end
    ) filter (lists.announced_on is not null) as listed_on
from rows
inner join lists using (register, document_key, list_version)
group by rows.register, rows.filing_number
