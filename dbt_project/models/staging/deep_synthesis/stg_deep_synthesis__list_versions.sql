{{ stated_columns(source("validated", "list_versions")) }}
