"""Refuses arguments of the wrong type: one guard for every public call.

``checked`` reads a function's annotations once, on the first call, and from then on looks at what it is given before
the function sees it. What an annotation means is said here only: a class is asked with ``isinstance``, ``int`` is a
whole number and never ``True``, ``float`` any number but NaN, ``str`` holds whole characters and is never taken for
a list of letters. An
annotation that means nothing here (``Any``, a type variable, a protocol) is not checked.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import os
import sys
import types
import typing
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from worldkit.errors import WrongArgument
from worldkit.jsonish import shown

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


class Kind(NamedTuple):
    """One thing an argument may be.

    Attributes:
        accepts: Says whether a value is one.
        words: What it is called in a message.
    """

    accepts: Callable[[Any], bool]
    words: str


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
    found = _found(value)
    if "World" in expected.split():
        readable = isinstance(value, (str, bytes, os.PathLike, Mapping))
        found += f"; read one with worldkit.load({shown(value, 40) if isinstance(value, str) else '...'})"
        if not readable:
            found = f"{_found(value)}; worldkit.load(path) reads one"
    return WrongArgument(argument, expected, found)


def _found(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, int) and not -_ENDLESS < value < _ENDLESS:
        return "a number of more than 300 digits"
    if isinstance(value, str) and not _is_text(value):
        return f"{shown(value)}, which holds half of a surrogate pair, no character"
    name = type(value).__name__
    return f"{name} {shown(value)}" if isinstance(value, (str, bytes, int, float, list, tuple, dict)) else f"a {name}"


# ---- by annotation ---------------------------------------------------------------------------------


def checked(function: F) -> F:
    """Return a function that refuses arguments its annotations do not allow.

    Raises:
        WrongArgument: When it is called so; says which argument, what was found and what was expected.
    """
    checks: list[tuple[str, Check | None]] = []
    by_name: dict[str, Check | None] = {}

    @functools.wraps(function)
    def guarded(*args: Any, **named: Any) -> Any:
        if not by_name:
            _compile(function, checks, by_name)
        for (name, check), value in zip(checks, args, strict=False):
            if check is not None and not check.accepts(value):
                raise refusal(name, check.words, value)
        for name, value in named.items():
            check = by_name.get(name)
            if check is not None and not check.accepts(value):
                raise refusal(name, check.words, value)
        return function(*args, **named)

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


Check = Kind


def _compile(function: Callable[..., Any], checks: list[tuple[str, Check | None]], by_name: dict[str, Any]) -> None:
    parameters = inspect.signature(function).parameters.values()
    found: dict[str, Check | None] = {"": None}
    order: list[tuple[str, Check | None]] = []
    for parameter in parameters:
        kinds = None
        if parameter.annotation is not parameter.empty:
            kinds = _kinds(parameter.annotation, inspect.unwrap(function).__globals__)
        check = None if kinds is None else Kind(_any_of(kinds), _listed(kinds))
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            order.append((parameter.name, check))
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            found[parameter.name] = check
    checks[:] = order
    by_name.update(found)


def _any_of(kinds: Sequence[Kind]) -> Callable[[Any], bool]:
    if len(kinds) == 1:
        return kinds[0].accepts
    tests = [kind.accepts for kind in kinds]
    return lambda value: any(test(value) for test in tests)


def _listed(kinds: Sequence[Kind]) -> str:
    words = list(dict.fromkeys(kind.words for kind in kinds))
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _kinds(annotation: Any, names: Mapping[str, Any]) -> list[Kind] | None:
    """Return what an annotation allows; None when it cannot be told."""
    if isinstance(annotation, str):
        try:
            return _of_node(ast.parse(annotation, mode="eval").body, names)
        except SyntaxError:
            return None
    return _of_object(annotation, names)


def _of_node(node: ast.expr, names: Mapping[str, Any]) -> list[Kind] | None:
    match node:
        case ast.BinOp(left, ast.BitOr(), right):
            return _union([_of_node(left, names), _of_node(right, names)])
        case ast.Constant(None):
            return [_NONE]
        case ast.Constant(str() as text):
            return _kinds(text, names)
        case ast.Name(name) if name in names or hasattr(builtins, name):
            return _of_object(names.get(name, getattr(builtins, name, None)), names)
        case ast.Name(name):
            return [_by_name(name)] if name in LATER else None
        case ast.Attribute(ast.Name(module), name) if module in names:
            return _of_object(getattr(names[module], name, None), names)
        case ast.Subscript(ast.Name("Literal"), values):
            return [_literal(ast.literal_eval(values))]
        case ast.Subscript(head, inner):
            outer = _of_node(head, names)
            return None if outer is None else [_holding(outer[0], inner, names)]
    return None


def _of_object(found: Any, names: Mapping[str, Any]) -> list[Kind] | None:
    if found is None or found is type(None):
        return [_NONE]
    if found is Any:
        return None
    if found in _PLAIN:
        return [_PLAIN[found]]
    origin = typing.get_origin(found)
    if origin is typing.Union or origin is types.UnionType:
        return _union([_kinds(part, names) for part in typing.get_args(found)])
    if origin is typing.Literal:
        return [_literal(typing.get_args(found))]
    if isinstance(found, typing.ForwardRef):
        return _kinds(found.__forward_arg__, names)
    if origin is not None:
        return _of_object(origin, names)
    if getattr(found, "_is_protocol", False):
        methods = [name for name, member in vars(found).items() if inspect.isfunction(member) and name[0] != "_"]
        return [_offering(methods)] if methods else None
    if isinstance(found, type) and found is not object:
        return [Kind(lambda value: isinstance(value, found), _article(found.__name__))]
    return None


def _offering(methods: Sequence[str]) -> Kind:
    words = f"something with {' and '.join(f'{method}()' for method in methods)}"
    return Kind(lambda value: all(callable(getattr(value, method, None)) for method in methods), words)


def _union(parts: Sequence[list[Kind] | None]) -> list[Kind] | None:
    kinds: list[Kind] = []
    for part in parts:
        if part is None:
            return None
        kinds += part
    if any(kind in _PATHS for kind in kinds):
        kinds = [_PATH_TEXT if kind is _TEXT else kind for kind in kinds]
    return kinds


def _literal(values: Any) -> Kind:
    allowed = values if isinstance(values, tuple) else (values,)
    words = " or ".join(shown(value) for value in allowed)
    return Kind(lambda value: any(type(value) is type(one) and value == one for one in allowed), words)


def _holding(outer: Kind, inner: ast.expr, names: Mapping[str, Any]) -> Kind:
    """Return a kind that also looks into lists and dicts, at what is a text, a number or worldkit's own."""
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if outer.words not in (_LIST, _OBJECT):
        return outer
    kinds = _of_node(parts[-1], names)
    if kinds is None or any(kind.words in (_OBJECT, _LIST) for kind in kinds):
        return outer
    accepts, test = outer.accepts, _any_of(kinds)

    def accepts_all(value: Any) -> bool:
        if not accepts(value):
            return False
        if isinstance(value, Mapping):
            return all(map(test, value.values()))
        return not isinstance(value, (list, tuple, set, frozenset)) or all(map(test, value))

    return Kind(accepts_all, f"{outer.words} of which each is {_listed(kinds)}")


LATER = {
    "Budget": "worldkit.play.explore.budget",
    "Campaign": "worldkit.campaign",
    "Executor": "concurrent.futures",
    "Exploration": "worldkit.play.explore.result",
    "Generated": "worldkit.generate.making",
    "Playtest": "worldkit.play.playtest.result",
    "Position": "worldkit.play.position",
    "Session": "worldkit.play.session",
    "StoredWorld": "worldkit.store.interface",
    "Trace": "worldkit.play.trace",
    "World": "worldkit.world",
}
"""Classes that annotations name and modules import for type checkers only, by where they are."""


def _by_name(name: str) -> Kind:
    if name == "Executor":  # a protocol
        return _offering(["submit"])

    def accepts(value: Any) -> bool:
        # while its module is not imported there is nothing of that class
        found = getattr(sys.modules.get(LATER[name]), name, None)
        return found is not None and isinstance(value, found)

    return Kind(accepts, _article(name))


def _article(name: str) -> str:
    return f"an {name}" if name[:1] in "AEIOU" else f"a {name}"


# ---- the table -------------------------------------------------------------------------------------


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and -_ENDLESS < int(value) < _ENDLESS


def _is_number(value: Any) -> bool:
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        return float(value) == value or not isinstance(value, float)
    except OverflowError:  # a whole number beyond every float
        return False


def _is_list(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, bytearray)) and not _is_class(value)


def _is_class(value: Any) -> bool:
    return isinstance(value, type)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and (value.isascii() or _is_encodable(value, str.encode))


def _is_path_text(value: Any) -> bool:
    # a file's name that is not UTF-8 is read as text with halves of surrogate pairs that the system takes back
    return isinstance(value, str) and (value.isascii() or _is_encodable(value, os.fsencode))


def _is_encodable(value: str, encode: Callable[[str], bytes]) -> bool:
    try:
        encode(value)
    except UnicodeEncodeError:
        return False
    return True


_ENDLESS = 10**300
"""Beyond it nothing can be worked out with a whole number in floats."""
_LIST = "a list"
_OBJECT = "an object (a dict)"
_NONE = Kind(lambda value: value is None, "None")
_A_LIST = Kind(_is_list, _LIST)
_TEXT = Kind(_is_text, "a string")
_PATH_TEXT = Kind(_is_path_text, "a string")
_PLAIN: dict[Any, Kind] = {
    str: _TEXT,
    bytes: Kind(lambda value: isinstance(value, (bytes, bytearray, memoryview)), "bytes"),
    bool: Kind(lambda value: isinstance(value, bool), "true or false"),
    int: Kind(_is_whole, "a whole number"),
    float: Kind(_is_number, "a number"),
    dict: Kind(lambda value: isinstance(value, Mapping), _OBJECT),
    Mapping: Kind(lambda value: isinstance(value, Mapping), _OBJECT),
    list: _A_LIST,
    tuple: _A_LIST,
    set: _A_LIST,
    frozenset: _A_LIST,
    Iterable: _A_LIST,
    Iterator: _A_LIST,
    Collection: _A_LIST,
    Container: _A_LIST,
    Sequence: Kind(lambda value: isinstance(value, Sequence) and _is_list(value), _LIST),
    Callable: Kind(callable, "something to call"),
    os.PathLike: Kind(lambda value: isinstance(value, os.PathLike), "a path"),
    Path: Kind(lambda value: isinstance(value, os.PathLike), "a path"),
}
_PATHS = (_PLAIN[os.PathLike], _PLAIN[Path])
