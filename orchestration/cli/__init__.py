"""The command line: the `filings` command, one module per subcommand.

query   running a query on the latest release
show    looking up a filing or an entity
render  what the terminal prints
"""
