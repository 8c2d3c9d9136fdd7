"""The data that generation reads: TOML and JSON files in ``data/generate``, written by hand.

What is wrong in a file is an error that names the file, the place in it, what was found there and what was expected.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable
from functools import cache, partial
from importlib.resources import files
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from worldkit.core.json_values import quote
from worldkit.core.quoting import did_you_mean, name_some

T = TypeVar("T")
_MAX_PROBLEMS = 5
"""Problems of a file that an error tells."""
_MAX_QUOTE_CHARACTERS = 100
"""Characters of what was found."""


class DataError(Exception):
    """A data file is not as it has to be."""


def reader(
    read: Callable[[Any], Any], form: str, split: Callable[[Any], Iterable[Any]] | None = None
) -> BeforeValidator:
    """Return what reads a field of a dataclass from the data: from the whole text, or from each piece of it.

    Args:
        read: Returns the value that a text or a piece means.
        form: What such a text or piece looks like, for the error where it looks otherwise.
        split: Returns the pieces of a text; None where it has none.
    """

    def checked(function: Callable[[Any], Any], value: Any) -> Any:
        try:
            return function(value)
        except (AttributeError, LookupError, TypeError, ValueError):
            raise ValueError(f"{_found(value)}, expected {form}") from None

    if split is None:
        return BeforeValidator(partial(checked, read))
    return BeforeValidator(lambda text: [checked(read, piece) for piece in checked(split, text)])


def split_lines(text: str) -> list[str]:
    """Return the lines of a text of the data."""
    return text.strip().splitlines()


def split_items(text: str, separator: str = ", ") -> list[str]:
    """Return the items of a text of the data, which may be wrapped."""
    return " ".join(text.split()).split(separator)


Words = Annotated[frozenset[str], reader(str.split, "words")]
"""Words that are one text in the data."""
WordList = Annotated[tuple[str, ...], reader(str.split, "words")]
"""The same in their order."""
CommaList = Annotated[tuple[str, ...], reader(split_items, "phrases with commas between them")]
"""Phrases that are one text in the data, which may be wrapped."""
Lines = Annotated[tuple[str, ...], reader(split_lines, "lines")]
"""Lines that are one text in the data."""


@cache
def read_file(name: str) -> dict[str, Any]:
    """Return the content of a data file, such as ``"sorts.toml"``, which is read once."""
    text = files("worldkit").joinpath("data", "generate", name).read_text(encoding="utf-8")
    try:
        data: dict[str, Any] = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    except ValueError as error:
        raise DataError(f"{name}: {error}") from error
    return data


def read_data(name: str, *path: str) -> Any:
    """Return the content of a data file, or what it has at a path: the names of a table, of one in that, and so on."""
    data: Any = read_file(name)
    for depth, key in enumerate(path):
        if not isinstance(data, dict):
            raise DataError(f"{_place(name, path[:depth])}: {_found(data)}, expected a table")
        if key not in data:
            others = did_you_mean(key, data) or name_some(list(data))
            raise DataError(f"{_place(name, path[:depth])}: found no {quote(key)}{others}")
        data = data[key]
    return data


def read_tables(name: str, kind: type[T]) -> dict[str, T]:
    """Return the tables of a data file as dataclasses, each with its name there; see ``typed``."""
    return {
        each: typed(kind, {**read_typed(dict[str, Any], name, each), "name": each}, name, each)
        for each in read_data(name)
    }


def read_typed(kind: type[T], name: str, *path: str) -> T:
    """Return what a data file has at a path as a type says; see ``read_data`` and ``typed``."""
    return typed(kind, read_data(name, *path), name, *path)


def typed(kind: type[T], data: Any, name: str, *path: str) -> T:
    """Return data as dataclasses or containers of them; the type of a field says how its text is read.

    Args:
        kind, data: The type, and the data, which may be put together.
        name, path: The file and the place in it that they come from, for the error.
    """
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    try:
        value: T = _ADAPTERS[kind].validate_python(data)
    except ValidationError as error:
        problems = error.errors(include_url=False)[:_MAX_PROBLEMS]
        lines = [f"{_place(name, (*path, *problem['loc']))}: {_problem(problem)}" for problem in problems]
        raise DataError("\n".join(lines)) from None
    return value


def _problem(problem: Any) -> str:
    """Return in words what pydantic found wrong."""
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    if problem["type"] == "missing":
        return "found nothing, expected a value"
    return f"{_found(problem['input'])}, expected {problem['msg'].removeprefix('Input should be ')}"


def _place(name: str, path: Iterable[object]) -> str:
    # pydantic adds "[key]" to the name of a table that is wrong itself
    return ", ".join(filter(None, [name, ".".join(str(key) for key in path if key != "[key]")]))


def _found(value: object) -> str:
    return f"found {quote(value, _MAX_QUOTE_CHARACTERS)}"


_ADAPTERS: dict[object, TypeAdapter[Any]] = {}
"""The readers of the types that were asked for: to make one takes longer than to use it."""
