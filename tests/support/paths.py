"""Paths that tests read: the project, and the true documents kept next to a checkout."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# Not part of the project: tests that read it skip where it is not there.
SHARED = PROJECT.parent / "shared"
