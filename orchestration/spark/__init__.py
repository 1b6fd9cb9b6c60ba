"""The heavy part of the models as a Spark job, for registers that outgrow one machine.

Spark splits the validated rows by entity and brings each share to a worker, which runs the compiled
dbt models in an in-memory DuckDB (`models`). No model is written a second time. See
docs/beyond-one-machine.md.
"""
