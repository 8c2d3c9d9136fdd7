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

from worldkit.errors import WrongArgument
from worldkit.jsonish import shown
from worldkit.kinds import ENDLESS, any_of, is_text, kinds_of, listed

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


SECRETS = frozenset({"key", "password", "secret", "token"})
"""Arguments whose value no message repeats."""


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
    """Return the refusal of an argument, with how to get what was expected where that is a world."""
    found = f"a value of the type {type(value).__name__}" if argument in SECRETS else _found(value)
    if "World" in expected.replace(",", " ").split():
        is_source = isinstance(value, (str, bytes, os.PathLike, Mapping))
        source = shown(value, 40) if isinstance(value, str) else "..." if is_source else "path"
        found += f"; read one with worldkit.load({source})"
    return WrongArgument(argument, expected, found)


def _found(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, int) and not -ENDLESS < value < ENDLESS:
        return "a number of more than 300 digits"
    if isinstance(value, str) and not is_text(value):
        return f"{shown(value)}, which holds half of a surrogate pair, no character"
    name = type(value).__name__
    return f"{name} {shown(value)}" if isinstance(value, (str, bytes, int, float, list, tuple, dict)) else f"a {name}"


# ---- by annotation ---------------------------------------------------------------------------------


def checked(function: F) -> F:
    """Return a function that refuses arguments its annotations do not allow.

    Raises:
        WrongArgument: When it is called so; says which argument, what was found and what was expected.
    """
    checks: list[tuple[int, Check]] = []
    by_name: dict[str, Check] = {}
    is_read = False

    def refused(args: tuple[Any, ...], named: Mapping[str, Any]) -> WrongArgument | None:
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

    # A traceback can show the variables of every frame, and an argument may be a key: so no frame here keeps any.
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def guarded_coroutine(*args: Any, **named: Any) -> Any:
            error = refused(args, named)
            given: list[Any] = [args, named]
            args, named = (), {}
            if error is not None:
                given.clear()
                raise error
            return await function(*given.pop(0), **given.pop())

        return typing.cast(F, guarded_coroutine)

    @functools.wraps(function)
    def guarded(*args: Any, **named: Any) -> Any:
        error = refused(args, named)
        given: list[Any] = [args, named]
        args, named = (), {}
        if error is not None:
            given.clear()
            raise error
        return function(*given.pop(0), **given.pop())

    return typing.cast(F, guarded)


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
