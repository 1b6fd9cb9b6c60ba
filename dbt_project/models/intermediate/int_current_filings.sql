with filings as (select * from {{ ref("stg_validated__filings") }}),

current_lists as (select * from {{ ref("stg_validated__list_versions") }} where is_current)

select
    filings.*,
    current_lists.list_month,
    current_lists.announced_on,
    current_lists.source_url,
    current_lists.document_sha256,
    case
        -- technical supporters print two hyphens instead of products
        when trim(coalesce(products, '')) in ('', '--') then 0
        else len(list_filter(
            string_split({{ without_brackets("products") }}, '、'),
            lambda product: trim(product) != ''
        ))
    end::integer as product_count,
    coalesce(contains(note, '已注销'), false) as is_cancelled
from filings
inner join current_lists using (batch_no, list_version)
