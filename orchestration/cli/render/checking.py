"""The result of `filings check`: counts per store, and the findings."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from orchestration.inspection.verification import Checked
from orchestration.runtime.texts import harmless

FINDINGS_SHOWN = 50


def show_checked(console: Console, errors: Console, checked: Sequence[Checked]) -> None:
    """Print one line per store, and the findings on standard error."""
    for store in checked:
        counts = ", ".join(_counted(*item) for item in store.counts.items())
        console.print(f"{store.store:<10}{counts}")
    findings = [finding for store in checked for finding in store.findings]
    for finding in findings[:FINDINGS_SHOWN]:
        errors.print(f"[red]error:[/red] {escape(harmless(str(finding)))}", soft_wrap=True)
    hidden = len(findings) - FINDINGS_SHOWN
    if hidden > 0:
        errors.print(f"and {hidden:,} more")
    if not findings:
        console.print("All files match their recorded hashes.")


def _counted(name: str, count: int) -> str:
    return f"{count:,} {name.removesuffix('s') if count == 1 else name}"
