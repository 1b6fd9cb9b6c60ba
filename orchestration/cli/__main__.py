"""Run the command line with `python -m orchestration.cli`, the same as `filings`."""

from orchestration.cli.entry import main

main()
