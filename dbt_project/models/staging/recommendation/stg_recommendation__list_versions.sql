{{ stated_columns(source("validated", "recommendation_lists")) }}
