"""The warehouse, dbt on DuckDB: manifest, build, build cache, docs, and export of the marts."""
