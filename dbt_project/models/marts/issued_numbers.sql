with filings as (select * from {{ ref("filings") }}),

records as (
    select distinct entity_id, serial_no, filing_number
    from {{ ref("int_cancellation_records") }}
    where kind_code = '01' and is_in_doubt is not true
),

-- Numbers of rows that have broken the contract in every version of the list.
unaccepted as (
    select
        filing_number[7:13] as entity_id,
        filing_number[18:20]::integer as serial_no,
        min(document_key::integer) as batch_no,
        filing_number,
        max(entity_name) as entity_name,
        2000 + filing_number[16:17]::integer as issued_year,
        filing_number[1:6] as region_code
    from {{ ref("int_filing_sightings") }}
    where
        register = 'deep_synthesis'
        and is_accepted is not true
        and filing_number[14:15] = '01'
        and filing_number[18:20] != '000'
    group by filing_number
),

numbers as (
    select entity_id, serial_no, batch_no, filing_number, entity_name, issued_year, region_code
    from filings
    union all
    select * from unaccepted
    where filing_number not in (select filing_number from filings)
),

-- Entity and serial number are not unique: some pairs have two numbers, of two years or regions.
listed as (
    select
        *,
        row_number() over (
            partition by entity_id, serial_no order by issued_year, batch_no, filing_number
        ) as issue_no
    from numbers
),

-- Numbers that no list shows, lower than a listed number of the entity.
unlisted as (
    select
        entity_id,
        entity_name,
        batch_no,
        issued_year,
        region_code,
        unnest(generate_series(
            lag(serial_no, 1, 0) over (partition by entity_id order by serial_no) + 1,
            serial_no - 1
        )) as serial_no
    from listed
    where issue_no = 1
),

issued as (
    select *, true as is_listed from listed
    union all by name
    select *, false as is_listed, 1 as issue_no from unlisted
)

select
    issued.entity_id,
    issued.serial_no::integer as serial_no,
    issued.issue_no::integer as issue_no,
    issued.entity_name,
    issued.is_listed,
    issued.filing_number,
    issued.batch_no,
    issued.issued_year,
    issued.region_code,
    records.filing_number is not null as is_cancelled_by_notice
from issued
left join records
    on
        issued.entity_id = records.entity_id
        and issued.serial_no = records.serial_no
        and (not issued.is_listed or issued.filing_number = records.filing_number)
