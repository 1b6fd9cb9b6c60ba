with filings as (select * from {{ ref("int_current_filings") }}),

listed as (
    select
        filing_number,
        batch_no,
        entity_id,
        list_status,
        unnest(product_list) as product,
        generate_subscripts(product_list, 1) as product_no
    from filings
)

select
    filing_number,
    product_no::integer as product_no,
    batch_no,
    entity_id,
    product.name as product_name,
    product.kind as kind,
    product.printed_kind as printed_kind,
    product.mentions as mentions,
    list_status
from listed
