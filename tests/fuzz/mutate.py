"""JSON values changed at random, with an eye for their structure."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

KEYS = (
    "",
    "op",
    "type",
    "id",
    "name",
    "state",
    "states",
    "from",
    "to",
    "kind",
    "label",
    "base",
    "\ud800",
    "a.b",
    "é",
    "0",
)


def _deep(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"x": value}
    return value


HOSTILE: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 1.5, -0.0, 1e-320, 1e308, float("nan"), float("inf"), float("-inf")),
    *(2**31, 2**53, 2**63, -(2**63), 2**64, 10**400, -(10**400), 10**4299),
    *("", " ", "\0", "\ud800", "a\udc00b", "\u202e", "\x1b[2J", "é", "𝔘", "null", "1", "NaN", "__proto__", "x" * 300),
    *(
        "lane",
        "gate",
        "key",
        "walk",
        "win",
        "transition",
        "terminal",
        "author",
        "1.0",
        "10",
        "a\nb",
        "<script>",
        "%s{0}",
    ),
    *([], {}, [[]], [{}], {"": None}, [None], [1, [2, [3]]], {"a": {"b": [1]}}, ["lane", "lane"], [0, 0], [1e400, 1]),
    _deep(30),
    _deep(199),
    _deep(230),
    "x" * 5000,
    ["k"] * 2000,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every holder and key in a value, outermost first."""
    return list(_places(value))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        items = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for key, item in items:
            yield holder, key
            if isinstance(item, (dict, list)):
                waiting.append(item)


def mutate(rng: Random, value: Any, donors: Sequence[Any] = (), most: int = 3) -> Any:
    """Return a changed copy of a value; the value itself is left as it is.

    Args:
        rng: Where chance comes from.
        value: A JSON value.
        donors: Values that parts are taken from.
        most: Most changes made.
    """
    holder = [copy.deepcopy(value)]
    for _ in range(rng.randint(1, most)):
        _change(rng, holder, donors)
    return holder[0]


def _change(rng: Random, root: list[Any], donors: Sequence[Any]) -> None:
    slots = places(root)
    holder, key = rng.choice(slots)
    if holder is root and len(slots) > 1 and rng.random() < 0.9:
        holder, key = rng.choice(slots)
    match rng.randrange(10):
        case 0 | 1 | 2:
            holder[key] = _value(rng)
        case 3 if holder is not root:
            del holder[key]
        case 4 if holder is not root:
            _insert(rng, holder, key)
        case 5 if isinstance(holder, dict):
            holder[rng.choice(KEYS)] = holder.pop(key)
        case 6:
            other, there = rng.choice(slots)
            part = copy.deepcopy(other[there]) if there in other or isinstance(other, list) else None
            holder[key] = part
        case 7 if donors:
            donor = rng.choice(donors)
            inside = places(donor)
            part, there = rng.choice(inside) if inside else ([donor], 0)
            holder[key] = copy.deepcopy(part[there])
        case 8:
            holder[key] = rng.choice(([holder[key]], {"x": holder[key]}, {rng.choice(KEYS): holder[key]}))
        case _:
            holder[key] = _near(rng, holder[key])


def _insert(rng: Random, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[rng.choice(KEYS)] = _value(rng)
    else:
        holder.insert(key, copy.deepcopy(rng.choice((holder[key], _value(rng)))))


def _value(rng: Random) -> Any:
    return copy.deepcopy(rng.choice(HOSTILE))


def _near(rng: Random, value: Any) -> Any:
    """Return a value of the same kind, near the given one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return rng.choice(
            (
                value + 1,
                value - 1,
                -value,
                value * 1000 if abs(value) < 2**70 else 7,
                value / 3 if abs(value) < 1e300 else 0,
            )
        )
    if isinstance(value, str):
        at = rng.randint(0, len(value))
        return rng.choice((value[:at], value[at:], value + "x", value.upper(), value[:at] + "\ud800" + value[at:], " "))
    if isinstance(value, list):
        return rng.sample(value, len(value)) if rng.random() < 0.5 else value * 2
    if isinstance(value, dict):
        items = list(value.items())
        rng.shuffle(items)
        return dict(items)
    return value


def text_of(rng: Random, value: Any) -> str | bytes:
    """Return a value as JSON text, sometimes with its letters changed too."""
    text = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, None, 1)))
    if rng.random() < 0.5:
        for _ in range(rng.randint(1, 3)):
            at = rng.randint(0, len(text))
            length = rng.choice((0, 0, 1, 2, 9))
            insertion = rng.choice(
                ('"', ":", ",", "{", "}", "[", "]", "\\", "\\u", "1e999", '"a":', "//", "\ud800", "\0", "é", "NaN")
            )
            text = text[:at] + insertion + text[at + length :]
    if rng.random() < 0.3:
        data = text.encode("utf-8", "surrogatepass")
        at = rng.randint(0, len(data))
        return data[:at] + bytes([rng.randrange(256)]) + data[at:] if rng.random() < 0.5 else data
    return text
