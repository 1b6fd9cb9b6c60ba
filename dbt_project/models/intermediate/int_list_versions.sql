{# Versions of the lists of all registers. Each register has one select. #}
select
    'deep_synthesis' as register,
    format('{:03d}', batch_no) as document_key,
    batch_no,
    list_version,
    version_no,
    status,
    is_current,
    list_month,
    announced_on,
    page_url,
    source_url,
    document_sha256,
    fetched_from,
    retrieved_at,
    rows_listed,
    rows_accepted,
    rows_quarantined
from {{ ref("stg_deep_synthesis__list_versions") }}
{%- for register in ["recommendation", "generative_services"] %}
union all
select
    '{{ register }}' as register,
    document_key,
    null as batch_no,
    list_version,
    version_no,
    status,
    is_current,
    list_month,
    null as announced_on,
    page_url,
    source_url,
    document_sha256,
    fetched_from,
    retrieved_at,
    rows_listed,
    rows_accepted,
    rows_quarantined
from {{ ref("stg_" ~ register ~ "__list_versions") }}
{%- endfor %}
