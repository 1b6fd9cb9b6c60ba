"""Vega, Vega-Lite and Vega-Embed as one script, bundled by vl-convert."""

from importlib.metadata import version
from pathlib import Path

import vl_convert

from orchestration.settings import PROJECT_ROOT
from scrapers.files import write_text

_CACHE = PROJECT_ROOT / "build"


def vega_script(cache: Path = _CACHE) -> str:
    """The script. It defines `window.vegaEmbed` and no other global name.

    Bundling takes a second and is deterministic, so the script is cached in `cache`, once for each
    version of the package.
    """
    path = cache / f"vega-{version('vl-convert-python')}.js"
    if not path.exists():
        # A function keeps names local, and no string in the script may end the script element.
        bundle = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # stub lacks the default
        script = bundle.replace("</script", "<\\/script")
        write_text(path, f"(() => {{{script}}})();")
    return path.read_text(encoding="utf-8")
