{{ stated_columns(source("validated", "cancellations")) }}
