"""JSON values: strict parsing, copying, and equality that tells 1 from true."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json, to_json

from worldkit.core.errors import InvalidWorld, Problem, WorldError
from worldkit.core.quoting import escape_unprintable as escape_unprintable
from worldkit.core.quoting import format_path as format_path
from worldkit.core.quoting import format_short_path as format_short_path
from worldkit.core.quoting import is_encodable
from worldkit.core.quoting import quote as quote
from worldkit.core.read_only import ReadOnlyDict, ReadOnlyList

Json = dict[str, Any]

_OBJECTS = frozenset({dict, ReadOnlyDict})
_LISTS = frozenset({list, ReadOnlyList})

MAX_DEPTH = 200
MAX_BYTES = 64 * 1024 * 1024
MAX_INDENT = 100
_NUMBER_LIMIT = 10**4300
"""Whole numbers from here on are refused: Python's own limit (``sys.set_int_max_str_digits``)."""
_DEPTH_MESSAGE = f"nested more than {MAX_DEPTH} levels deep"
_LONE_SURROGATE = "has a lone surrogate, which is no character"


class _NotStrict(ValueError):
    pass


def _read_object(pairs: list[tuple[str, Any]]) -> Json:
    value = dict(pairs)
    if len(value) != len(pairs):
        keys: set[str] = set()
        duplicate = next(key for key, _ in pairs if key in keys or keys.add(key))  # type: ignore[func-returns-value]
        raise _NotStrict(f"the key {quote(duplicate)} is twice in one object; remove one of the two")
    return value


def _refuse_constant(name: str) -> float:
    raise _NotStrict(f"{name} is not a JSON number")


def _read_float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _NotStrict(f"the number {text[:30]} is too large")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_read_object, parse_constant=_refuse_constant, parse_float=_read_float)


def parse(text: str | bytes, source: str = "the text", max_bytes: int = MAX_BYTES, if_too_large: str = "") -> Any:
    """Read JSON text strictly: no duplicate keys, no NaN, bounded size and depth; in time linear in its length.

    Args:
        text: The JSON text, or its UTF-8 bytes.
        source: What to call it in an error, such as a file name.
        max_bytes: Longest text accepted, in characters, or in bytes for bytes.
        if_too_large: What the error says besides when the text is longer.

    Returns:
        The JSON value.

    Raises:
        InvalidWorld: It is not JSON, or breaks one of those bounds (RFC 8259 leaves them to the reader).
    """
    if len(text) > max_bytes:
        raise InvalidWorld([Problem("", size_message(len(text), max_bytes) + if_too_large)], source)
    data = _utf8(text, source).removeprefix(_BYTE_ORDER_MARK)
    value = _parse_fast(data)
    return _parse_carefully(data, source) if value is _UNDECIDED else value


_BYTE_ORDER_MARK = "\ufeff".encode()
_UNDECIDED = object()


def parse_text(text: str, source: str) -> Any:
    """Return the value of a JSON text that a user gave, where a path is easily given instead.

    Raises:
        InvalidWorld: It is not JSON; says so when it looks like a path.
    """
    try:
        return parse(text, source)
    except InvalidWorld:
        if _PATH.fullmatch(text) is None:
            raise
        message = f"{quote(text)} looks like a path; read the file with pathlib.Path({quote(text, 200)}).read_text()"
        raise InvalidWorld([Problem("", message)], source) from None


_PATH = re.compile(r"""[^\s{}\[\]",][^\n{}\[\]"]{0,1000}""")
"""A text on one line that is no JSON even where it was cut off."""

_SPACED_COLON = re.compile(rb'"\s+:')


def _utf8(text: str | bytes, source: str) -> bytes:
    if isinstance(text, bytes):
        return text
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        line, column = text.count("\n", 0, error.start) + 1, error.start - text.rfind("\n", 0, error.start)
        message = f"line {line} column {column}: {_LONE_SURROGATE}"
        raise InvalidWorld([Problem("", message)], source) from None


def _parse_fast(data: bytes) -> Any:
    """Return the value of a valid text, or ``_UNDECIDED``: twice as fast as ``_parse_carefully``, without its messages.

    The parser refuses NaN, lone surrogates, too many digits and great depth, and keeps the last of two equal keys.
    Every key ends in a quotation mark and a colon, so a text with no more of those than the value has keys has
    no duplicate key. Texts with a space between the two, or with both in a string, are left to the other parser.
    """
    try:
        value = from_json(data, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        return _UNDECIDED
    is_sure = not _SPACED_COLON.search(data) and data.count(b'":') == _count_keys(value)
    return value if is_sure else _UNDECIDED


def _count_keys(value: Any) -> int:
    """Return how many keys a value holds at all depths; -1 when a number in it is too large."""
    count, stack = 0, [value]
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is dict:
            count += len(item)
            stack += [part for part in item.values() if type(part) is not str]
        elif kind is list:
            stack += [part for part in item if type(part) is not str]
        elif kind is float and math.isinf(item):
            return -1
    return count


def _parse_carefully(data: bytes, source: str) -> Any:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        message = f"not UTF-8 text: byte {error.start} is {data[error.start]:#04x}"
        raise InvalidWorld([Problem("", message)], source) from None
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        position = f"line {error.lineno} column {error.colno}"
        what = f"not JSON at {position}: {error.msg[0].lower()}{error.msg[1:]}"
        raise InvalidWorld([Problem("", what)], source) from None
    except _NotStrict as error:
        raise InvalidWorld([Problem("", str(error))], source) from None
    except RecursionError:
        raise InvalidWorld([Problem("", _DEPTH_MESSAGE)], source) from None
    except ValueError:
        raise InvalidWorld([Problem("", "a number has too many digits")], source) from None
    check_json(value, source)
    return value


def size_message(size: int, max_bytes: int) -> str:
    """Return the message that refuses a document for its size."""
    return f"{size / 1e6:,.0f} MB is more than the {max_bytes / 1e6:,.0f} MB that are read"


# ---- values that were not parsed ---------------------------------------------------------------


def check_json(value: Any, source: str = "the document") -> None:
    """Refuse what JSON cannot express: other types, keys that are not strings, lone surrogates, great depth.

    Raises:
        InvalidWorld: With the path of the first fault.
    """
    if not _is_json(value):
        steps, message = _find_first_fault(value)
        raise InvalidWorld([Problem(format_short_path(steps), message)], source)


def is_deeper_than(value: Any, max_depth: int) -> bool:
    """Return whether a JSON value is nested deeper than ``max_depth`` levels."""
    return not _is_json(value, max_depth)


def _is_json(value: Any, max_depth: int = MAX_DEPTH) -> bool:
    """Return whether a value is JSON; fast, since it does not record paths."""
    stack: list[tuple[Any, int]] = [((value,), -1)]
    while stack:
        holder, depth = stack.pop()
        depth += 1
        if depth > max_depth and holder:
            return False
        if type(holder) in _OBJECTS:
            for key in holder:
                if type(key) is not str or not (key.isascii() or is_encodable(key)):
                    return False
            items = holder.values()
        else:
            items = holder
        for item in items:
            kind = type(item)
            if kind is str:
                if not (item.isascii() or is_encodable(item)):
                    return False
            elif kind in _OBJECTS or kind in _LISTS:
                stack.append((item, depth))
            elif kind is float:
                if not math.isfinite(item):
                    return False
            elif kind is int:
                if not -_NUMBER_LIMIT < item < _NUMBER_LIMIT:
                    return False
            elif item is not None and kind is not bool:
                return False
    return True


def _find_first_fault(value: Any) -> tuple[list[str | int], str]:
    """Return the path of the first value that JSON cannot express, and its fault."""
    steps: list[Any] = [None]
    stack: list[Iterator[tuple[Any, Any]]] = [iter([("", value)])]
    while stack:
        step, item = next(stack[-1], (_UNDECIDED, None))
        if step is _UNDECIDED:
            stack.pop()
            steps.pop()
            continue
        steps[-1] = step
        message = _describe_fault(item, len(stack) - 1)
        if message:
            return steps[1:], message
        if isinstance(item, (dict, list)):
            stack.append(iter(item.items()) if isinstance(item, dict) else iter(enumerate(item)))
            steps.append(None)
    raise AssertionError("the value is JSON")


def _describe_fault(value: Any, depth: int) -> str | None:
    kind = type(value)
    if depth > MAX_DEPTH:
        return _DEPTH_MESSAGE
    if kind is str:
        return None if is_encodable(value) else _LONE_SURROGATE
    if kind in _OBJECTS:
        for key in value:
            if type(key) is not str:
                return f"keys are strings, got {quote(key)}"
            if not is_encodable(key):
                return f"the key {quote(key)} {_LONE_SURROGATE}"
        return None
    if kind is float:
        return None if math.isfinite(value) else f"{value} is not a JSON number"
    if kind is int:
        return None if -_NUMBER_LIMIT < value < _NUMBER_LIMIT else "a number has too many digits"
    if value is None or kind is bool or kind in _LISTS:
        return None
    return f"a {kind.__name__} is not a JSON value"


def is_number(value: Any) -> bool:
    """Return whether a value is a number of JSON, which true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def deep_copy(value: Any) -> Any:
    """Return a deep copy of a JSON value; tuples become lists, mappings become dicts."""
    kind = type(value)
    if kind in _OBJECTS:
        return {key: deep_copy(item) for key, item in value.items()}
    if kind in _LISTS or kind is tuple:
        return [deep_copy(item) for item in value]
    return value


def json_equal(a: Any, b: Any) -> bool:
    """Return whether two JSON values are equal by JSON's types: ``1``, ``1.0`` and ``true`` all differ.

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
        return all(key in b and json_equal(item, b[key]) for key, item in a.items())
    if kind is list:
        return len(a) == len(b) and all(map(json_equal, a, b))
    return bool(a == b)


def dumps(value: Any, indent: int | str | None = 2) -> str:
    """Return JSON text, in the value's own key order, with non-ASCII characters as they are."""
    if isinstance(indent, int) and not 0 <= indent <= MAX_INDENT:
        raise WorldError(f"indent: expected 0 to {MAX_INDENT} spaces, or None for one line; got {quote(indent)}")
    fast = _dump_fast(value, indent) if isinstance(indent, int) and indent else None
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent) if fast is None else fast


_UNUSUAL_NUMBER_PATTERN = rb"-?(?:[0-9.]+e|0\.0000|NaN|Infinity)"
_UNUSUAL_NUMBERS = (re.compile(rb": " + _UNUSUAL_NUMBER_PATTERN), re.compile(rb"\n ++" + _UNUSUAL_NUMBER_PATTERN))
"""Numbers that Python writes in another way or refuses, as values of a field and in a list; few texts have any."""


def _dump_fast(value: Any, indent: int) -> str | None:
    """Return the text that ``json.dumps`` gives, in a fifth of its time; None where the two may differ.

    That is for numbers with an exponent or close to 0, for what is no number, and for lone surrogates.
    """
    if not isinstance(value, (dict, list)):
        return None
    try:
        data = to_json(value, indent=indent, inf_nan_mode="constants")
    except ValueError:
        return None
    return None if any(pattern.search(data) for pattern in _UNUSUAL_NUMBERS) else data.decode()
