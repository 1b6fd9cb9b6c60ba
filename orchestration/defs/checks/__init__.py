"""Asset checks of our own; tests of dbt appear as checks of the models.

contracts  the contract of each register, and whether its latest documents are in use
models     whether cancellations and classifications can be trusted
release    whether everything that a run asked for came through
"""
