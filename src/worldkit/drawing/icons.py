"""Line icons on a 12 by 12 grid; the legend has a word for each, so that none depends on its shape alone."""

from __future__ import annotations

from worldkit.layout.curves import format_number

ICONS: dict[str, str] = {
    "lock": "M3.5 5.5V3.7a2.5 2.5 0 0 1 5 0v1.8M2.5 5.5h7v5h-7z",
    "clock": "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M6 3.4v2.8l1.9 1.2",
    "film": "M1.5 2.5h9v7h-9zM3.8 2.5v7M8.2 2.5v7M1.5 6h2.3M8.2 6h2.3",
    "hidden": "M1.2 6S3 2.8 6 2.8 10.8 6 10.8 6 9 9.2 6 9.2 1.2 6 1.2 6M2.2 10l7.6-8",
    "start": "M3.6 2.2 9.8 6 3.6 9.8z",
    "win": "M3 11V1.4M3 1.8h6.6L7.8 4.2l1.8 2.4H3",
    "lose": "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M4.3 4.3l3.4 3.4M7.7 4.3 4.3 7.7",
    "other": "M2.5 2.5h7v7h-7z",
    "override": "M9.9 4.3A4.3 4.3 0 1 0 10.3 6.4M10.1 1.7v2.7H7.4",
    "terminal": "M1.8 3l3 3-3 3M6.2 9.4h4",
    "nowhere": "M6 1.8l4.8 8.4H1.2zM6 5v2.3M6 8.7v.1",
    "variants": "M4 3.5V1.5h6.5V8H8.5M1.5 4H8v6.5H1.5z",
    "ambient": "M1 4.6c1.3-1.6 2.5-1.6 3.7 0s2.4 1.6 3.6 0c.9-1.2 1.8-1.5 2.7-.9M1 8.6c1.3-1.6 2.5-1.6 3.7 0s2.4 1.6"
    " 3.6 0c.9-1.2 1.8-1.5 2.7-.9",
}


def icon(name: str, x: float, y: float, tone: str = "") -> str:
    """Return one icon with its top-left corner at (x, y); ``tone`` is a palette name or nothing."""
    classes = f"i {tone}-icon" if tone else "i icon"
    return f'<path class="{classes}" transform="translate({format_number(x)} {format_number(y)})" d="{ICONS[name]}"/>'
