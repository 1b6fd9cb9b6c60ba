"""Names of jobs, which more than one module uses."""

REFRESH = "refresh"
CHECK_STORES = "check_stores"
