"""Run the command line with `python -m orchestration.cli`, the same as `filings`."""

from orchestration.cli.main import main

main()
