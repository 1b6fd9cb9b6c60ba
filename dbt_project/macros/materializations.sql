{#
  Materializations that create a table or view with a single `create or replace`. Those of
  dbt-duckdb rename the new relation over the old one, which takes four more statements each. That
  protects nothing here: the warehouse has one writer and is not read while it is built. Saves a
  fifth of the time of a full build (`make bench` measures it).
#}
{% materialization replaced_table, adapter="duckdb", supported_languages=["sql", "python"] %}
  {% set relation = this.incorporate(type="table") %}
  {% do drop_other_kind(relation) %}
  {{ run_hooks(pre_hooks) }}
  {% call statement("main", language=model["language"]) %}
    {% if model["language"] == "python" %}
      {{ python_table(relation, compiled_code) }}
    {% else %}
      create or replace table {{ relation.render() }} as ({{ sql }});
    {% endif %}
  {% endcall %}
  {% if config.get("contract").enforced %}
    {# Of the table, because to find the columns of the query DuckDB would plan it once more. #}
    {% do assert_columns("select * from " ~ relation.render()) %}
  {% endif %}
  {{ return(finish_relation(relation)) }}
{% endmaterialization %}


{# dbt formats every column, so it compares them only if their names and types are not those declared. #}
{% macro assert_columns(query) %}
  {% set found = adapter.get_column_schema_from_query(query) %}
  {% set declared = model["columns"].values() | list %}
  {% if found | map(attribute="name") | list != declared | map(attribute="name") | list
      or found | map(attribute="dtype") | map("lower") | list
      != declared | map(attribute="data_type") | map("lower") | list %}
    {{ get_assert_columns_equivalent(query) }}
  {% endif %}
{% endmacro %}


{# A Python model returns a relation object, which `create or replace` cannot use. dbt calls
   `materialize` with it. #}
{% macro python_table(relation, compiled_code) -%}
{{ compiled_code }}

def materialize(found, connection):
    connection.execute('drop table if exists {{ relation.render() }}')
    found.create("{{ relation.identifier }}")
{%- endmacro %}


{% materialization replaced_view, adapter="duckdb" %}
  {% set relation = this.incorporate(type="view") %}
  {% do drop_other_kind(relation) %}
  {{ run_hooks(pre_hooks) }}
  {% call statement("main") %}
    create or replace view {{ relation.render() }} as ({{ sql }});
  {% endcall %}
  {{ return(finish_relation(relation)) }}
{% endmaterialization %}


{% macro drop_other_kind(relation) %}
  {# `create or replace` fails if the existing relation is of the other kind #}
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


{# dbt would read each file in Python first, to guess the types, which seeds state in full. #}
{% materialization seed, adapter="duckdb" %}
  {% set relation = this.incorporate(type="table") %}
  {% do drop_other_kind(relation) %}
  {% call statement("load", fetch_result=true) %}
    create or replace table {{ relation.render() }} as
    from read_csv(
      '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}',
      header = true, delim = ',', quote = '"', escape = '"', nullstr = '', comment = '', skip = 0,
      types = { {%- for name, type in config.get("column_types").items() %}'{{ name }}': '{{ type }}', {% endfor -%} }
    )
  {% endcall %}
  {% set loaded = load_result("load") %}
  {# dbt expects a table here, which it would show with `--show`. #}
  {% do store_result("agate_table", response="OK", agate_table=loaded["table"]) %}
  {% set rows = loaded["data"][0][0] %}
  {% do store_raw_result("main", message="INSERT " ~ rows, code="INSERT", rows_affected=rows) %}
  {{ return(finish_relation(relation)) }}
{% endmaterialization %}


{# Counts the failures outside a transaction, and writes no file with the query. Failing rows are
   neither limited nor stored. #}
{% materialization test, adapter="duckdb" %}
  {% set query = get_test_sql(
    sql, config.get("fail_calc"), config.get("warn_if"), config.get("error_if"), limit=none
  ) %}
  {% set response, counted = adapter.execute(query, auto_begin=false, fetch=true) %}
  {% do store_result("main", response=response, agate_table=counted) %}
  {{ return({"relations": []}) }}
{% endmaterialization %}
