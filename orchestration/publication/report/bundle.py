"""Vega, Vega-Lite and Vega-Embed as one script, from the package that holds them."""

from pathlib import Path

import vl_convert

from orchestration.settings import PROJECT_ROOT
from scrapers.files import write_text

_KEPT = PROJECT_ROOT / "build"


def vega_script(kept: Path = _KEPT) -> str:
    """The script, which defines `window.vegaEmbed` and leaves no other name behind.

    Bundling takes a second and gives the same each time, so it is kept in `kept` for each version
    of the package.
    """
    path = kept / f"vega-{vl_convert.__version__}.js"
    if not path.exists():
        # The function keeps its many short names local; no text of it may end the script element.
        script = vl_convert.javascript_bundle().replace("</script", "<\\/script")
        write_text(path, f"(() => {{{script}}})();")
    return path.read_text(encoding="utf-8")
