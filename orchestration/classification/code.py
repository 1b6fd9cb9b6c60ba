"""The files with the code that classes depend on, for the hashes of what was made with them."""

from pathlib import Path

from scrapers.fields import text_keys


def code_files() -> list[Path]:
    """The modules of this package, and that of the keys by which texts are compared."""
    return [*sorted(Path(__file__).parent.glob("*.py")), Path(text_keys.__file__)]
