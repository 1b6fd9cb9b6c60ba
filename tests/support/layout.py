"""Faults in the layout of an open report: texts that overlap, are cut, or make the page scroll."""

from typing import Any, cast

from playwright.sync_api import Page

# Texts turned by an angle are skipped: their boxes overlap where the letters do not.
_TEXTS = """
const texts = (chart) => [...chart.querySelectorAll("svg text")].filter((text) => {
  const style = getComputedStyle(text);
  return text.textContent.trim() && parseFloat(style.fontSize) > 0 && style.opacity > 0;
});
const isTurned = (text) => /rotate\\((?!0[,)])/.test(text.getAttribute("transform") ?? "");
const box = (node) => node.getBoundingClientRect();
const charts = [...document.querySelectorAll("[data-chart]")];
"""
_OVERLAPS = f"""() => {{{_TEXTS}
return charts.flatMap((chart) => {{
  const shown = texts(chart).filter((text) => !isTurned(text));
  return shown.flatMap((text, at) => shown.slice(at + 1).filter((other) => {{
    const a = box(text), b = box(other);
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    // Boxes are higher than letters: lines of text may touch.
    return across > 1 && down > 0.35 * Math.min(a.height, b.height);
  }}).map((other) => `${{chart.dataset.chart}}: ${{text.textContent}} / ${{other.textContent}}`));
}})}}"""
_CUT = f"""() => {{{_TEXTS}
const blocks = "h1, h2, h3, .shows, .lead, .lede, dt, dd, summary, .source, .claims td, .claims th";
const wide = [...document.querySelectorAll(blocks)]
  .filter((node) => node.clientWidth && node.scrollWidth > node.clientWidth + 1)
  .map((node) => `wider than its block: ${{node.textContent.trim()}}`);
const cut = charts.flatMap((chart) => {{
  const edge = box(chart.querySelector("svg"));
  return texts(chart).filter((text) => {{
    const at = box(text);
    return text.textContent.endsWith("…") || at.left < edge.left - 2 || at.right > edge.right + 2
      || at.top < edge.top - 2 || at.bottom > edge.bottom + 4;
  }}).map((text) => `${{chart.dataset.chart}}: cut: ${{text.textContent}}`);
}});
const scrolls = document.documentElement.scrollWidth > innerWidth ? ["scrolls sideways"] : [];
return [...wide, ...cut, ...scrolls];
}}"""


def faults(page: Page) -> list[str]:
    """The faults of the page as it is shown, each in words."""
    found: Any = [*page.evaluate(_OVERLAPS), *page.evaluate(_CUT)]
    return cast(list[str], found)
