"""Classification of filings by sector, inputs and outputs, and measurement of its quality.

The search terms are reviewed data, seeds of the dbt project. This package searches texts for them
and derives the classes. It does not use Dagster: data frames in, data frames out.
"""
