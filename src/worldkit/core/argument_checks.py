"""Type checks of the arguments of public functions.

``checked`` reads a function's annotations once, on the first call, and checks the arguments of every call against
them; ``argument_types`` defines what an annotation allows.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import CodeType
from typing import Any, NamedTuple, TypeVar

from worldkit.core.argument_types import (
    MAX_WHOLE_NUMBER,
    Kind,
    WrongItem,
    accepts_any,
    allows_numbers,
    is_text,
    join_words,
    kinds_of,
    plain_number,
    with_article,
)
from worldkit.core.error_frames import take_frames
from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import quote

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)
T = TypeVar("T")


# ---- by hand ---------------------------------------------------------------------------------------


def expect(value: Any, kinds: type | tuple[type, ...], argument: str, expected: str) -> None:
    """Refuse a value that has none of some types.

    Args:
        value: The argument's value.
        kinds: The allowed types.
        argument: The name of the argument.
        expected: What is expected, in words: ``"a path or JSON text"``.

    Raises:
        WrongArgument: The value has none of the types.
    """
    if not isinstance(value, kinds):
        raise refusal(argument, expected, value)


def expect_each(values: Iterable[T], kind: type, argument: str, expected: str) -> Iterator[T]:
    """Yield some values, and refuse the first that has not a type.

    Args:
        values: The argument's value, of which not more is read than is asked for.
        argument: The name of the argument.
        expected: What is expected, in words.

    Raises:
        WrongArgument: A value has not the type; says which.
    """
    for number, value in enumerate(values, 1):
        if not isinstance(value, kind):
            raise refusal(argument, expected, values, WrongItem(value, f"as item {number}"))
        yield value


def refusal(argument: str, expected: str, value: Any, wrong_item: WrongItem | None = None) -> WrongArgument:
    """Return the error for an argument, with a hint how to get what is expected; secrets are not repeated.

    Args:
        argument: The name of the argument.
        expected: What is expected, in words.
        value: The argument's value.
        wrong_item: The item of the value for which it is refused; None where it is another reason.
    """
    wrong_value = wrong_item.value if wrong_item else value
    description = _describe_secret(wrong_value) if argument in SECRET_ARGUMENTS else _describe_found(wrong_value)
    if wrong_item:
        description += f" {wrong_item.place}"
    is_for_world = "World" in expected.replace(",", " ").split()
    if is_for_world and wrong_item is None and (path := _path_to_world(type(value), value)):
        description += f"; give its {path}"
    elif is_for_world and (path := _path_to_world(type(wrong_value) if wrong_item else _class_of_items(value))):
        description += f"; give the {path} of each"
    elif isinstance(wrong_value, Iterator) and "a list" in expected:
        description += "; make a list of it"
    elif is_for_world:
        is_source = isinstance(wrong_value, (str, bytes, os.PathLike, Mapping))
        source = quote(wrong_value, 40) if isinstance(wrong_value, str) else "..." if is_source else "path"
        description += f"; read one with worldkit.load({source})"
    elif expected.startswith("a list") and isinstance(value, (str, bytes)):
        description += "; put it in a list"
    elif isinstance(value, os.PathLike) and argument not in SECRET_ARGUMENTS:
        description += _how_to_read(value, expected)
    return WrongArgument(argument, expected, description)


def _path_to_world(kind: type, value: Any = None) -> str:
    """Return the attribute by which a value of worldkit's, such as a merge, an editor or a player, has a world."""
    if not kind.__module__.startswith("worldkit."):
        return ""
    names = {*dir(kind), *getattr(value, "__dict__", ())}
    return ".world" if "world" in names else ".session.world" if "session" in names else ""


def _class_of_items(value: Any) -> type:
    """Return the class of the items of a collection of worldkit's, such as a scan, as far as it says so."""
    iterate = getattr(type(value), "__iter__", None)
    try:
        items = typing.get_args(typing.get_type_hints(iterate).get("return"))
    except (NameError, TypeError):  # what only type checkers import, or no function
        return object
    return items[0] if items and isinstance(items[0], type) else object


_FILE_READERS = {
    "Properties": "worldkit.load_properties({path})",
    "Trace": "worldkit.Trace.from_json(pathlib.Path({path}).read_text())",
    "CampaignTrace": "worldkit.CampaignTrace.from_json(pathlib.Path({path}).read_text())",
    "Position": "worldkit.Position.from_json(pathlib.Path({path}).read_text())",
}
"""What reads a file of what is expected, by the word for it."""


def _how_to_read(path: os.PathLike[Any], expected: str) -> str:
    """Return what reads a file, as the end of a message; nothing where none is expected."""
    words = expected.replace(",", " ").split()
    readers = [_FILE_READERS[word] for word in words if word in _FILE_READERS]
    return f"; read it with {readers[0].format(path=quote(os.fsdecode(path), 200))}" if readers else ""


SECRET_ARGUMENTS = frozenset({"account", "key", "secret", "token", "password", "place"})
"""Arguments that may be secret or hold a secret: a message may end in a notebook or a log."""


def _describe_secret(value: Any) -> str:
    """Return what is wrong with a value, without any of it."""
    if isinstance(value, str) and not is_text(value):
        return "one that has a lone surrogate, no character"
    if isinstance(value, str) and "\0" in value:
        return "one that holds a zero byte"
    return with_article(type(value))


def _describe_found(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, int) and not -MAX_WHOLE_NUMBER < value < MAX_WHOLE_NUMBER:
        return "a number of more than 300 digits"
    if isinstance(value, str) and not is_text(value):
        return f"{quote(value)}, which has a lone surrogate, no character"
    if isinstance(value, str) and "\0" in value:
        return f"{quote(value)}, which holds a zero byte"
    is_quoted = isinstance(value, (str, bytes, int, float, list, tuple, dict))
    return f"{type(value).__name__} {quote(value)}" if is_quoted else with_article(type(value))


# ---- by annotation ---------------------------------------------------------------------------------


def checked(function: F) -> F:
    """Return a function that refuses arguments its annotations do not allow.

    Where it takes numbers, those of numpy come to it as ``int`` and ``float``.

    What a model is to blame for comes with its cause, but without the frames it came through: nobody mends it there.
    Where an argument may be a secret, what worldkit raises on purpose and interrupts come without the frames, which
    hold it.

    Raises:
        WrongArgument: On such a call; has the argument, the value found and what is expected.
    """
    checks: list[tuple[int, Check]] = []
    number_checks: list[tuple[int, Check]] = []
    by_name: dict[str, Check] = {}
    is_read = False
    has_secret = not SECRET_ARGUMENTS.isdisjoint(_argument_names(function))

    def find_error(args: tuple[Any, ...], kwargs: dict[str, Any]) -> WrongArgument | None:
        nonlocal is_read
        if not is_read:
            checks[:], checks_by_name = _read_checks(function)
            number_checks[:] = (pair for pair in checks if pair[1].is_number)
            by_name.update(checks_by_name)
            is_read = True
        for index, check in checks:
            for value in args[index : check.end]:
                if not check.accepts(value):
                    return check.refusal(value)
        for name, value in kwargs.items():
            if name in by_name and not by_name[name].accepts(value):
                return by_name[name].refusal(value)
        return None

    # some tracebacks show the variables of a frame, so the arguments, which may be secret, are deleted
    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        outer_error = sys.exception() if has_secret else None
        try:
            if error := find_error(args, kwargs):
                raise error
            return function(*_plain_args(args, number_checks), **_plain_kwargs(kwargs, by_name))
        except BaseException as error:
            take_frames(error, has_secret, outer_error)
            raise
        finally:
            del args, kwargs, outer_error

    @functools.wraps(function)
    async def guarded_coroutine(*args: Any, **kwargs: Any) -> Any:
        outer_error = sys.exception() if has_secret else None
        try:
            if error := find_error(args, kwargs):
                raise error
            return await function(*_plain_args(args, number_checks), **_plain_kwargs(kwargs, by_name))
        except BaseException as error:
            take_frames(error, has_secret, outer_error)
            raise
        finally:
            del args, kwargs, outer_error

    result: Any = guarded_coroutine if inspect.iscoroutinefunction(function) else guarded
    result.is_checked = True
    return typing.cast(F, result)


def _argument_names(function: Callable[..., Any]) -> Sequence[str]:
    code: CodeType = inspect.unwrap(function).__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _plain_args(args: tuple[Any, ...], checks: Sequence[tuple[int, Check]]) -> Sequence[Any]:
    if not checks:
        return args
    values = list(args)
    for index, check in checks:
        values[index : check.end] = map(plain_number, values[index : check.end])
    return values


def _plain_kwargs(kwargs: dict[str, Any], by_name: Mapping[str, Check]) -> dict[str, Any]:
    for name, value in kwargs.items():
        if name in by_name and by_name[name].is_number:
            kwargs[name] = plain_number(value)
    return kwargs


def checked_methods(kind: C) -> C:
    """Return a class whose public methods, inherited ones too, refuse arguments that their annotations do not allow.

    A constructor is checked too, except a dataclass's own, since worldkit creates those by the thousand.
    """
    for owner in reversed(kind.__mro__):
        if not owner.__module__.startswith("worldkit."):
            continue
        for name, member in list(vars(owner).items()):
            if name.startswith("_") and name not in ("__init__", "__getitem__", "__call__"):
                continue
            if (name == "__init__" and hasattr(kind, "__dataclass_fields__")) or _resolve(kind, name) is not member:
                continue
            if inspect.isfunction(member) and not is_checked(member):
                setattr(kind, name, checked(member))
            elif isinstance(member, (classmethod, staticmethod)) and not is_checked(member.__func__):
                setattr(kind, name, type(member)(checked(member.__func__)))
    return kind


def _resolve(kind: type, name: str) -> Any:
    """Return what a class has by a name, as it stands in the class that defines it."""
    return next((vars(owner)[name] for owner in kind.__mro__ if name in vars(owner)), None)


def is_checked(function: Any) -> bool:
    """Return whether a function refuses arguments that its annotations do not allow."""
    return getattr(function, "is_checked", False) is True


class Check(NamedTuple):
    """The check of one argument.

    Attributes:
        argument: Its name.
        end: The position after its positional values; None for one that takes all the rest.
        kinds: What is allowed.
        accepts: Returns whether a value is allowed.
        is_number: Whether a number is allowed.
    """

    argument: str
    end: int | None
    kinds: Sequence[Kind]
    accepts: Callable[[Any], bool]
    is_number: bool

    def refusal(self, value: Any) -> WrongArgument:
        """Return the error for a value that is not allowed."""
        wrong_items = (kind.find_wrong_item(value) for kind in self.kinds)
        return refusal(self.argument, join_words(self.kinds), value, next(filter(None, wrong_items), None))


def _read_checks(function: Callable[..., Any]) -> tuple[list[tuple[int, Check]], dict[str, Check]]:
    """Return the checks of a function's arguments, by position and by name."""
    names = inspect.unwrap(function).__globals__
    by_position: list[tuple[int, Check]] = []
    by_name: dict[str, Check] = {}
    for index, parameter in enumerate(inspect.signature(function).parameters.values()):
        kinds = None if parameter.annotation is parameter.empty else kinds_of(parameter.annotation, names)
        if kinds is None:
            continue
        takes_rest = parameter.kind is parameter.VAR_POSITIONAL
        end = None if takes_rest else index + 1
        check = Check(parameter.name, end, kinds, accepts_any(kinds), allows_numbers(kinds))
        if takes_rest or parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            by_position.append((index, check))
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            by_name[parameter.name] = check
    return by_position, by_name
