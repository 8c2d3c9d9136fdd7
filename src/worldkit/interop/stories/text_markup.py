"""The formatting of a text: what each story format writes for bold, headings and the like, and elements of HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Hashable, Iterable, Sequence
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
_TILDES_OR_CARETS = r"(?<!~)~~(?!~)|(?<!\^)\^\^(?!\^)"
_UNDERLINE = r"(?<!_)__(?!_)"
_STRIKE = r"(?<!=)==(?!=)"
_STYLE_MARK = r"@@(?:[ \t]*[#.\w-][^;@\n]{0,80};)*"
_BLANKS = r"[ \t]*"
_STARS, _LINES = r"(?<!\*)\*{1,3}(?!\*)", r"(?<!_)_{1,2}(?!_)"
_BULLET = re.compile(r"(?:\A|(?<=\n))[ \t]*(?:[*#]{1,6}|(?:0\.){1,6}|[-–|•·/])[ \t]*\Z")


class Sign(NamedTuple):
    """A mark that formats what stands between it and the next one like it; one without another is text.

    Attributes:
        at: Where it stands in the text without formatting.
        offset: Where it stands in the text.
        opens: Whether a format may begin there.
        closes: Whether a format may end there.
        is_inline: Whether the format ends with the line.
    """

    text: str
    at: int
    offset: int
    opens: bool
    closes: bool
    is_inline: bool


class PlainText(NamedTuple):
    """A text without its formatting.

    Attributes:
        marks: What was taken out, each with where it stood.
        signs: What is still there, and is formatting if there is another like it.
    """

    text: str
    marks: list[tuple[str, int]]
    signs: list[Sign]


class Markup:
    """What a story format writes for the formatting of a text.

    Args:
        marks: A pattern of what begins or ends a format anywhere, and is never text.
        lines: A pattern of what formats the line that it begins.
        pairs: A pattern of what is text where there is no other like it.
        emphasis: A pattern of marks of Markdown: these touch what they emphasise, on one line.
    """

    def __init__(self, marks: str = "(?!)", lines: str = "(?!)", pairs: str = "(?!)", emphasis: str = "(?!)") -> None:
        signs = rf"(?P<pair>{pairs})|(?P<emphasis>{emphasis})"
        self._pattern = re.compile(rf"{_HTML}|(?P<line>^(?:{lines}))|(?P<mark>{marks})|{signs}", re.MULTILINE)

    def read(self, text: str, *, begins_line: bool = True) -> PlainText:
        """Return a text without its formatting, but for signs that may have another like them elsewhere.

        Args:
            text: The text, or a part of it.
            begins_line: Whether a line begins where it does.
        """
        marks: list[tuple[str, int]] = []
        signs: list[Sign] = []
        parts: list[str] = []
        length = last = 0
        for match in self._pattern.finditer(text):
            replacement = ""
            if match["entity"] is not None:
                replacement = html.unescape(match[0])
            elif match["line"] is not None and match.start() == 0 and not begins_line:
                replacement = match[0]
            elif match["pair"] is not None or match["emphasis"] is not None:
                replacement = match[0]
                signs.append(_sign(match, length + match.start() - last, begins_line=begins_line))
            else:
                marks.append((match[0] if match["media"] is not None else _name(match[0]), match.start()))
                replacement = "\n" if match["break"] is not None else ""
            parts += [text[last : match.start()], replacement]
            length += match.start() - last + len(replacement)
            last = match.end()
        return PlainText("".join([*parts, text[last:]]), marks, signs)

    def plain(self, text: str) -> str:
        """Return a text of one line that stands alone, such as that of a link, without its formatting."""
        plain_text = self.read(text, begins_line=False)
        paired_numbers = paired_signs([(sign, None) for sign in plain_text.signs])
        return without_signs(
            plain_text.text, [sign for number, sign in enumerate(plain_text.signs) if number in paired_numbers]
        )


def _sign(match: re.Match[str], at: int, *, begins_line: bool) -> Sign:
    """Return what a mark may do: one of Markdown begins before a word, and ends behind one."""
    text, start, end = match.string, match.start(), match.end()
    if match["pair"] is not None:
        return Sign(match[0], at, start, opens=True, closes=True, is_inline=False)
    before = text[start - 1] if start else "\n" if begins_line else "."
    after = text[end] if end < len(text) else "."  # what stands between two parts of a text is shown
    is_word_before, is_word_after = (sign.isalnum() or sign == "_" for sign in (before, after))
    opens, closes = not is_word_before and not after.isspace(), not is_word_after and not before.isspace()
    return Sign(match[0], at, start, opens=opens, closes=closes, is_inline=True)


def paired_signs(signs: Sequence[tuple[Sign, Hashable]]) -> set[int]:
    """Return the numbers of the signs that format something: of each two alike, and none between them that opens.

    Args:
        signs: The signs of a text in order, each with the line or the part of the text in which it stands.
    """
    open_signs: list[int] = []
    places: dict[Hashable, list[tuple[int, int]]] = {}  # where those like each other are in that list, and which
    paired_numbers: set[int] = set()
    for number, (sign, sign_place) in enumerate(signs):
        own_places = places.setdefault((sign.text, sign_place), [])
        while own_places and open_signs[own_places[-1][0] : own_places[-1][0] + 1] != [own_places[-1][1]]:
            own_places.pop()  # a pair around it was closed: it is text
        if sign.closes and own_places:
            place, opening = own_places.pop()
            paired_numbers |= {opening, number}
            del open_signs[place:]
        elif sign.opens:
            own_places.append((len(open_signs), number))
            open_signs.append(number)
    return paired_numbers


def without_signs(text: str, signs: Iterable[Sign]) -> str:
    """Return a text without some signs, which are in order."""
    parts, last = [], 0
    for sign in signs:
        parts.append(text[last : sign.at])
        last = sign.at + len(sign.text)
    return "".join([*parts, text[last:]])


def _name(mark: str) -> str:
    """Return what a mark is called: an element without its attributes, a style without its names."""
    return re.sub(r"^</?([\w-]+).*|^(@@).*", lambda match: match[2] or f"<{match[1]}>", mark.strip(), flags=re.DOTALL)


def without_bullet(text: str) -> str:
    """Return a text without the bullet, or the stroke between two links, at its end: the link behind it is a choice."""
    return _BULLET.sub("", text)


HTML = Markup()
HARLOWE = Markup(
    lines=rf"{_BLANKS}#{{1,6}}{_BLANKS}(?=[^\s#])|{_BLANKS}(?:=+><=+|<?=+>|<=+){_BLANKS}(?:\n|\Z)",
    pairs=rf"{_BOLD}|{_ITALICS}|{_TILDES_OR_CARETS}",
    emphasis=_STARS,
)
SUGARCUBE = Markup(
    # one without another formats the rest of the passage
    rf"{_BOLD}|{_ITALICS}|{_TILDES_OR_CARETS}|{_UNDERLINE}|{_STRIKE}|{_STYLE_MARK}",
    rf"!{{1,6}}{_BLANKS}(?=[^\s!])",
)
CHAPBOOK = Markup(lines=r"#{1,6}[ \t]+(?=\S)", emphasis=rf"(?<!~)~~(?!~)|{_STARS}|{_LINES}")
