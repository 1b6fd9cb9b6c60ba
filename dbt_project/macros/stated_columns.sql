{# The columns that the yml of this model states, in that order and cast to the stated types. #}
{% macro stated_columns(relation) %}
select
    {%- for name, column in model.columns.items() %}
    {{ adapter.quote(name) }}::{{ column.data_type }} as {{ adapter.quote(name) }}
    {{- "," if not loop.last }}
    {%- endfor %}
from {{ relation }}
{% endmacro %}
