{{ stated_columns(source("validated", "generative_quarantine")) }}
