"""What filings are about: the sector, what goes in, what comes out, and how well that is known.

The terms are reviewed data, seeds of the dbt project; here is how texts are searched for them and
what follows from what is found. No Dagster in here; frames in, frames out.
"""
