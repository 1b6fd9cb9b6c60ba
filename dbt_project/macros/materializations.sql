{#
  How seeds, views and tables are made: each by one `create or replace`. The built-in ways swap
  a new relation for the old one by renaming, which costs four statements more for each of them,
  and read seeds in Python before DuckDB does (a third of a second for the divisions). The
  warehouse has one writer and is never read while it is built, so nothing is lost.
#}
{% materialization table, adapter="duckdb", supported_languages=["sql", "python"] %}
  {% set relation = this.incorporate(type="table") %}
  {% do drop_other_kind(relation) %}
  {{ run_hooks(pre_hooks) }}
  {% call statement("main", language=model["language"]) %}
    {% if model["language"] == "python" %}
      {{ python_table(relation, compiled_code) }}
    {% elif config.get("contract").enforced %}
      {{ get_assert_columns_equivalent(sql) }}
      create or replace table {{ relation.render() }} {{ get_table_columns_and_constraints() }};
      insert into {{ relation.render() }} {{ get_column_names() }} (
        {{ get_select_subquery(sql) }}
      );
    {% else %}
      create or replace table {{ relation.render() }} as ({{ sql }});
    {% endif %}
  {% endcall %}
  {{ return(finish_relation(relation)) }}
{% endmaterialization %}


{# A Python model returns a relation, of which no `create or replace` can be written; dbt calls
   `materialize` with it. #}
{% macro python_table(relation, compiled_code) -%}
{{ compiled_code }}

def materialize(found, connection):
    connection.execute('drop table if exists {{ relation.render() }}')
    found.create("{{ relation.identifier }}")
{%- endmacro %}


{% materialization view, adapter="duckdb" %}
  {% set relation = this.incorporate(type="view") %}
  {% do drop_other_kind(relation) %}
  {{ run_hooks(pre_hooks) }}
  {% call statement("main") %}
    create or replace view {{ relation.render() }} as ({{ sql }});
  {% endcall %}
  {{ return(finish_relation(relation)) }}
{% endmaterialization %}


{# Every column of a seed needs a type in `column_types`; empty fields are null. #}
{% materialization seed, adapter="duckdb" %}
  {% set relation = this.incorporate(type="table") %}
  {% set types = config.require("column_types") %}
  {% do drop_other_kind(relation) %}
  {{ run_hooks(pre_hooks) }}
  {% call statement("main") %}
    create or replace table {{ relation.render() }} as
    select * from read_csv(
      '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}',
      header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
      columns = { {%- for column, type in types.items() -%}
        '{{ column }}': '{{ type }}'{{ ", " if not loop.last }}
      {%- endfor -%} }
    )
  {% endcall %}
  {# dbt asks every seed for this table; an empty one stands in, nothing here needs it #}
  {% do store_result("agate_table", response="OK") %}
  {{ return(finish_relation(relation)) }}
{% endmaterialization %}


{% macro drop_other_kind(relation) %}
  {# `create or replace` refuses to turn a view into a table or the other way round #}
  {% set existing = load_cached_relation(relation) %}
  {% if existing is not none and existing.type != relation.type %}
    {% do adapter.drop_relation(existing) %}
  {% endif %}
{% endmacro %}


{% macro finish_relation(relation) %}
  {{ run_hooks(post_hooks) }}
  {% do persist_docs(relation, model) %}
  {% do adapter.commit() %}
  {{ return({"relations": [relation]}) }}
{% endmacro %}
