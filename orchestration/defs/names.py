"""Names of jobs that are used in more than one module."""

REFRESH = "refresh"
CHECK_STORES = "check_stores"
MAINTAIN = "maintain"
