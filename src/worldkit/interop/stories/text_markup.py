"""The formatting of a text: what each story format writes for bold, headings and the like, and elements of HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

_ATTRIBUTES = r"""(?:"[^"]*"|'[^']*'|[^"'<>])*+"""
_MEDIA = "(?i:img|audio|video|iframe|object|embed|svg|canvas|picture)"
_HTML = (
    rf"(?P<break></?(?i:br|p|hr)\b{_ATTRIBUTES}>)"
    rf"|(?P<media><{_MEDIA}\b{_ATTRIBUTES}>)"
    rf"|(?P<element></?[A-Za-z][\w-]*{_ATTRIBUTES}>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)
_ITALICS = r"(?<![:/])//(?!/)"
_BOLD = r"(?<!')''(?!')"
_TWICE = r"(?<!~)~~(?!~)|(?<!\^)\^\^(?!\^)"
_UNDERLINE = r"(?<!_)__(?!_)"
_STRIKE = r"(?<!=)==(?=[^\s=])(?=[^=\n]*==(?!=))|(?<=[^\s=])==(?!=)"
_STYLED = r"@@(?:[ \t]*[#.\w-][^;@\n]{0,80};)*"
_BLANKS = r"[ \t]*"
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<stars>\*{1,3})(?=[^\s*])(?P<starred>[^*\n]+)(?<=\S)(?P=stars)(?![\w*])"
    r"|(?<!\w)(?P<lines>_{1,2})(?=[^\s_])(?P<lined>[^_\n]+)(?<=\S)(?P=lines)(?!\w)"
)
_BULLET = re.compile(r"(?:\A|(?<=\n))[ \t]*(?:[*#]{1,6}|(?:0\.){1,6}|[-–|•·/])[ \t]*\Z")


class PlainText(NamedTuple):
    """A text without its formatting.

    Attributes:
        text: The text.
        marks: What was taken out, each with where it stood.
    """

    text: str
    marks: list[tuple[str, int]]


class Markup:
    """What a story format writes for the formatting of a text.

    Args:
        marks: A pattern of what begins or ends a format anywhere.
        lines: A pattern of what formats the line that it begins.
        emphasis: The signs of Markdown that stand around what they emphasise: of ``*`` and ``_``.
    """

    def __init__(self, marks: str = "(?!)", lines: str = "(?!)", emphasis: str = "") -> None:
        self._pattern = re.compile(rf"{_HTML}|(?P<line>^(?:{lines}))|(?P<mark>{marks})", re.MULTILINE)
        self._emphasis = emphasis

    def plain(self, text: str, *, begins_line: bool = True) -> PlainText:
        """Return a text without its formatting.

        Args:
            text: The text, or a part of it.
            begins_line: Whether a line begins where it does.
        """
        marks: list[tuple[str, int]] = []

        def without(mark: re.Match[str]) -> str:
            if mark["entity"] is not None:
                return html.unescape(mark[0])
            if mark["line"] is not None and mark.start() == 0 and not begins_line:
                return mark[0]
            marks.append((mark[0] if mark["media"] is not None else _name(mark[0]), mark.start()))
            return "\n" if mark["break"] is not None else ""

        marks += [(sign, at) for sign, at in self._emphasised(text)]
        unmarked = self._pattern.sub(without, text) if self._pattern.search(text) is not None else text
        if self._emphasis:
            unmarked = _EMPHASIS.sub(self._inside, unmarked)
        return PlainText(unmarked, marks)

    def _emphasised(self, text: str) -> Iterator[tuple[str, int]]:
        for match in _EMPHASIS.finditer(text) if self._emphasis else ():
            sign = match["stars"] or match["lines"]
            if sign[0] in self._emphasis:
                yield sign, match.start()

    def _inside(self, match: re.Match[str]) -> str:
        sign = match["stars"] or match["lines"]
        return (match["starred"] or match["lined"]) if sign[0] in self._emphasis else match[0]


def _name(mark: str) -> str:
    """Return what a mark is called: an element without its attributes, a style without its names."""
    return re.sub(r"^</?([\w-]+).*|^(@@).*", lambda match: match[2] or f"<{match[1]}>", mark.strip(), flags=re.DOTALL)


def without_bullet(text: str) -> str:
    """Return a text without the bullet, or the stroke between two links, at its end: the link behind it is a choice."""
    return _BULLET.sub("", text)


HTML = Markup()
HARLOWE = Markup(
    rf"{_BOLD}|{_ITALICS}|{_TWICE}",
    rf"{_BLANKS}#{{1,6}}{_BLANKS}(?=[^\s#])|{_BLANKS}(?:=+><=+|<?=+>|<=+){_BLANKS}(?:\n|\Z)",
    "*",
)
SUGARCUBE = Markup(rf"{_BOLD}|{_ITALICS}|{_TWICE}|{_UNDERLINE}|{_STRIKE}|{_STYLED}", rf"!{{1,6}}{_BLANKS}(?=[^\s!])")
CHAPBOOK = Markup(r"(?<!~)~~(?!~)", r"#{1,6}[ \t]+(?=\S)", "*_")
