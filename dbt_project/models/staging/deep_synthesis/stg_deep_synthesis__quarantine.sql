{{ stated_columns(source("validated", "quarantine")) }}
