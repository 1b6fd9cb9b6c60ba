"""Asset checks besides the dbt tests, which appear as checks of the models.

contracts  the contract of each register, and whether its latest documents are in use
models     matching of cancellations, and quality of the classification
release    whether all documents of a run were ingested
"""
