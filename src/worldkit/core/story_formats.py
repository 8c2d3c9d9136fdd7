"""Which program a story comes from, told by its content."""

from __future__ import annotations

import io
import os
import re
from typing import Literal

StoryFormat = Literal["Twee", "Twine page", "ink", "ink source", "Yarn source", "XState", "SCXML"]

_TWEE = re.compile(r"^::[ \t]*\S", re.MULTILINE)
_SCXML = re.compile(r"<(?:\w+:)?scxml[\s>]")
_INK_SOURCE = re.compile(
    # never over a line's end: from each of many empty lines, all that follow would be looked at again
    r"^[ \t]*(?:={2,}[ \t]*(?:function[ \t]+)?\w+|(?:VAR|CONST|INCLUDE|LIST)[ \t]+\w+|[*+][ \t]+\S|->[ \t]*\w+)",
    re.MULTILINE,
)
_YARN_SOURCE = re.compile(r"^title:[^\n]*\n(?:[A-Za-z][\w-]*:[^\n]*\n){0,50}---[ \t]*$", re.MULTILINE)
_CHART = re.compile(r'\{\s*"(?:initial|type|id|key|context|states|on|description|version|\$schema)"\s*:')
_HEAD_LENGTH = 100_000
"""How many characters are looked at for what a text may begin with."""


def story_format(text: str) -> StoryFormat | None:
    """Return the format of a story or a state machine; None when it looks like none of them.

    Args:
        text: The content of the file.
    """
    head = text[:_HEAD_LENGTH].lstrip("\ufeff \t\r\n")
    if head[:1] == "{":
        if re.search(r'"inkVersion"\s*:', head):
            return "ink"
        is_chart = re.search(r'"states"\s*:\s*\{', text) is not None and _CHART.match(head) is not None
        return "XState" if is_chart and not _is_world(text) else None
    if "<tw-storydata" in text:
        return "Twine page"
    if head[:1] == "<":
        return "SCXML" if _SCXML.search(head) else None
    if _YARN_SOURCE.search(head):
        return "Yarn source"
    if _TWEE.search(head):
        return "Twee"
    return "ink source" if _INK_SOURCE.search(head) else None


def story_hint(path: str | os.PathLike[str]) -> str:
    """Return how to open a file that holds a story of another program, as the end of a message; else nothing."""
    try:
        with open(path, "rb") as file:
            return hint_for(file.read(_HEAD_LENGTH), os.fspath(path))
    except (OSError, ValueError):
        return ""


def hint_for(content: str | bytes, name: str) -> str:
    """Return how to open a text that is a story of another program, as the end of a message; else nothing.

    Args:
        content: The text, or the bytes of its file.
        name: The name of its file.
    """
    kind = _DESCRIPTIONS.get(story_format(content if isinstance(content, str) else _head_of(content)))
    return f"it looks like {kind}; make a world of it with worldkit.import_({name!r}).world" if kind else ""


def _head_of(data: bytes) -> str:
    """Return the beginning of a file as text, whatever ends its lines."""
    with io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", errors="replace") as text:
        return text.read(_HEAD_LENGTH)


_DESCRIPTIONS: dict[StoryFormat | None, str] = {
    "Twee": "a Twine story in Twee",
    "Twine page": "a page of Twine",
    "ink": "a story in ink",
    "XState": "a state machine of XState",
    "SCXML": "a state machine in SCXML",
}


def _is_world(text: str) -> bool:
    return re.search(r'"(?:scene|schemaVersion|acts|snapshot)"\s*:', text) is not None
