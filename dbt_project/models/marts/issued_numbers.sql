with filings as (select * from {{ ref("filings") }}),

records as (
    select entity_id, serial_no
    from {{ ref("int_cancellation_records") }}
    where kind_code = '01'
),

-- A list shows its number, though the row breaks the contract and always has.
unaccepted as (
    select
        filing_number[7:13] as entity_id,
        filing_number[18:20]::integer as serial_no,
        min(batch_no) as batch_no,
        filing_number,
        max(entity_name) as entity_name,
        2000 + filing_number[16:17]::integer as issued_year,
        filing_number[1:6] as region_code
    from {{ ref("int_filing_sightings") }}
    where filing_number[14:15] = '01' and filing_number[18:20] != '000'
    group by filing_number
),

numbers as (
    select entity_id, serial_no, batch_no, filing_number, entity_name, issued_year, region_code
    from filings
    union all
    select * from unaccepted
    where filing_number not in (select filing_number from filings)
),

-- An entity that moved can hold one running number twice, under two codes of region.
listed as (
    select
        entity_id,
        serial_no,
        min(batch_no) as batch_no,
        arg_min(filing_number, (batch_no, filing_number)) as filing_number,
        arg_min(entity_name, (batch_no, filing_number)) as entity_name,
        arg_min(issued_year, (batch_no, filing_number)) as issued_year,
        arg_min(region_code, (batch_no, filing_number)) as region_code
    from numbers
    group by entity_id, serial_no
),

-- The number itself and those below it, down to the entity's next listed one.
issued as (
    select
        *,
        unnest(generate_series(
            lag(serial_no, 1, 0) over (partition by entity_id order by serial_no) + 1, serial_no
        )) as issued_no
    from listed
)

select
    issued.entity_id,
    issued.issued_no::integer as serial_no,
    issued.entity_name,
    issued.issued_no = issued.serial_no as is_listed,
    case when issued.issued_no = issued.serial_no then issued.filing_number end as filing_number,
    issued.batch_no,
    issued.issued_year,
    issued.region_code,
    records.serial_no is not null as is_cancelled_by_notice
from issued
left join (select distinct * from records) as records
    on issued.entity_id = records.entity_id and issued.issued_no = records.serial_no
