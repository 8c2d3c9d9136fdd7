"""JSON Patch (RFC 6902): creates and applies patches, for tools that do not know the world format.

A JSON Patch does not express the order of keys: its result is the same JSON value, perhaps with reordered states.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from worldkit.comparison.hunks import hunks
from worldkit.comparison.pairing import common_id, longest_increasing
from worldkit.core.errors import WorldError
from worldkit.core.json_values import (
    MAX_BYTES,
    MAX_DEPTH,
    Json,
    check_json,
    deep_copy,
    is_deeper_than,
    json_equal,
    quote,
)
from worldkit.editing.order import NameList

__all__ = ["PatchError", "apply", "make"]

_IDS = ("name", "id", "label")
_INDEX = re.compile(r"(?:0|[1-9][0-9]*)\Z")
_REQUIRED_FIELDS: Mapping[str, tuple[str, ...]] = {
    "add": ("value",),
    "remove": (),
    "replace": ("value",),
    "move": ("from",),
    "copy": ("from",),
    "test": ("value",),
}

Path = tuple[str | int, ...]


class PatchError(WorldError):
    """A patch does not fit the document, and nothing of it was applied.

    Attributes:
        index: Index of the operation that does not fit, from 0.
        reason: What was found, and what was expected.

    Example:
        >>> from worldkit.comparison import json_patch
        >>> try:
        ...     json_patch.apply({"name": "Bench"}, [{"op": "remove", "path": "/title"}])
        ... except json_patch.PatchError as error:
        ...     print(error.reason)
        there is nothing at "/title"
    """

    def __init__(self, index: int, reason: str) -> None:
        self.index = index
        self.reason = reason
        super().__init__(f"operation {index} of the patch does not fit, nothing was changed: {reason}")


# ---- making one --------------------------------------------------------------------------------


def make(before: Any, after: Any, *, tests: bool = False) -> list[Json]:
    """Return the patch that turns one JSON value into another.

    Items of lists are identified by name, id or label where it is unique, so that the patch moves items that were
    moved, and changes only the fields that differ.

    Args:
        before: The value before.
        after: The value after.
        tests: Whether to put a ``test`` of the old value before each removal or replacement, so that the patch
            fails on a document that was changed there.

    Returns:
        The operations, to be applied in order.

    Raises:
        WorldError: A value is not JSON.

    Example:
        >>> from worldkit.comparison import json_patch
        >>> road = world.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
        >>> json_patch.make(world.to_dict(), road.to_dict())[0]
        {'op': 'replace', 'path': '/entrance/state', 'value': 'road'}
    """
    check_json(before, "before")
    check_json(after, "after")
    return deep_copy(list(_value_ops(before, after, (), tests)))  # type: ignore[no-any-return]


def _value_ops(before: Any, after: Any, path: Path, tests: bool) -> Iterator[Json]:
    if json_equal(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            if key not in after:
                yield from _remove_ops(before[key], (*path, key), tests)
        for key, value in after.items():
            if key in before:
                yield from _value_ops(before[key], value, (*path, key), tests)
            else:
                yield {"op": "add", "path": pointer((*path, key)), "value": value}
    elif isinstance(before, list) and isinstance(after, list):
        yield from _list_ops(before, after, path, tests)
    else:
        if tests:
            yield {"op": "test", "path": pointer(path), "value": before}
        yield {"op": "replace", "path": pointer(path), "value": after}


def _remove_ops(value: Any, path: Path, tests: bool) -> Iterator[Json]:
    if tests:
        yield {"op": "test", "path": pointer(path), "value": value}
    yield {"op": "remove", "path": pointer(path)}


def _list_ops(before: list[Any], after: list[Any], path: Path, tests: bool) -> Iterator[Json]:
    id = common_id(_IDS, before, after)
    if id is None:
        yield from _list_ops_by_index(before, after, path, tests)
        return
    old, new = {item[id]: item for item in before}, {item[id]: item for item in after}
    for index in range(len(before) - 1, -1, -1):
        if before[index][id] not in new:
            yield from _remove_ops(before[index], (*path, index), tests)
    order = [name for name in old if name in new]
    old_position = {name: index for index, name in enumerate(order)}
    unmoved_positions = longest_increasing([old_position[name] for name in new if name in old_position])
    names, position = NameList(order), -1
    for name, item in new.items():
        if name in old_position and old_position[name] in unmoved_positions:
            position = names.index(name)
            continue
        if name not in old_position:
            position += 1
            yield {"op": "add", "path": pointer((*path, position)), "value": item}
        else:
            old_index = names.index(name)
            names.remove(old_index, name)
            position = position if old_index <= position else position + 1
            if old_index != position:
                yield {"op": "move", "from": pointer((*path, old_index)), "path": pointer((*path, position))}
        names.insert(position, name)
    for index, (name, item) in enumerate(new.items()):
        if name in old:
            yield from _value_ops(old[name], item, (*path, index), tests)


def _list_ops_by_index(before: list[Any], after: list[Any], path: Path, tests: bool) -> Iterator[Json]:
    texts = [[json.dumps(item, sort_keys=True) for item in side] for side in (before, after)]
    # from the end, so that the indices of the hunks still to come stay valid
    for hunk in reversed(hunks(*texts)):
        shared_length = min(hunk.end - hunk.start, hunk.last - hunk.first)
        for index in range(hunk.end - 1, hunk.start + shared_length - 1, -1):
            yield from _remove_ops(before[index], (*path, index), tests)
        for step in range(shared_length):
            old, new = before[hunk.start + step], after[hunk.first + step]
            yield from _value_ops(old, new, (*path, hunk.start + step), tests)
        for step in range(shared_length, hunk.last - hunk.first):
            yield {
                "op": "add",
                "path": pointer((*path, hunk.start + step)),
                "value": after[hunk.first + step],
            }


def pointer(path: Sequence[str | int]) -> str:
    """Return a path as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


# ---- applying one ------------------------------------------------------------------------------


def apply(document: Any, patch: Sequence[Mapping[str, Any]]) -> Any:
    """Return a JSON value with a patch applied, all of it or none, as a new value.

    Args:
        document: The value.
        patch: The operations of RFC 6902: add, remove, replace, move, copy, test.

    Raises:
        PatchError: An operation is invalid, its path does not exist, a test fails, or copies would come to more than
            64 MiB.
        WorldError: The value or the patch is not JSON.

    Example:
        >>> from worldkit.comparison import json_patch
        >>> patch = [{"op": "replace", "path": "/name", "value": "The Lost Mitten"}]
        >>> wk.load(json_patch.apply(world.to_dict(), patch)).name
        'The Lost Mitten'
    """
    if isinstance(patch, (str, bytes, Mapping)) or not isinstance(patch, Sequence):
        raise PatchError(0, f"expected a list of operations, got {quote(patch)}")
    check_json(document)
    check_json(list(patch), "the patch")
    holder = [deep_copy(document)]
    copied_size = 0
    for index, step in enumerate(patch):
        try:
            copied_size += _apply_step(holder, step, MAX_BYTES - copied_size)
        except _DoesNotFit as error:
            raise PatchError(index, str(error)) from None
    return holder[0]


class _DoesNotFit(Exception):
    pass


def _apply_step(holder: list[Any], step: Mapping[str, Any], max_size: int) -> int:
    """Apply one operation; return how many characters of JSON it copied, which are not more than ``max_size``."""
    copied_size = 0
    op = step.get("op") if isinstance(step, Mapping) else None
    if not isinstance(op, str) or op not in _REQUIRED_FIELDS:
        raise _DoesNotFit(f'expected an object with "op", one of {", ".join(_REQUIRED_FIELDS)}, got {quote(step)}')
    for field in ("path", *_REQUIRED_FIELDS[op]):
        if field not in step:
            raise _DoesNotFit(f"{op} needs {field!r}, which is missing")
    path = _parse_pointer(step["path"])
    if op == "test":
        actual = _get(holder, path)
        if not _equal(actual, step["value"]):
            raise _DoesNotFit(
                f"at {quote(step['path'])} the test expects {quote(step['value'])}, found {quote(actual)}"
            )
    elif op == "remove":
        _remove(holder, path)
    elif op == "replace":
        _get(holder, path)
        _set_at(holder, path, _fitting_copy(step["value"], path), over=True)
    elif op == "add":
        _set_at(holder, path, _fitting_copy(step["value"], path))
    else:
        origin = _parse_pointer(step["from"])
        if op == "move" and len(path) > len(origin) and path[: len(origin)] == origin:
            raise _DoesNotFit(f"{quote(step['from'])} cannot be moved into itself")
        value = _get(holder, origin)
        if op == "move":
            if path == origin:
                return 0
            _remove(holder, origin)
        if op == "copy":
            copied_size = len(json.dumps(value, ensure_ascii=False))
            if copied_size > max_size:  # each copy may double the document
                raise _DoesNotFit(f"the copies that the patch makes would be longer than {MAX_BYTES} characters")
            value = _fitting_copy(value, path)
        elif len(path) > len(origin):  # what moves to the same depth fits as it did
            _require_fit(value, path)
        _set_at(holder, path, value)
    return copied_size


def _parse_pointer(text: Any) -> list[str]:
    if not isinstance(text, str) or (text and not text.startswith("/")):
        raise _DoesNotFit(f'expected a JSON Pointer, "" or one that begins with "/", got {quote(text)}')
    steps = text.split("/")[1:]
    if any(re.search("~(?![01])", step) for step in steps):
        raise _DoesNotFit(f'in {quote(text)} a "~" stands alone; write "~0"')
    return [step.replace("~1", "/").replace("~0", "~") for step in steps]


def _get(holder: list[Any], path: list[str]) -> Any:
    value = holder[0]
    for index, step in enumerate(path):
        value = value[_resolve_key(value, step, path[: index + 1])]
    return value


def _resolve_key(value: Any, step: str, path: list[str], *, end: bool = False) -> str | int:
    """Return a step of a path as a key or an index of the value it leads into."""
    if isinstance(value, dict):
        if step not in value and not end:
            raise _DoesNotFit(f"there is nothing at {quote(pointer(path))}")
        return step
    if isinstance(value, list):
        if end and step == "-":
            return len(value)
        if not _INDEX.match(step) or len(step) > 9 or int(step) >= len(value) + end:
            raise _DoesNotFit(f"there is no item {quote(step)} at {quote(pointer(path))}; the list has {len(value)}")
        return int(step)
    raise _DoesNotFit(f"{quote(pointer(path))} leads into {quote(value)}, which has no parts")


def _remove(holder: list[Any], path: list[str]) -> None:
    if not path:
        holder[0] = None
        return
    parent = _get(holder, path[:-1])
    del parent[_resolve_key(parent, path[-1], path)]


def _fitting_copy(value: Any, path: list[str]) -> Any:
    _require_fit(value, path)
    return deep_copy(value)


def _require_fit(value: Any, path: list[str]) -> None:
    if is_deeper_than(value, MAX_DEPTH - len(path)):  # many operations could nest far deeper than a document may
        raise _DoesNotFit(f"the result would be nested more than {MAX_DEPTH} levels deep")


def _set_at(holder: list[Any], path: list[str], value: Any, *, over: bool = False) -> None:
    if not path:
        holder[0] = value
        return
    parent = _get(holder, path[:-1])
    key = _resolve_key(parent, path[-1], path, end=not over)
    if isinstance(parent, list) and not over:
        parent.insert(int(key), value)
    else:
        parent[key] = value


def _equal(a: Any, b: Any) -> bool:
    """Return whether two values are equal as RFC 6902 has it: numbers by value, and true is no number."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(item, b[key]) for key, item in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_equal, a, b))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return bool(a == b)
