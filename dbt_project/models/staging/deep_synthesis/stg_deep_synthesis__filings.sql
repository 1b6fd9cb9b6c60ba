{{ stated_columns(source("validated", "filings")) }}
