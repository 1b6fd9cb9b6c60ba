"""dbt on DuckDB: manifest, build, build cache, docs, and the marts as other packages see them."""
