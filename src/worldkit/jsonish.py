"""JSON values: strict reading, copying and equality, where 1 is not true and order of keys can matter."""

from __future__ import annotations

import gc
import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic_core import from_json

from worldkit.errors import InvalidWorld, Problem

Json = dict[str, Any]

MAX_DEPTH = 200
MAX_BYTES = 64 * 1024 * 1024


class _Refused(ValueError):
    pass


def _pairs(pairs: list[tuple[str, Any]]) -> Json:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Refused(f"the key {json.dumps(twice)} stands twice in one object; remove one of the two")
    return made


def _constant(name: str) -> float:
    raise _Refused(f"{name} is not a JSON number")


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Refused(f"the number {text[:30]} is too large")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_float)


def parse(text: str, source: str = "the text", max_bytes: int = MAX_BYTES) -> Any:
    """Read JSON text strictly: no duplicate keys, no NaN, bounded size and depth.

    Args:
        text: The JSON text.
        source: What to call it in an error, such as a file name.
        max_bytes: Longest text accepted, in characters.

    Returns:
        The JSON value.

    Raises:
        InvalidWorld: It is not JSON, or breaks one of those bounds (RFC 8259 leaves them to the reader).
    """
    if len(text) > max_bytes:
        raise InvalidWorld([Problem("", too_large(len(text), max_bytes))], source)
    text = text.removeprefix("\ufeff")
    value = _at_speed(text)
    return _with_care(text, source) if value is _UNSURE else value


_UNSURE = object()
_SPACED_COLON = re.compile(r'"\s+:')


def _at_speed(text: str) -> Any:
    """Return the value of a sound text, or ``_UNSURE``: twice as fast as ``_with_care``, without its reasons.

    The parser refuses NaN, half surrogates, endless digits and great depth, and keeps the last of two equal keys.
    Every key ends in a quotation mark and a colon, so a text with no more of those than the value has keys holds
    no key twice. Texts that part the two, or hold them in prose, are left to the careful reader.
    """
    try:
        value = from_json(text, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        return _UNSURE
    sure = not _SPACED_COLON.search(text) and text.count('":') == _count_keys(value)
    return value if sure else _UNSURE


def _count_keys(value: Any) -> int:
    """Return how many keys a value holds at all depths; -1 when a number in it is too large."""
    count, waiting = 0, [value]
    while waiting:
        item = waiting.pop()
        kind = type(item)
        if kind is dict:
            count += len(item)
            waiting += [part for part in item.values() if type(part) is not str]
        elif kind is list:
            waiting += [part for part in item if type(part) is not str]
        elif kind is float and math.isinf(item):
            return -1
    return count


def _with_care(text: str, source: str) -> Any:
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        what = f"not JSON at {where}: {error.msg[0].lower()}{error.msg[1:]}"
        raise InvalidWorld([Problem("", what)], source) from None
    except _Refused as error:
        raise InvalidWorld([Problem("", str(error))], source) from None
    except RecursionError:
        raise InvalidWorld([Problem("", f"nested more than {MAX_DEPTH} levels deep")], source) from None
    except ValueError:
        raise InvalidWorld([Problem("", "a number has too many digits")], source) from None
    check(value, source)
    return value


@contextmanager
def allocating() -> Iterator[None]:
    """Hold the cycle collector back while a large acyclic document is built; it halves the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            if not gc.get_freeze_count():
                gc.freeze()  # what was built goes to the oldest generation without being walked
                gc.unfreeze()
            gc.enable()


def too_large(size: int, max_bytes: int) -> str:
    """Return the sentence that refuses a document for its size."""
    return (
        f"{size / 1e6:,.0f} MB is more than the {max_bytes / 1e6:,.0f} MB read by default; "
        "pass max_bytes= to read it all the same"
    )


def check(value: Any, source: str = "the document") -> None:
    """Refuse what JSON cannot say: other types, keys that are not strings, lone surrogates, great depth.

    Raises:
        InvalidWorld: With the first such place.
    """
    try:
        _walk(value, "", 0)
    except _Refused as error:
        raise InvalidWorld([Problem("", str(error))], source) from None


def _walk(value: Any, path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _Refused(f"nested more than {MAX_DEPTH} levels deep")
    kind = type(value)
    if kind is str:
        if not value.isascii():
            _encodable(value, path)
    elif kind is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise _Refused(f"{path or 'the document'}: keys are strings, got {key!r}")
            if not key.isascii():
                _encodable(key, path)
            _walk(item, f"{path}.{key}" if path else key, depth + 1)
    elif kind is list:
        for index, item in enumerate(value):
            _walk(item, f"{path}[{index}]", depth + 1)
    elif kind is float:
        if not math.isfinite(value):
            raise _Refused(f"{path}: {value} is not a JSON number")
    elif value is not None and kind is not bool and kind is not int:
        raise _Refused(f"{path or 'the document'}: a {kind.__name__} is not a JSON value")


def _encodable(text: str, path: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _Refused(f"{path}: holds half of a surrogate pair, which is no character") from None


def copied(value: Any) -> Any:
    """Return a deep copy of a JSON value; tuples become lists, mappings become dicts."""
    kind = type(value)
    if kind is dict:
        return {key: copied(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [copied(item) for item in value]
    return value


def same(a: Any, b: Any) -> bool:
    """Say whether two JSON values are equal by JSON's types: ``1``, ``1.0`` and ``true`` all differ.

    Key order does not matter here; identical objects are equal at once, so worlds that share
    structure compare fast.
    """
    if a is b:
        return True
    kind = type(a)
    if kind is not type(b):
        return False
    if kind is dict:
        if len(a) != len(b):
            return False
        return all(key in b and same(item, b[key]) for key, item in a.items())
    if kind is list:
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def dumps(value: Any, indent: int | None = 2) -> str:
    """Return JSON text, in the value's own key order, with non-ASCII characters as they are."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def shown(value: Any, limit: int = 60) -> str:
    """Return a short JSON rendering of a value for a message."""
    if type(value) is str:
        value = value[: limit + 1]  # no more of it can be shown, and it may be as long as a document
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def printable(text: str) -> str:
    """Return a text without anything that moves a terminal's cursor, colours it or turns the text round."""
    return "".join(
        char if char.isprintable() or char == "\u200d" else char.encode("unicode_escape").decode() for char in text
    )
