"""The colours of pictures: a light and a dark palette, and the style sheet made from them.

Rules are scoped to the picture's own class, because a style sheet in an inlined SVG applies to the whole
page. Colours are literal, since some SVG renderers do not support variables.
"""

from __future__ import annotations

from typing import Literal

Theme = Literal["auto", "light", "dark"]

FONT = (
    "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue','Liberation Sans',Arial,'Noto Sans',"
    "sans-serif,'Apple Color Emoji','Segoe UI Emoji','Noto Color Emoji'"
)

LIGHT = {
    "ground": "#fafaf8",
    "card": "#ffffff",
    "line": "#dcdee3",
    "ink": "#1d2126",
    "soft": "#565e6a",
    "edge": "#98a0ac",
    "plate": "#fafaf8",
    "chip": "#f0f1f4",
    "accent": "#4a56c8",
    "tint": "#ebedfb",
    "win": "#1f7a4d",
    "win-tint": "#e3f3ea",
    "lose": "#b0392f",
    "lose-tint": "#fae8e6",
    "warn": "#8f5b00",
    "warn-tint": "#fdf0d3",
}

DARK = {
    "ground": "#15171b",
    "card": "#1e2126",
    "line": "#363b44",
    "ink": "#e8eaed",
    "soft": "#a9b1bd",
    "edge": "#717a88",
    "plate": "#15171b",
    "chip": "#2a2e35",
    "accent": "#97a1ff",
    "tint": "#282c4a",
    "win": "#6fd19b",
    "win-tint": "#1b3327",
    "lose": "#f28b82",
    "lose-tint": "#3b2220",
    "warn": "#f0b95a",
    "warn-tint": "#372b14",
}

# class: declarations, with palette names in braces
_RULES = {
    "ground": "fill:{ground}",
    "card": "fill:{card};stroke:{line}",
    "start": "stroke:{accent};stroke-width:2",
    "won": "stroke:{win};stroke-width:1.5",
    "lost": "stroke:{lose};stroke-width:1.5",
    "ended": "stroke:{soft};stroke-width:1.5",
    "ink": "fill:{ink}",
    "names text": "fill:{ink}",
    "soft": "fill:{soft}",
    "edge": "stroke:{edge}",
    "head": "fill:{edge}",
    "plate": "fill:{plate}",
    "icon": "stroke:{soft}",
    "chip": "fill:{chip}",
    "tint": "fill:{tint}",
    "accent": "fill:{accent}",
    "accent-icon": "stroke:{accent}",
    "accent-edge": "stroke:{accent}",
    "win": "fill:{win}",
    "win-tint": "fill:{win-tint}",
    "win-icon": "stroke:{win}",
    "lose": "fill:{lose}",
    "lose-tint": "fill:{lose-tint}",
    "lose-icon": "stroke:{lose}",
    "other": "fill:{soft}",
    "other-icon": "stroke:{soft}",
    "warn": "fill:{warn}",
    "warn-tint": "fill:{warn-tint}",
    "warn-icon": "stroke:{warn}",
}


def style(scope: str, theme: Theme) -> str:
    """Return the style sheet of one picture.

    Args:
        scope: The class of its root element.
        theme: ``"light"``, ``"dark"``, or ``"auto"``, which follows the reader's system.
    """
    first = _colour_rules(scope, DARK if theme == "dark" else LIGHT)
    shape = (
        f".{scope} text{{font-family:{FONT};font-size:13px}}"
        f".{scope} .t{{font-size:17px;font-weight:600}}"
        f".{scope} .h{{font-size:24px;font-weight:600}}"
        f".{scope} .s{{font-size:12px}}"
        f".{scope} .b{{font-weight:600}}"
        f".{scope} .m{{text-anchor:middle}}"
        f".{scope} .edge{{fill:none;stroke-width:1.75;stroke-linecap:round}}"
        f".{scope} .dash{{stroke-dasharray:6 5}}"
        f".{scope} .i{{fill:none;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}}"
        f".{scope} .thin{{fill:none;stroke-width:.5;opacity:.55}}"
        f".{scope} .dot{{fill:none;stroke-width:14;stroke-linecap:round}}"
        f".{scope} .spot{{fill:none;stroke-width:7;stroke-linecap:round}}"
        f".{scope} .names text{{font-size:34px;font-weight:600;text-anchor:middle}}"
        f".{scope} .faded>*{{opacity:.28}}"
        f".{scope} .faded>.plate{{opacity:1}}"
        f".{scope} .faded>.card{{opacity:1;stroke-opacity:.35}}"
    )
    if theme != "auto":
        return first + shape
    return f"{first}{shape}@media (prefers-color-scheme:dark){{{_colour_rules(scope, DARK)}}}"


def style_of_widths(scope: str) -> str:
    """Return the style sheet that chooses between the texts of a picture for two widths."""
    return (
        f".{scope} .narrow{{display:none}}"
        f"@media (max-width:560px){{.{scope} .wide{{display:none}}.{scope} .narrow{{display:inline}}}}"
    )


def _colour_rules(scope: str, palette: dict[str, str]) -> str:
    return "".join(f".{scope} .{name}{{{rule.format(**palette)}}}" for name, rule in _RULES.items())
