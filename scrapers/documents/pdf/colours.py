"""Converts the colours of a .pdf to red, green and blue from 0 to 1."""

from pdfminer.pdfcolor import PDFColorSpace

from scrapers.documents.pdf.marks import Rgb

# Colours that differ by less than this in each component look the same on paper.
LEAST_CONTRAST = 0.08
WHITE: Rgb = (1.0, 1.0, 1.0)
_INKS = frozenset({"Separation", "DeviceN"})


def as_rgb(colour: object, space: PDFColorSpace) -> Rgb | None:
    """Return the displayed colour, or None if it cannot be known, as for a pattern."""
    parts = colour if isinstance(colour, tuple) else (colour,)
    if len(parts) != space.ncomponents or not all(isinstance(part, int | float) for part in parts):
        return None
    parts = tuple(min(1.0, max(0.0, float(part))) for part in parts)
    match len(parts), space.name:
        case _, "Indexed" | "Pattern":
            return None
        case 1, name if name in _INKS:
            return _grey(1 - parts[0])
        case _, "Lab":
            return _grey(float(colour[0]) / 100)  # type: ignore[index]
        case 1, _:
            return _grey(parts[0])
        case 3, _:
            return parts
        case 4, _:
            cyan, magenta, yellow, black = parts
            white = 1 - black
            return (1 - cyan) * white, (1 - magenta) * white, (1 - yellow) * white
        case _:
            return None


def mixed(over: Rgb, under: Rgb, opacity: float) -> Rgb:
    """Return the colour that results from painting one colour over another."""
    red, green, blue = (
        opacity * top + (1 - opacity) * bottom for top, bottom in zip(over, under, strict=True)
    )
    return red, green, blue


def are_alike(one: Rgb, other: Rgb) -> bool:
    """Whether two colours look the same on paper."""
    return all(abs(a - b) < LEAST_CONTRAST for a, b in zip(one, other, strict=True))


def lightness(colour: Rgb) -> float:
    """Return the perceived lightness, 0 for black to 1 for white (ITU-R BT.601)."""
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _grey(level: float) -> Rgb:
    return level, level, level
