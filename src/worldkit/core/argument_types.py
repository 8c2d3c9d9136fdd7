"""What an annotation allows: classes, strings, numbers, lists and functions, as predicates on values.

A class is checked by ``isinstance``, a protocol by its methods. ``int`` is a whole number and never ``True``,
``float`` any number except NaN, ``str`` has no lone surrogates and is not a list of letters. An annotation
without a meaning here, such as ``Any`` or a type variable without a bound, allows everything.
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
from typing import Any, NamedTuple, TypeGuard

from worldkit.core.quoting import quote

MAX_WHOLE_NUMBER = 10**300
"""Whole numbers from here on do not fit into a float."""


class WrongItem(NamedTuple):
    """An item of a list or an object that is not of the kind that is expected.

    Attributes:
        value: The item.
        place: Where it is, in words.
    """

    value: Any
    place: str


class Kind(NamedTuple):
    """One kind of value that an argument may have.

    Attributes:
        accepts: Returns whether a value is of this kind.
        words: Its description in a message.
        is_ours: Whether it is a class of worldkit.
        find_wrong_item: Returns the item for which a value is not of this kind, with its place; None where none is.
    """

    accepts: Callable[[Any], bool]
    words: str
    is_ours: bool = False
    find_wrong_item: Callable[[Any], WrongItem | None] = lambda _: None


def accepts_any(kinds: Sequence[Kind]) -> Callable[[Any], bool]:
    """Return a predicate for values of any of some kinds."""
    if len(kinds) == 1:
        return kinds[0].accepts
    tests = [kind.accepts for kind in kinds]
    return lambda value: any(test(value) for test in tests)


def allows_numbers(kinds: Sequence[Kind]) -> bool:
    """Return whether a number is of one of some kinds."""
    return _KINDS[int] in kinds or _KINDS[float] in kinds


def plain_number(value: Any) -> Any:
    """Return a number that is neither ``int`` nor ``float``, such as one of numpy, as one of these; others as is."""
    if type(value) in (int, float, str) or isinstance(value, (int, float)) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def join_words(kinds: Sequence[Kind]) -> str:
    """Return a description of some kinds."""
    words = list(dict.fromkeys(kind.words for kind in kinds))
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def kinds_of(annotation: Any, names: Mapping[str, Any]) -> list[Kind] | None:
    """Return the kinds that an annotation allows; None when they are not known."""
    if isinstance(annotation, str):
        try:
            return _kinds_of_node(ast.parse(annotation, mode="eval").body, names)
        except SyntaxError:
            return None
    return _kinds_of_object(annotation, names)


def _kinds_of_node(node: ast.expr, names: Mapping[str, Any]) -> list[Kind] | None:
    match node:
        case ast.BinOp(left, ast.BitOr(), right):
            return _kinds_of_union([_kinds_of_node(left, names), _kinds_of_node(right, names)])
        case ast.Constant(None):
            return [_NONE_KIND]
        case ast.Constant(str() as text):
            return kinds_of(text, names)
        case ast.Name(name) if name in names or hasattr(builtins, name):
            return _kinds_of_object(names.get(name, getattr(builtins, name, None)), names)
        case ast.Name(name):
            return [_lazy_kind(name)] if name in LAZY_CLASSES else None
        case ast.Attribute(ast.Name(module), name) if module in names:
            return _kinds_of_object(getattr(names[module], name, None), names)
        case ast.Subscript(ast.Name("Literal"), values):
            return _kinds_of_literal(ast.literal_eval(values))
        case ast.Subscript(head, inner):
            outer = _kinds_of_node(head, names)
            return None if outer is None else [_kind_with_items(outer[0], inner, names)]
    return None


def _kinds_of_object(annotation: Any, names: Mapping[str, Any]) -> list[Kind] | None:
    if annotation is None or annotation is type(None):
        return [_NONE_KIND]
    if annotation is Any:
        return None
    if annotation in _KINDS:
        return [_KINDS[annotation]]
    origin = typing.get_origin(annotation)
    if origin is typing.Union or origin is types.UnionType:
        return _kinds_of_union([kinds_of(part, names) for part in typing.get_args(annotation)])
    if origin is typing.Literal:
        return _kinds_of_literal(typing.get_args(annotation))
    if isinstance(annotation, typing.TypeVar):
        return None if annotation.__bound__ is None else kinds_of(annotation.__bound__, names)
    if isinstance(annotation, typing.ForwardRef):
        return kinds_of(annotation.__forward_arg__, names)
    if origin is not None:
        return _kinds_of_object(origin, names)
    if getattr(annotation, "_is_protocol", False):
        methods = [name for name, member in vars(annotation).items() if inspect.isfunction(member) and name[0] != "_"]
        return [_kind_with_methods(methods)] if methods else None
    if isinstance(annotation, type) and annotation is not object:
        is_ours = annotation.__module__.startswith("worldkit.")
        name = "World" if annotation.__name__ == "Document" else annotation  # what users have
        return [Kind(lambda value: isinstance(value, annotation), with_article(name), is_ours)]
    return None


def _kind_with_methods(methods: Sequence[str]) -> Kind:
    words = f"something with {' and '.join(f'{method}()' for method in methods)}"
    return Kind(lambda value: all(callable(getattr(value, method, None)) for method in methods), words)


def _kinds_of_union(parts: Sequence[list[Kind] | None]) -> list[Kind] | None:
    kinds: list[Kind] = []
    for part in parts:
        if part is None:
            return None
        kinds += part
    if any(kind in _PATH_KINDS for kind in kinds):
        kinds = [_PATH_TEXT_KIND if kind is _TEXT_KIND else kind for kind in kinds]
    return kinds


def _kinds_of_literal(values: Any) -> list[Kind]:
    # the function itself checks the value, since its message can say more
    return [_KINDS[kind] for kind in dict.fromkeys(map(type, values if isinstance(values, tuple) else (values,)))]


def _kind_with_items(outer: Kind, inner: ast.expr, names: Mapping[str, Any]) -> Kind:
    """Return a kind that also checks the items of lists and dicts that are of worldkit's own classes, or texts."""
    last = inner.elts[-1] if isinstance(inner, ast.Tuple) else inner
    kinds = _kinds_of_node(last, names)
    is_collection = outer in (_LIST_KIND, _SEQUENCE_KIND, _OBJECT_KIND)
    if not is_collection or kinds is None or not all(kind.is_ours or kind is _TEXT_KIND for kind in kinds):
        return outer
    accepts, test = outer.accepts, accepts_any(kinds)

    def find_wrong_item(value: Any) -> WrongItem | None:
        if isinstance(value, Mapping):
            wrong_items = (WrongItem(item, f"for {quote(key)}") for key, item in value.items() if not test(item))
        elif isinstance(value, (list, tuple, set, frozenset)):
            wrong_items = (WrongItem(item, f"as item {at}") for at, item in enumerate(value, 1) if not test(item))
        else:
            return None
        return next(wrong_items, None)

    def accepts_all(value: Any) -> bool:
        return accepts(value) and find_wrong_item(value) is None

    return Kind(accepts_all, f"{outer.words} of which each is {join_words(kinds)}", False, find_wrong_item)


LAZY_CLASSES = {
    "Budget": "worldkit.exploration.budget",
    "Campaign": "worldkit.campaigns.document",
    "Executor": "concurrent.futures",
    "Exploration": "worldkit.exploration.result",
    "Generated": "worldkit.generation.pipeline.generate_one",
    "Playtest": "worldkit.simulation.result",
    "Position": "worldkit.playing.position",
    "Session": "worldkit.playing.session",
    "StoredWorld": "worldkit.stores.stored_world",
    "Trace": "worldkit.playing.trace",
    "World": "worldkit.world",
}
"""The modules of classes that annotations name but modules import for type checkers only."""


def _lazy_kind(name: str) -> Kind:
    if name == "Executor":  # a protocol
        return _kind_with_methods(["submit"])

    def accepts(value: Any) -> bool:
        # while its module is not imported no value has that class
        kind = getattr(sys.modules.get(LAZY_CLASSES[name]), name, None)
        return kind is not None and isinstance(value, kind)

    return Kind(accepts, with_article(name), is_ours=True)


def with_article(kind: type | str) -> str:
    """Return what users call a class, with its article: where it has no name for them, that of a base."""
    if not isinstance(kind, str):
        kind = next(base.__name__ for base in kind.__mro__ if not base.__name__.startswith("_"))
    return f"an {kind}" if kind[:1].upper() in "AEIOU" else f"a {kind}"


# ---- the table -------------------------------------------------------------------------------------


def _is_whole(value: Any) -> bool:
    if type(value) is int:
        return -MAX_WHOLE_NUMBER < value < MAX_WHOLE_NUMBER
    return (
        isinstance(value, Integral)
        and not isinstance(value, bool)
        and -MAX_WHOLE_NUMBER < int(value) < MAX_WHOLE_NUMBER
    )


def _is_number(value: Any) -> bool:
    if type(value) is float:
        return value == value  # NaN is no number
    if type(value) is int:
        return -MAX_WHOLE_NUMBER < value < MAX_WHOLE_NUMBER
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        return not math.isnan(float(value))
    except OverflowError:
        return False


def _is_list(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, bytearray)) and not _is_class(value)


def _is_sequence(value: Any) -> bool:
    # an array is no Sequence, but serves as one
    return _is_list(value) and hasattr(value, "__getitem__") and not isinstance(value, (Mapping, Set))


def _is_class(value: Any) -> bool:
    return isinstance(value, type)


def is_text(value: Any) -> TypeGuard[str]:
    """Return whether a value is a string without lone surrogates."""
    return isinstance(value, str) and (value.isascii() or _is_encodable(value, str.encode))


def _is_path_text(value: Any) -> bool:
    # Python represents bytes of a file name that are not UTF-8 by lone surrogates; a zero byte is in no file's name
    return isinstance(value, str) and "\0" not in value and (value.isascii() or _is_encodable(value, os.fsencode))


def _is_path(value: Any) -> bool:
    if not isinstance(value, os.PathLike):
        return False
    name = os.fspath(value)
    return isinstance(name, bytes) or _is_path_text(name)


def _is_encodable(value: str, encode: Callable[[str], bytes]) -> bool:
    try:
        encode(value)
    except UnicodeEncodeError:
        return False
    return True


_LIST_DESCRIPTION = "a list"
_OBJECT_DESCRIPTION = "an object (a dict)"
_NONE_KIND = Kind(lambda value: value is None, "None")
_LIST_KIND = Kind(_is_list, _LIST_DESCRIPTION)
_SEQUENCE_KIND = Kind(_is_sequence, _LIST_DESCRIPTION)
_OBJECT_KIND = Kind(lambda value: isinstance(value, Mapping), _OBJECT_DESCRIPTION)
_TEXT_KIND = Kind(is_text, "a string")
_PATH_TEXT_KIND = Kind(_is_path_text, "a string")
_KINDS: dict[Any, Kind] = {
    str: _TEXT_KIND,
    bytes: Kind(lambda value: isinstance(value, (bytes, bytearray, memoryview)), "bytes"),
    bool: Kind(lambda value: isinstance(value, bool), "true or false"),
    int: Kind(_is_whole, "a whole number"),
    float: Kind(_is_number, "a number"),
    dict: _OBJECT_KIND,
    Mapping: _OBJECT_KIND,
    list: _LIST_KIND,
    set: _LIST_KIND,
    frozenset: _LIST_KIND,
    Iterable: _LIST_KIND,
    Iterator: _LIST_KIND,
    Collection: _LIST_KIND,
    Container: _LIST_KIND,
    Sequence: _SEQUENCE_KIND,
    tuple: _SEQUENCE_KIND,
    Callable: Kind(callable, "something to call"),
    os.PathLike: Kind(_is_path, "a path"),
    Path: Kind(_is_path, "a path"),
}
_PATH_KINDS = (_KINDS[os.PathLike], _KINDS[Path])
