{{ stated_columns(source("validated", "cancellation_notices")) }}
