"""The command line: the `filings` command, one module per subcommand.

main    the command group; refresh, status, check, open and ui hold one command each
query   `filings query`, `tables`, `describe`: SQL on the latest release, and what can be queried
show    `filings show`: look up a registration or a company
render  terminal output
"""
