"""`python -m orchestration.cli`, the same as `filings`."""

from orchestration.cli.main import main

main()
