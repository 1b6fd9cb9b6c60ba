"""`filings ui`: the Dagster UI behind a guard, and the processes that it consists of."""
