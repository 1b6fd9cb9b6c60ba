"""`filings ui`: the Dagster UI behind a guard, and the supervisor of its processes."""
