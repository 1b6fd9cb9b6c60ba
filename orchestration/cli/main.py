"""The command line: the command `filings` with its subcommands.

Commands import heavy dependencies when they run, so that quick commands start quickly. The exit
status is 0 only if everything requested was done, 1 after an error, 2 for wrong usage and 130 after
Ctrl-C. Errors are printed as messages, never as tracebacks.
"""

from collections.abc import Mapping
from importlib import import_module

import click

# The modules of the commands below this package, in the order in which they are used. Each is
# imported when its command is used, or when all are listed.
COMMANDS: Mapping[str, str] = {
    "refresh": "refresh",
    "status": "status",
    "alert": "alert",
    "check": "check",
    "tables": "query.tables",
    "describe": "query.tables",
    "query": "query.command",
    "show": "show.command",
    "review": "review.command",
    "open": "open",
    "publish": "publish",
    "init": "init",
    "maintain": "maintain",
    "ui": "ui",
    "webserver": "ui",
    "daemon": "ui",
}


def print_version(context: click.Context, parameter: click.Parameter, is_set: bool) -> None:
    """Print the version and the commit, and exit."""
    if is_set:
        from orchestration.publication.datapackage import code_version

        number, _, commit = code_version().partition("+")
        click.echo(f"filings {number}" + (f", commit {commit}" if commit else ""))
        context.exit()


class _Lazy(click.Group):
    """A group that imports a command when it is used, and lists them in the order of use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return command_of(cmd_name) if cmd_name in COMMANDS else None


def command_of(name: str) -> click.Command:
    """Import a command. Raises KeyError if there is none with this name."""
    module = import_module(f"orchestration.cli.{COMMANDS[name]}")
    # `open` is a built-in function of Python.
    command: click.Command = getattr(module, "open_" if name == "open" else name)
    return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_version,
    help="Show the version and the commit.",
)
def main() -> None:
    """Fetch, validate, model and publish China's public registers of algorithms and AI services."""


if __name__ == "__main__":
    main()
