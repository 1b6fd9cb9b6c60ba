{# Selects the columns declared in the yml of this model, in that order, cast to the declared types. #}
{% macro stated_columns(relation) %}
select
    {%- for name, column in model.columns.items() %}
    {{ adapter.quote(name) }}::{{ column.data_type }} as {{ adapter.quote(name) }}
    {{- "," if not loop.last }}
    {%- endfor %}
from {{ relation }}
{% endmacro %}
