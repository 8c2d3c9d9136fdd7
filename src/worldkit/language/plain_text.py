"""The plain text of what was copied from a page or a note: without the markup of HTML and Markdown."""

from __future__ import annotations

import html
import re

from worldkit.language.tagging import tag
from worldkit.language.word_sets import word_set

MAX_TEXT_LENGTH = 16_000
"""Characters that are read, markup among them."""
_BREAK = "\0"
"""Stands for what ends a line for good, until it is known whether a full stop is wanted there."""
_HIDDEN_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|head)\b.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_BLOCKS = "article|blockquote|br|dd|div|dl|dt|footer|h[1-6]|header|hr|li|main|ol|p|pre|section|table|td|th|tr|ul"
_BLOCK = re.compile(rf"</?(?:{_BLOCKS})\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*(?: [^()\n]*)?\)")
_ADDRESS = re.compile(r"<?\bhttps?://[^\s<>]+>?")
_LINE_START = re.compile(
    r"^[ \t]*(?:(?:[-*+•]|\d{1,3}[.)]|#{1,6})[ \t]+(?:\[[ xX]\][ \t]+)?|(?:[-*_=]{3,}|`{3}\w*)[ \t]*$)", re.MULTILINE
)
_ANY_LABEL = r"(?:[A-Za-z][a-z]*(?: [a-z]+)?|[A-Z]{3,})"
_LABEL = re.compile(
    rf"(?:^[ \t{_BREAK}]*|(?<=[.;!?] ))(?P<label>{_ANY_LABEL})[ \t]*:"
    # what it says may stand on the next line
    rf"(?P<gap>[\s{_BREAK}]*(?=[^\s{_BREAK}])(?!{_ANY_LABEL}[ \t]*:)|[ \t]*)"
    r"(?P<value>[^\n.;!?]*)(?P<end>[.;!?]?)",
    re.MULTILINE,
)
_OPENINGS = {"hero_labels": "You are ", "place_labels": "In ", "task_labels": ""}
_TABLE = re.compile(
    r"^[ \t]*\|(?P<head>[^\n]+)\|[ \t]*\n[ \t]*\|[ \t:|-]+\|[ \t]*\n(?P<rows>(?:[ \t]*\|[^\n]*\|[ \t]*(?:\n|\Z))+)",
    re.MULTILINE,
)
_QUOTE_MARK = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_EMPHASIS = re.compile(r"(?<!\w)[*_~`]{1,3}(?=[\w\"“‘'(])|(?<=[\w.,:;!?\"”’')])[*_~`]{1,3}(?!\w)")
_BREAKS = re.compile(rf"([.!?:;,…–—-]?[\"”’')]?) ?{_BREAK}[ {_BREAK}]*")


def plain_text(text: str) -> str:
    r"""Return a text on one line, without markup; a heading, an item of a list and a paragraph are sentences.

    Args:
        text: The text, of which the first 16,000 characters are read.
    """
    text = _HIDDEN_MARKUP.sub(" ", text[:MAX_TEXT_LENGTH].replace(_BREAK, " ").replace("\r\n", "\n"))
    text = _TAG.sub("", _BLOCK.sub(_BREAK, _TABLE.sub(_table_as_form, text)))
    text = _ADDRESS.sub(" ", _LINK.sub(r"\1", html.unescape(text).replace(_BREAK, "\n\n")))
    text = _EMPHASIS.sub("", _LINE_START.sub(_BREAK, _QUOTE_MARK.sub("", text)))
    text = _PARAGRAPH.sub(_BREAK, _LABEL.sub(_without_label, text))
    return _BREAKS.sub(_joint, " ".join(text.split())).strip()


def _table_as_form(match: re.Match[str]) -> str:
    """Return a table of Markdown as a form: a line for each cell, which begins with the heading of its column.

    A table of two columns whose headings are none of a form has the names of its lines in the first column.
    """
    lines = [match["head"], *match["rows"].split("\n")]
    head, *rows = ([cell.strip() for cell in line.strip(" \t|").split("|")] for line in lines if line.strip())
    is_form = len(head) != 2 or any(_is_label(cell) for cell in head)
    pairs = (pair for row in rows for pair in (zip(head, row, strict=False) if is_form else [row[:2]]))
    return "".join("\n" + ": ".join(filter(None, pair)) for pair in pairs) + "\n"


def _is_label(text: str) -> bool:
    label = text.lower().removesuffix("s")
    return any(label in word_set(name) for name in (*_OPENINGS, "form_labels"))


def _without_label(match: re.Match[str]) -> str:
    """Return a line of a form as a sentence: In the sewer, for Place: the sewer."""
    label, value = match["label"].lower().split()[-1].removesuffix("s"), match["value"]
    if label in word_set("form_labels"):
        return match["gap"] + value + match["end"] if "\n" in match["gap"] else _BREAK
    opening = next((opening for name, opening in _OPENINGS.items() if label in word_set(name)), None)
    if opening is None:
        return match[0]
    tokens = tag(value)
    is_sentence = value[:1].isupper() and any(token.tag in "VXI" for token in tokens)
    # in the kitchen; she is a cook
    is_whole = is_sentence or not tokens or tokens[0].tag in "PO"
    return f"{_BREAK}{value if is_whole else f'{opening}{value}'}{match['end']}{_BREAK}"


def _joint(match: re.Match[str]) -> str:
    """Return what stands between two lines: a full stop where the first has no mark."""
    is_edge = match.start() == 0 or match.end() == len(match.string)
    return match[1] if is_edge else f"{match[1] or '.'} "
