"""The command line: the `filings` command, one module per subcommand.

main    the command group; refresh, status, check, open, ui: one command each
query   the command `query`: running SQL on the latest release
show    the command `show`: looking up a filing or an entity
render  what the terminal prints
"""
