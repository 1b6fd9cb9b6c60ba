"""`filings review`: read what filings are about."""

from collections.abc import Sequence
from pathlib import Path

import click

from orchestration.cli.console import reports_errors
from orchestration.settings import Settings


@click.command(short_help="Read what filings are about.")
@click.argument("number", required=False)
@click.option("--list", "is_list", is_flag=True, help="List what should be read next.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Filings to list, 0 for all. Default: 40 in a terminal, otherwise all.",
)
@click.option(
    "--plain", is_flag=True, help="List as CSV, which --from takes after `sector` is filled in."
)
@click.option(
    "--batch", "batch_no", type=click.IntRange(min=1), metavar="N", help="Only this batch."
)
@click.option("--reader", metavar="NAME", help="Who reads. Default: FILINGS_READER, or your name.")
@click.option("--sector", metavar="CODE", help="The sector of filing NUMBER.")
@click.option("--unsure", is_flag=True, help="The reader is not sure.")
@click.option("--other", metavar="CODE", help="Another possible sector.")
@click.option("--inputs", metavar="KINDS", help="Correct the inputs, such as text+image.")
@click.option("--outputs", metavar="KINDS", help="Correct the outputs.")
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.csv",
    help="Take many readings: all of them, or none.",
)
@reports_errors
def review(
    number: str | None,
    is_list: bool,
    limit: int | None,
    plain: bool,
    batch_no: int | None,
    reader: str | None,
    sector: str | None,
    unsure: bool,
    other: str | None,
    inputs: str | None,
    outputs: str | None,
    file: Path | None,
) -> None:
    """Read what filings of the latest release are about, and keep the readings as labels.

    Without options, the filings that are due are shown one after another, and each sector is asked
    for. With NUMBER, only that filing is. What the rules or other readers found is not shown, so
    that readings are independent.

    With NUMBER and --sector, one reading is taken; it replaces an earlier one by the same reader if
    there is no other. With --from, those of a CSV file are taken, with the columns filing_number,
    sector, and optionally other_sector, is_sure, inputs and outputs. The columns of --list --plain
    are accepted too, and rows without a sector are skipped.

    Readings are written to the seed filing_labels. `filings refresh` brings them into a release.
    """
    from orchestration.cli.review import actions

    corrections = {"--inputs": inputs, "--outputs": outputs}
    of_one = {"--sector": sector, "--unsure": unsure, "--other": other, **corrections}
    _refuse_mixed(number, is_list, file, [name for name, value in of_one.items() if value])
    if not is_list and (plain or limit is not None):
        raise click.UsageError("--plain and --limit are for --list")
    if batch_no and (number or file):
        raise click.UsageError("--batch cannot be combined with NUMBER or --from")
    settings = Settings.from_environment()
    if is_list:
        actions.list_due(settings, batch_no, reader, limit, is_plain=plain)
    elif file:
        actions.take_file(settings, file, reader)
    elif number and sector:
        actions.take_one(
            settings, number, sector, other, reader, inputs, outputs, is_sure=not unsure
        )
    elif number:
        actions.read_one(settings, number, reader)
    else:
        actions.read_due(settings, batch_no, reader)


def _refuse_mixed(
    number: str | None, is_list: bool, file: Path | None, of_one: Sequence[str]
) -> None:
    """Raise UsageError for options that exclude each other."""
    ways = {"--list": is_list, "--from": file, "NUMBER": number}
    chosen = [name for name, value in ways.items() if value]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} cannot be combined")
    if of_one and not number:
        raise click.UsageError(f"{of_one[0]} needs NUMBER")
    if of_one and "--sector" not in of_one:
        raise click.UsageError(f"{of_one[0]} needs --sector")
