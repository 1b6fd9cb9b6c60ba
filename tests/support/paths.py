"""The paths of the project and of published documents next to the checkout."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# Not part of the project: tests that need it are skipped if it does not exist.
SHARED = PROJECT.parent / "shared"
