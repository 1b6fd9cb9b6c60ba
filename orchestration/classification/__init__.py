"""Classification of filings by sector, inputs and outputs, and measurement of its quality.

The search terms and the labels of readers are reviewed data, seeds of the dbt project. This package
searches texts for the terms, derives the classes with their confidence, and replaces them by labels
where those apply. It does not use Dagster: data frames in, data frames out.
"""
