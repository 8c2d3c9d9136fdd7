"""Refuses arguments of the wrong type: one guard for every public call.

``checked`` reads a function's annotations once, on the first call, and from then on looks at what it is given before
the function sees it; ``kinds`` says what an annotation allows.
"""

from __future__ import annotations

import functools
import inspect
import os
import typing
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from worldkit.core.argument_types import ENDLESS, any_of, is_text, kinds_of, listed
from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import quote

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


# ---- by hand ---------------------------------------------------------------------------------------


def expect(value: Any, kinds: type | tuple[type, ...], argument: str, expected: str) -> None:
    """Refuse a value that is none of some types.

    Args:
        value: What was given.
        kinds: What it may be.
        argument: What it was given as.
        expected: What it should have been, in words: ``"a path or JSON text"``.

    Raises:
        WrongArgument: It is none of them.
    """
    if not isinstance(value, kinds):
        raise refusal(argument, expected, value)


def refusal(argument: str, expected: str, value: Any) -> WrongArgument:
    """Return the refusal of an argument, with how to get what was expected; what is a secret is not repeated."""
    found = f"a {type(value).__name__}" if argument in SECRETS else _found(value)
    if "World" in expected.replace(",", " ").split():
        is_source = isinstance(value, (str, bytes, os.PathLike, Mapping))
        source = quote(value, 40) if isinstance(value, str) else "..." if is_source else "path"
        found += f"; read one with worldkit.load({source})"
    elif expected.startswith("a list") and isinstance(value, (str, bytes)):
        found += "; put it in a list"
    return WrongArgument(argument, expected, found)


SECRETS = frozenset({"key", "secret", "token", "password", "place"})
"""Arguments that may be secret or hold a secret: a message may end in a notebook or a log."""


def _found(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, int) and not -ENDLESS < value < ENDLESS:
        return "a number of more than 300 digits"
    if isinstance(value, str) and not is_text(value):
        return f"{quote(value)}, which holds half of a surrogate pair, no character"
    name = type(value).__name__
    return f"{name} {quote(value)}" if isinstance(value, (str, bytes, int, float, list, tuple, dict)) else f"a {name}"


# ---- by annotation ---------------------------------------------------------------------------------


def checked(function: F) -> F:
    """Return a function that refuses arguments its annotations do not allow.

    Raises:
        WrongArgument: When it is called so; says which argument, what was found and what was expected.
    """
    checks: list[tuple[int, Check]] = []
    by_name: dict[str, Check] = {}
    is_read = False

    def wrong(args: tuple[Any, ...], named: dict[str, Any]) -> WrongArgument | None:
        nonlocal is_read
        if not is_read:
            checks[:], found = _read(function)
            by_name.update(found)
            is_read = True
        for at, check in checks:
            for value in args[at : check.end]:
                if not check.accepts(value):
                    return refusal(check.argument, check.words, value)
        for name, value in named.items():
            if name in by_name and not by_name[name].accepts(value):
                return refusal(name, by_name[name].words, value)
        return None

    # what was given is let go of, as it may be a secret, and what is in a frame is shown by some tracebacks
    @functools.wraps(function)
    def guarded(*args: Any, **named: Any) -> Any:
        try:
            if error := wrong(args, named):
                raise error
            return function(*args, **named)
        finally:
            del args, named

    @functools.wraps(function)
    async def guarded_coroutine(*args: Any, **named: Any) -> Any:
        try:
            if error := wrong(args, named):
                raise error
            return await function(*args, **named)
        finally:
            del args, named

    return typing.cast(F, guarded_coroutine if inspect.iscoroutinefunction(function) else guarded)


def checked_methods(kind: C) -> C:
    """Return a class whose public methods refuse arguments that their annotations do not allow.

    A constructor is checked too, save a dataclass's own: those are values that worldkit makes by the thousand.
    """
    for name, member in list(vars(kind).items()):
        if name.startswith("_") and name not in ("__init__", "__getitem__", "__call__"):
            continue
        if name == "__init__" and hasattr(kind, "__dataclass_fields__"):
            continue
        if inspect.isfunction(member):
            setattr(kind, name, checked(member))
        elif isinstance(member, (classmethod, staticmethod)):
            setattr(kind, name, type(member)(checked(member.__func__)))
    return kind


class Check(NamedTuple):
    """What one argument may be.

    Attributes:
        argument: Its name.
        end: Where the values given to it by place end; None for one that takes all the rest.
        accepts: Says whether a value is allowed.
        words: What is allowed, for a message.
    """

    argument: str
    end: int | None
    accepts: Callable[[Any], bool]
    words: str


def _read(function: Callable[..., Any]) -> tuple[list[tuple[int, Check]], dict[str, Check]]:
    """Return the checks of a function's arguments, by their place and by their name."""
    names = inspect.unwrap(function).__globals__
    by_place: list[tuple[int, Check]] = []
    by_name: dict[str, Check] = {}
    for at, parameter in enumerate(inspect.signature(function).parameters.values()):
        kinds = None if parameter.annotation is parameter.empty else kinds_of(parameter.annotation, names)
        if kinds is None:
            continue
        takes_rest = parameter.kind is parameter.VAR_POSITIONAL
        check = Check(parameter.name, None if takes_rest else at + 1, any_of(kinds), listed(kinds))
        if takes_rest or parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            by_place.append((at, check))
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            by_name[parameter.name] = check
    return by_place, by_name
