"""JSON Patch (RFC 6902): the difference of two documents for tools that know nothing of worlds, and back.

Order of keys is not said by a JSON Patch: what it makes is the same JSON value, with states perhaps in another order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from worldkit.comparison.hunks import hunks
from worldkit.comparison.pairing import rising
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy, json_equal, quote
from worldkit.editing.order import NameList

_IDS = ("name", "id", "label")
_INDEX = re.compile(r"(?:0|[1-9][0-9]*)\Z")
_NEEDS: Mapping[str, tuple[str, ...]] = {
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
        index: Position of the operation that does not fit, from 0.
        reason: What was found, and what was expected.
    """

    def __init__(self, index: int, reason: str) -> None:
        self.index = index
        self.reason = reason
        super().__init__(f"operation {index} of the patch does not fit, nothing was changed: {reason}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.index, self.reason)


# ---- making one --------------------------------------------------------------------------------


def make(before: Any, after: Any, *, tests: bool = False) -> list[Json]:
    """Return the patch that turns one JSON value into another.

    Items of lists are told apart by name, id or label where all have one of their own, so that an item that was
    moved is moved and one that was changed is changed in its fields.

    Args:
        before: The value before.
        after: The value after.
        tests: Put a ``test`` of what is there before everything that takes it away; such a patch fails on a
            document that was changed there.
    """
    return deep_copy(list(_between(before, after, (), tests)))  # type: ignore[no-any-return]


def _between(before: Any, after: Any, path: Path, tests: bool) -> Iterator[Json]:
    if json_equal(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            if key not in after:
                yield from _removed(before[key], (*path, key), tests)
        for key, value in after.items():
            if key in before:
                yield from _between(before[key], value, (*path, key), tests)
            else:
                yield {"op": "add", "path": pointer((*path, key)), "value": value}
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, path, tests)
    else:
        if tests:
            yield {"op": "test", "path": pointer(path), "value": before}
        yield {"op": "replace", "path": pointer(path), "value": after}


def _removed(value: Any, path: Path, tests: bool) -> Iterator[Json]:
    if tests:
        yield {"op": "test", "path": pointer(path), "value": value}
    yield {"op": "remove", "path": pointer(path)}


def _lists(before: list[Any], after: list[Any], path: Path, tests: bool) -> Iterator[Json]:
    id = next((id for id in _IDS if _told_apart(before, id) and _told_apart(after, id)), None)
    if id is None:
        yield from _by_place(before, after, path, tests)
        return
    old, new = {item[id]: item for item in before}, {item[id]: item for item in after}
    for at in range(len(before) - 1, -1, -1):
        if before[at][id] not in new:
            yield from _removed(before[at], (*path, at), tests)
    order = [name for name in old if name in new]
    place = {name: at for at, name in enumerate(order)}
    stay = rising([place[name] for name in new if name in place])
    row, last = NameList(order), -1
    for name, item in new.items():
        if name in place and place[name] in stay:
            last = row.index(name)
            continue
        if name not in place:
            last += 1
            yield {"op": "add", "path": pointer((*path, last)), "value": item}
        else:
            was = row.index(name)
            row.remove(was, name)
            last = last if was <= last else last + 1
            if was != last:
                yield {"op": "move", "from": pointer((*path, was)), "path": pointer((*path, last))}
        row.insert(last, name)
    for at, (name, item) in enumerate(new.items()):
        if name in old:
            yield from _between(old[name], item, (*path, at), tests)


def _told_apart(items: Sequence[Any], id: str) -> bool:
    if not all(isinstance(item, dict) and isinstance(item.get(id), str) for item in items):
        return False
    return len({item[id] for item in items}) == len(items)


def _by_place(before: list[Any], after: list[Any], path: Path, tests: bool) -> Iterator[Json]:
    written = [[json.dumps(item, sort_keys=True) for item in side] for side in (before, after)]
    # from behind, so that what was not looked at yet stands where it stood
    for hunk in reversed(hunks(*written)):
        both = min(hunk.end - hunk.start, hunk.last - hunk.first)
        for at in range(hunk.end - 1, hunk.start + both - 1, -1):
            yield from _removed(before[at], (*path, at), tests)
        for step in range(both):
            was, now = before[hunk.start + step], after[hunk.first + step]
            yield from _between(was, now, (*path, hunk.start + step), tests)
        for step in range(both, hunk.last - hunk.first):
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
    """Return a JSON value with a patch applied, all of it or none; the value itself is left as it is.

    Args:
        document: The value.
        patch: The operations of RFC 6902: add, remove, replace, move, copy, test.

    Raises:
        PatchError: An operation is none, names a place that is not there, or a test fails.
    """
    if isinstance(patch, (str, bytes, Mapping)) or not isinstance(patch, Sequence):
        raise PatchError(0, f"expected a list of operations, got {quote(patch)}")
    holder = [deep_copy(document)]
    for index, step in enumerate(patch):
        try:
            _step(holder, step)
        except _Unfit as unfit:
            raise PatchError(index, str(unfit)) from None
    return holder[0]


class _Unfit(Exception):
    pass


def _step(holder: list[Any], step: Mapping[str, Any]) -> None:
    op = step.get("op") if isinstance(step, Mapping) else None
    if not isinstance(op, str) or op not in _NEEDS:
        raise _Unfit(f'expected an object with "op", one of {", ".join(_NEEDS)}, got {quote(step)}')
    for field in ("path", *_NEEDS[op]):
        if field not in step:
            raise _Unfit(f"{op} wants {field!r}, which is missing")
    path = _steps(step["path"])
    if op == "test":
        found = _get(holder, path)
        if not _equal(found, step["value"]):
            raise _Unfit(f"at {quote(step['path'])} the test expects {quote(step['value'])}, found {quote(found)}")
    elif op == "remove":
        _remove(holder, path)
    elif op == "replace":
        _get(holder, path)
        _put(holder, path, deep_copy(step["value"]), over=True)
    elif op == "add":
        _put(holder, path, deep_copy(step["value"]))
    else:
        origin = _steps(step["from"])
        if op == "move" and len(path) > len(origin) and path[: len(origin)] == origin:
            raise _Unfit(f"{quote(step['from'])} cannot be moved into itself")
        value = _get(holder, origin)
        if op == "move":
            if path == origin:
                return
            _remove(holder, origin)
        _put(holder, path, value if op == "move" else deep_copy(value))


def _steps(text: Any) -> list[str]:
    if not isinstance(text, str) or (text and not text.startswith("/")):
        raise _Unfit(f'expected a JSON Pointer, "" or one that begins with "/", got {quote(text)}')
    steps = text.split("/")[1:]
    if any(re.search("~(?![01])", step) for step in steps):
        raise _Unfit(f'in {quote(text)} a "~" stands alone; write "~0"')
    return [step.replace("~1", "/").replace("~0", "~") for step in steps]


def _get(holder: list[Any], path: list[str]) -> Any:
    value = holder[0]
    for at, step in enumerate(path):
        value = value[_key(value, step, path[: at + 1])]
    return value


def _key(value: Any, step: str, path: list[str], *, end: bool = False) -> str | int:
    """Return a step as a key of what it leads into."""
    if isinstance(value, dict):
        if step not in value and not end:
            raise _Unfit(f"there is nothing at {quote(pointer(path))}")
        return step
    if isinstance(value, list):
        if end and step == "-":
            return len(value)
        if not _INDEX.match(step) or len(step) > 9 or int(step) >= len(value) + end:
            raise _Unfit(f"there is no item {quote(step)} at {quote(pointer(path))}; the list has {len(value)}")
        return int(step)
    raise _Unfit(f"{quote(pointer(path))} leads into {quote(value)}, which has no parts")


def _remove(holder: list[Any], path: list[str]) -> None:
    if not path:
        holder[0] = None
        return
    parent = _get(holder, path[:-1])
    del parent[_key(parent, path[-1], path)]


def _put(holder: list[Any], path: list[str], value: Any, *, over: bool = False) -> None:
    if not path:
        holder[0] = value
        return
    parent = _get(holder, path[:-1])
    key = _key(parent, path[-1], path, end=not over)
    if isinstance(parent, list) and not over:
        parent.insert(int(key), value)
    else:
        parent[key] = value


def _equal(a: Any, b: Any) -> bool:
    """Return whether two values are equal as RFC 6902 has it: numbers by their value, true is no number."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(item, b[key]) for key, item in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_equal, a, b))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return bool(a == b)
