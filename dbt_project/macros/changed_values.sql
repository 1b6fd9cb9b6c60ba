{# Columns of a filing that differ from the previous row of a window, each with its old and new
   value, ignoring white space. `of` qualifies the columns, such as "rows.". #}
{% macro changed_values(window, of="") -%}
list_filter(
            [
                {%- for column in printed_columns() %}
                case
                    when {{ squeezed(of ~ column) }} != lag({{ squeezed(of ~ column) }}) over {{ window }}
                        then {
                            column_name: '{{ column }}',
                            old_value: lag({{ of ~ column }}) over {{ window }},
                            new_value: {{ of ~ column }}
                        }
                end
                {{- "," if not loop.last }}
                {%- endfor %}
            ],
            lambda change: change is not null
        )
{%- endmacro %}
