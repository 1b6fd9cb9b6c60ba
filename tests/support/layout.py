"""Faults in the layout of an open report: texts that overlap, are cut, or make the page scroll."""

from typing import Any, cast

from playwright.sync_api import Page

# Texts turned by an angle are skipped: their boxes overlap where the letters do not.
_OVERLAPS = """
() => [...document.querySelectorAll("[data-chart]")].flatMap((chart) => {
  const texts = [...chart.querySelectorAll("svg text")].filter((text) =>
    text.textContent.trim() && parseFloat(getComputedStyle(text).fontSize) > 0
    && getComputedStyle(text).opacity > 0 && !/rotate\\((?!0[,)])/.test(text.getAttribute("transform") ?? ""));
  const boxes = texts.map((text) => [text.textContent, text.getBoundingClientRect()]);
  const faults = [];
  boxes.forEach(([name, a], at) => boxes.slice(at + 1).forEach(([other, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    // Boxes are higher than letters: lines of text may touch.
    if (across > 1 && down > 0.35 * Math.min(a.height, b.height)) {
      faults.push(`${chart.dataset.chart}: ${name} overlaps ${other}`);
    }
  }));
  return faults;
})
"""
_CUT = """
() => {
  const faults = [];
  for (const node of document.querySelectorAll("h1, h2, h3, .shows, .lead, .lede, dt, dd, summary, .source")) {
    if (node.clientWidth && node.scrollWidth > node.clientWidth + 1) faults.push(`cut: ${node.textContent.trim()}`);
  }
  for (const chart of document.querySelectorAll("[data-chart]")) {
    const svg = chart.querySelector("svg").getBoundingClientRect();
    for (const text of chart.querySelectorAll("svg text")) {
      const box = text.getBoundingClientRect();
      if (!box.width || parseFloat(getComputedStyle(text).fontSize) === 0) continue;
      if (box.left < svg.left - 2 || box.right > svg.right + 2 || box.top < svg.top - 2 || box.bottom > svg.bottom + 4) faults.push(`${chart.dataset.chart}: beyond the edge: ${text.textContent}`);
      if (text.textContent.endsWith("…")) faults.push(`${chart.dataset.chart}: shortened: ${text.textContent}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways");
  return faults;
}
"""


def faults(page: Page) -> list[str]:
    """The faults of the page as it is shown, each in words."""
    found: Any = [*page.evaluate(_OVERLAPS), *page.evaluate(_CUT)]
    return cast(list[str], found)
