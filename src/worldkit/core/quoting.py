"""How messages show values, paths and texts: short, on one line, and encodable everywhere."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from worldkit.core.characters import shorten

MAX_FILE_NAME_LENGTH = 200
"""In characters, how much of a file's path a message shows."""

MAX_PATH_LENGTH = 200
MAX_KEY_LENGTH = 60
"""In characters, how much of a path, and of one key in it, a message shows."""

_MAX_COMPARED_LENGTH = 80


def is_encodable(text: str) -> bool:
    """Return whether a text can be encoded as UTF-8, that is, has no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def quote(value: Any, limit: int = 60) -> str:
    """Return a value as it is quoted in a message: short JSON, or its ``repr`` when it is not JSON.

    Characters that could steer a terminal or reverse the direction of what follows are escaped.
    The time taken is bounded by the limit and the longest text in the value, not by the value's size.

    Args:
        value: Anything.
        limit: The length of the result, in characters, beyond which it is cut.
    """
    try:
        text = _short_json(value, limit)
    except (TypeError, ValueError, RecursionError):
        text = _safe_repr(value)
    text = _shorten_json(text, limit)
    return text if text.isprintable() else _shorten_json(escape_unprintable(text), limit)


def quote_name(name: str, limit: int = 200) -> str:
    """Return a name of a world as messages of play quote it, in single quotes; the beginning of a long one."""
    return repr(shorten(name, limit))


def format_count(count: int, noun: str) -> str:
    """Return a count and the noun in its number, as in ``1 state`` and ``1,200 states``.

    Args:
        count: How many there are.
        noun: The noun in the singular, with a plural in ``s``.
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """Return ``'; did you mean "lane"?'`` for a word close to one or two known ones, else nothing."""
    close = difflib.get_close_matches(word[:_MAX_COMPARED_LENGTH], list(names), n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(quote(name) for name in close)}?" if close else ""


def name_list(names: Sequence[str], max_count: int = 6) -> str:
    """Return the first of some names, and how many more there are, as in ``"lane", "bench" and 3 more``."""
    return first_few([quote(name) for name in names[:max_count]], max_count, len(names))


def first_names(names: Sequence[str], max_count: int = 8) -> str:
    """Return the first of some names as messages of play quote them: ``'lane', 'bench' and 3 more``."""
    return first_few([quote_name(name) for name in names[:max_count]], max_count, len(names))


def first_few(texts: Sequence[str], max_count: int, count: int | None = None, joint: str = ", ") -> str:
    """Return the first of some texts, and how many more there are.

    Args:
        texts: The texts; no more than the first are needed.
        max_count: How many to tell.
        count: How many there are; by default these.
        joint: What stands between two.
    """
    rest = (len(texts) if count is None else count) - max_count
    return joint.join(texts[:max_count]) + (f" and {rest} more" if rest > 0 else "")


def name_some(names: Sequence[str]) -> str:
    """Return ``'; there are "lane", "bench" and 3 more'`` for the names that there are."""
    return f"; there are {name_list(names) or 'none'}"


def _shorten_json(text: str, limit: int) -> str:
    """Return JSON that is cut beyond a limit; a text in it that is cut keeps its closing quotation mark."""
    if len(text) <= limit or text[:1] != '"':
        return shorten(text, limit)
    return f'{shorten(text, limit - 1)}"'


def _short_json(value: Any, limit: int) -> str:
    if isinstance(value, str):
        return json.dumps(value[: limit + 1], ensure_ascii=False)
    if not isinstance(value, (dict, list, tuple)):
        return json.dumps(value)
    chunks, length = [], 0
    for chunk in _ENCODER.iterencode(value):
        chunks.append(chunk)
        length += len(chunk)
        if length > limit:
            break
    return "".join(chunks)


_ENCODER = json.JSONEncoder(ensure_ascii=False)


def _safe_repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception:  # a number with too many digits, or an object whose repr fails
        return f"a {type(value).__name__}"


_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def format_path(steps: Sequence[str | int]) -> str:
    """Return the path that steps make, as in ``scene.events[3].landWhen.hits``, in full.

    A key that is no identifier is quoted in brackets.

    Args:
        steps: Keys and indices, outermost first.
    """
    return _join_path(steps, "", math.inf)


def format_short_path(steps: Sequence[str | int], start: str = "") -> str:
    """Return a path for a message: as ``format_path``, but with long keys and the middle of a long path cut out.

    Args:
        steps: Keys and indices, outermost first.
        start: The path they begin at.

    Returns:
        At most about ``MAX_PATH_LENGTH`` characters.
    """
    text = _join_path(steps, start, MAX_KEY_LENGTH)
    return text if len(text) <= MAX_PATH_LENGTH else f"{text[: MAX_PATH_LENGTH // 2]}…{text[-MAX_PATH_LENGTH // 2 :]}"


def _join_path(steps: Sequence[str | int], start: str, max_key_length: float) -> str:
    parts = [start]
    for step in steps:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif len(step) <= max_key_length and _IDENTIFIER.match(step):
            parts.append(f".{step}" if len(parts) > 1 or start else step)
        else:
            parts.append(f"[{json.dumps(step, ensure_ascii=False) if max_key_length == math.inf else quote(step)}]")
    return "".join(parts)


_JOINERS = "\u200c\u200d"  # Persian and the scripts of India are written with them, and many emoji


def escape_unprintable(text: str) -> str:
    """Return a text with everything escaped that could move a terminal's cursor, colour it or reverse its direction."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in _JOINERS else char.encode("unicode_escape").decode() for char in text
    )


def on_one_line(text: str | None) -> str:
    """Return a text of a world for one line: nothing in it reorders, hides or ends the words around it."""
    return escape_unprintable(" ".join((text or "").split()))


def page_text(text: str) -> str:
    """Return a text of a world or about one for a page: on one line, with markup and unprintable characters escaped."""
    return escape(escape_unprintable(re.sub(r"\s", " ", text)))


def numbered_world(number: int, name: str) -> str:
    """Return how a message names one of several worlds: their names may repeat."""
    return f"world {number}, {quote(name)}" if name else f"world {number}, which has no name"
