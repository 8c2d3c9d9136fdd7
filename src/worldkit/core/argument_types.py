"""What an annotation allows: classes, texts, numbers, lists and functions, as something that can ask a value.

A class is asked with ``isinstance``, a protocol for its methods. ``int`` is a whole number and never ``True``,
``float`` any number but NaN, ``str`` holds whole characters and is never taken for a list of letters. An annotation
that means nothing here, such as ``Any`` or a type variable, allows everything.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import os
import sys
import types
import typing
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence, Set
from numbers import Integral, Real
from pathlib import Path
from typing import Any, NamedTuple

ENDLESS = 10**300
"""Beyond it nothing can be worked out with a whole number in floats."""


class Kind(NamedTuple):
    """One thing an argument may be.

    Attributes:
        accepts: Says whether a value is one.
        words: What it is called in a message.
        is_ours: It is a class of worldkit's.
    """

    accepts: Callable[[Any], bool]
    words: str
    is_ours: bool = False


def any_of(kinds: Sequence[Kind]) -> Callable[[Any], bool]:
    """Return what says whether a value is one of some kinds."""
    if len(kinds) == 1:
        return kinds[0].accepts
    tests = [kind.accepts for kind in kinds]
    return lambda value: any(test(value) for test in tests)


def listed(kinds: Sequence[Kind]) -> str:
    """Return some kinds in words."""
    words = list(dict.fromkeys(kind.words for kind in kinds))
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def kinds_of(annotation: Any, names: Mapping[str, Any]) -> list[Kind] | None:
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
            return kinds_of(text, names)
        case ast.Name(name) if name in names or hasattr(builtins, name):
            return _of_object(names.get(name, getattr(builtins, name, None)), names)
        case ast.Name(name):
            return [_by_name(name)] if name in LATER else None
        case ast.Attribute(ast.Name(module), name) if module in names:
            return _of_object(getattr(names[module], name, None), names)
        case ast.Subscript(ast.Name("Literal"), values):
            return _literal(ast.literal_eval(values))
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
        return _union([kinds_of(part, names) for part in typing.get_args(found)])
    if origin is typing.Literal:
        return _literal(typing.get_args(found))
    if isinstance(found, typing.ForwardRef):
        return kinds_of(found.__forward_arg__, names)
    if origin is not None:
        return _of_object(origin, names)
    if getattr(found, "_is_protocol", False):
        methods = [name for name, member in vars(found).items() if inspect.isfunction(member) and name[0] != "_"]
        return [_offering(methods)] if methods else None
    if isinstance(found, type) and found is not object:
        is_ours = found.__module__.startswith("worldkit.")
        return [Kind(lambda value: isinstance(value, found), _article(found.__name__), is_ours)]
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


def _literal(values: Any) -> list[Kind]:
    # which values it takes is the function's own affair: it says more of them than could be said here
    return [_PLAIN[kind] for kind in dict.fromkeys(map(type, values if isinstance(values, tuple) else (values,)))]


def _holding(outer: Kind, inner: ast.expr, names: Mapping[str, Any]) -> Kind:
    """Return a kind that also looks for what is worldkit's own in lists and dicts; of the rest each call says more."""
    last = inner.elts[-1] if isinstance(inner, ast.Tuple) else inner
    kinds = _of_node(last, names)
    if kinds is None or not all(kind.is_ours for kind in kinds):
        return outer
    accepts, test = outer.accepts, any_of(kinds)

    def accepts_all(value: Any) -> bool:
        if not accepts(value):
            return False
        if isinstance(value, Mapping):
            return all(map(test, value.values()))
        return not isinstance(value, (list, tuple, set, frozenset)) or all(map(test, value))

    return Kind(accepts_all, f"{outer.words} of which each is {listed(kinds)}")


LATER = {
    "Budget": "worldkit.exploration.budget",
    "Campaign": "worldkit.campaigns.document",
    "Executor": "concurrent.futures",
    "Exploration": "worldkit.exploration.result",
    "Generated": "worldkit.generation.pipeline.generate_one",
    "Playtest": "worldkit.simulation.result",
    "Position": "worldkit.playing.position",
    "Session": "worldkit.playing.session",
    "StoredWorld": "worldkit.stores.protocol",
    "Trace": "worldkit.playing.trace",
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

    return Kind(accepts, _article(name), is_ours=True)


def _article(name: str) -> str:
    return f"an {name}" if name[:1] in "AEIOU" else f"a {name}"


# ---- the table -------------------------------------------------------------------------------------


def _is_whole(value: Any) -> bool:
    if type(value) is int:
        return -ENDLESS < value < ENDLESS
    return isinstance(value, Integral) and not isinstance(value, bool) and -ENDLESS < int(value) < ENDLESS


def _is_number(value: Any) -> bool:
    if type(value) is float:
        return value == value  # NaN is no number
    if type(value) is int:
        return -ENDLESS < value < ENDLESS
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        return not math.isnan(float(value))
    except OverflowError:
        return False


def _is_list(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, bytearray)) and not _is_class(value)


def _is_sequence(value: Any) -> bool:
    # an array is no Sequence, and does as one
    return _is_list(value) and hasattr(value, "__getitem__") and not isinstance(value, (Mapping, Set))


def _is_class(value: Any) -> bool:
    return isinstance(value, type)


def is_text(value: Any) -> bool:
    """Return whether a value is a string of whole characters."""
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


_LIST = "a list"
_OBJECT = "an object (a dict)"
_NONE = Kind(lambda value: value is None, "None")
_A_LIST = Kind(_is_list, _LIST)
_TEXT = Kind(is_text, "a string")
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
    Sequence: Kind(_is_sequence, _LIST),
    Callable: Kind(callable, "something to call"),
    os.PathLike: Kind(lambda value: isinstance(value, os.PathLike), "a path"),
    Path: Kind(lambda value: isinstance(value, os.PathLike), "a path"),
}
_PATHS = (_PLAIN[os.PathLike], _PLAIN[Path])
