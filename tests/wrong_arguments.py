"""Wrong ways to make a call, and what of worldkit fails at them instead of refusing them."""

from __future__ import annotations

import asyncio
import inspect
import re
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from worldkit import WorldError


class Thing:
    """Nothing that worldkit knows."""


def nest(depth: int, wrap: Callable[[Any], Any]) -> Any:
    value: Any = 3
    for _ in range(depth):
        value = wrap(value)
    return value


CYCLIC_LIST: list[Any] = []
CYCLIC_LIST.append(CYCLIC_LIST)
CYCLIC_OBJECT: dict[str, Any] = {}
CYCLIC_OBJECT["a"] = CYCLIC_OBJECT

WRONG: dict[str, Any] = {
    "None": None,
    "a number": 3,
    "a negative number": -1,
    "a huge number": 10**400,
    "NaN": float("nan"),
    "infinity": float("inf"),
    "a text": "x",
    "an empty text": "",
    "a zero byte": "\0",
    "half a surrogate pair": "\ud800",
    "a long text": "x" * 5_000,
    "the home of nobody": "~nobody/x",
    "bytes": b"\xff",
    "a path with a zero byte": Path("x\0"),
    "a list": [],
    "a nested list": [[[3]]],
    "a list of None": [None],
    "a list of half a surrogate pair": ["\ud800"],
    "a list of objects": [{"op": []}],
    "a long list": [0] * 20_000,
    "a deep list": nest(5_000, lambda value: [value]),
    "a list of a deep list": [nest(5_000, lambda value: [value])],
    "a deep object": nest(5_000, lambda value: {"a": value}),
    "a list that holds itself": CYCLIC_LIST,
    "an object that holds itself": CYCLIC_OBJECT,
    "a dict": {},
    "a dict of odd keys": {3: object()},
    "a dict of a huge number": {"a": 10**400},
    "an object": object(),
    "a class": Thing,
    "a function": lambda *_: None,
    "a set": {1},
    "true": True,
}


def is_refused_in_words(error: Exception) -> bool:
    """Say whether an error is worldkit's, Python's own word on a call, or comes from a callback of the caller's."""
    if isinstance(error, WorldError) or "Thing()" in str(error):
        return True
    return isinstance(error, TypeError) and PYTHONS_WORDS.search(str(error)) is not None


PYTHONS_WORDS = re.compile(r"\(\) (missing \d+ required|takes |got an unexpected keyword|got multiple values)")


LIMITED_PARAMETERS = ("model", "runs", "states")
"""Arguments that are given although they need not be: by default a model writes six places, and ten thousand runs are
played."""


def calls(function: Callable[..., Any], good: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """Return wrong ways to call a function: each argument wrong in each way, the others as they should be."""
    parameters = inspect.signature(function).parameters.values()
    single = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    right = {p.name: good.get(p.name, "x") for p in single if p.default is p.empty or p.name in LIMITED_PARAMETERS}
    for parameter in parameters:
        wrong = {**WRONG, "a generator": (item for item in (None, 3))}
        for name, value in wrong.items():
            arguments = dict(right)
            if parameter.kind is not parameter.VAR_POSITIONAL:
                arguments["more" if parameter.kind is parameter.VAR_KEYWORD else parameter.name] = value
            first = [arguments.pop(p.name) for p in single if p.kind is p.POSITIONAL_ONLY and p.name in arguments]
            if parameter.kind is parameter.VAR_POSITIONAL:
                first = [arguments.pop(p.name, p.default) for p in single if p.kind is p.POSITIONAL_OR_KEYWORD] + [
                    value
                ]
            yield f"{parameter.name}: {name}", tuple(first), arguments


def leaks(what: str, function: Callable[..., Any], good: dict[str, Any]) -> Iterator[str]:
    """Yield the wrong calls of a function that fail inside worldkit instead of being refused."""
    with asyncio.Runner() as runner:
        for name, first, arguments in calls(function, good):
            try:
                answer = function(*first, **arguments)
                if inspect.iscoroutine(answer):
                    runner.run(answer)
            except Exception as error:
                if not is_refused_in_words(error):
                    last = traceback.extract_tb(error.__traceback__)[-1]
                    where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
                    yield f"{what}({name}) -> {type(error).__name__}: {str(error)[:80]!r} at {where}"
