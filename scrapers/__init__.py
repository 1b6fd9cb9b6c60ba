"""Reading the register: from an address on the source's two hosts to rows of strings.

Nothing in this package knows of Dagster; every module can be used from a notebook.
"""
