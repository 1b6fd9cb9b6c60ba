"""Names of jobs that are used in more than one module."""

REFRESH = "refresh"
CHECK_STORES = "check_stores"
MAINTAIN = "maintain"
# The tag of all jobs, which distinguishes their runs from those of other projects.
DOMAIN = {"domain": "filings"}
