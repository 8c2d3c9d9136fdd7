"""Where the calls of Harlowe's macros end, and what stands between their parentheses."""

from __future__ import annotations

import re

_QUOTED_ARGUMENT = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')\s*(?:,|$)""")
_CALL_PARTS = re.compile(r"""\(\s*[A-Za-z][\w-]*\s*:|[()"'\\]""")


def plain_texts(arguments: str) -> list[str]:
    """Return arguments that are all plain texts; none when they are anything else."""
    texts, at = [], 0
    while at < len(arguments):
        match = _QUOTED_ARGUMENT.match(arguments, at)
        if match is None:
            return []
        texts.append(match[1] if match[1] is not None else match[2])
        at = match.end()
        if not arguments[at:].strip():
            break
    return texts


def split_arguments(arguments: str) -> list[str]:
    """Return the parts between the commas that are in no text and no parentheses."""
    parts, depth, quote, begin = [], 0, "", 0
    for at, char in enumerate(arguments):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "," and depth == 0:
            parts.append(arguments[begin:at])
            begin = at + 1
    parts.append(arguments[begin:])
    return [part for part in parts if part.strip()]


def call_ends(text: str) -> dict[int, int]:
    """Return where each macro call ends, by where it begins; one that is not closed has no end."""
    ends: dict[int, int] = {}
    is_open: list[int | None] = []  # by parenthesis: where the macro begins, None of another parenthesis
    macros = 0
    at = 0
    no_more: set[str] = set()
    while (part := _CALL_PARTS.search(text, at)) is not None:
        at = part.end()
        if part[0] == "\\":
            at += 1
        elif part[0] in "\"'":
            if macros and part[0] not in no_more:
                end = text.find(part[0], at)
                if end < 0:
                    no_more.add(part[0])
                else:
                    at = end + 1
        elif part[0] == ")":
            if is_open:
                start = is_open.pop()
                if start is not None:
                    ends[start] = at
                    macros -= 1
        else:
            is_macro = len(part[0]) > 1
            is_open.append(part.start() if is_macro else None)
            macros += is_macro
    return ends
