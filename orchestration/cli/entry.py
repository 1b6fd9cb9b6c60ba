"""The entry point of `filings`: ready for Ctrl-C before anything else is imported."""

from orchestration.runtime import interrupts


def main() -> None:
    """Run the command line, and exit with the status of the command."""
    interrupts.watch()
    from orchestration.cli.main import main as run

    try:
        run()
    finally:
        interrupts.end_watch()
