with batches as (select * from {{ ref("batches") }}),

numbers as (
    select
        batch_no,
        (count(*) filter (is_listed))::integer as numbers_listed,
        count(*)::integer as numbers_issued
    from {{ ref("issued_numbers") }}
    group by batch_no
),

rates as (select * from {{ ref("reported_pass_rates") }}),

applications as (select * from {{ ref("application_counts") }}),

reported as (
    select
        batch_no,
        'reported' as basis,
        'applications, implied: filings listed divided by the reported rate' as denominator,
        batches.filings as passed,
        round(batches.filings / rates.pass_rate)::integer as submitted,
        rates.pass_rate,
        false as is_official,
        true as is_implied,
        rates.source_title,
        rates.source_url,
        rates.source_published_on,
        rates.note
    from rates
    inner join batches using (batch_no)
),

submissions as (
    select
        batch_no,
        'submissions' as basis,
        'applications, according to the source' as denominator,
        batches.filings as passed,
        applications.submitted,
        batches.filings / nullif(applications.submitted, 0) as pass_rate,
        false as is_official,
        false as is_implied,
        applications.source_title,
        applications.source_url,
        null::date as source_published_on,
        applications.note
    from applications
    inner join batches using (batch_no)
),

in_force as (
    select
        batch_no,
        'in_force' as basis,
        'filings ever listed in the batch' as denominator,
        filings - cancelled as passed,
        filings + withdrawn as submitted,
        (filings - cancelled) / nullif(filings + withdrawn, 0) as pass_rate,
        true as is_official,
        false as is_implied,
        page_title as source_title,
        page_url as source_url,
        announced_on as source_published_on,
        'Filings in force divided by filings ever listed. The others were cancelled by a notice or '
            || 'by their note, or withdrawn from the list. Does not count refused applications.'
            as note
    from batches
),

issued as (
    select
        batch_no,
        'issued' as basis,
        'filing numbers issued, from the serial numbers of each entity' as denominator,
        numbers.numbers_listed as passed,
        numbers.numbers_issued as submitted,
        numbers.numbers_listed / nullif(numbers.numbers_issued, 0) as pass_rate,
        true as is_official,
        false as is_implied,
        batches.page_title as source_title,
        batches.page_url as source_url,
        batches.announced_on as source_published_on,
        'Numbers ever listed divided by numbers issued. A number never listed counts in the batch of '
            || 'the next higher listed serial number of its entity. Numbers are issued on '
            || 'approval, so refused applications are not counted.' as note
    from numbers
    inner join batches using (batch_no)
),

unioned as (
    select * from reported
    union all by name
    select * from submissions
    union all by name
    select * from in_force
    union all by name
    select * from issued
)

select
    batch_no,
    basis,
    denominator,
    passed,
    submitted,
    pass_rate,
    is_official,
    is_implied,
    source_title,
    source_url,
    note,
    source_published_on
from unioned
where submitted > 0
order by batch_no, basis, source_title
