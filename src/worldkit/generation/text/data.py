"""The data that generation reads: TOML and JSON files in ``data/generate``, written by hand."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, TypeAdapter

T = TypeVar("T")
Words = Annotated[frozenset[str], BeforeValidator(str.split)]
"""Words that are one text in the data."""
WordList = Annotated[tuple[str, ...], BeforeValidator(str.split)]
"""The same in their order."""
CommaList = Annotated[tuple[str, ...], BeforeValidator(lambda text: " ".join(text.split()).split(", "))]
"""Phrases that are one text in the data, which may be wrapped."""
Lines = Annotated[tuple[str, ...], BeforeValidator(lambda text: text.strip().splitlines())]
"""Lines that are one text in the data."""


@cache
def read_data(name: str) -> dict[str, Any]:
    """Return the content of a data file, such as ``"sorts.toml"``, which is read once."""
    text = files("worldkit").joinpath("data", "generate", name).read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    return data


def read_tables(name: str, kind: type[T]) -> dict[str, T]:
    """Return the tables of a data file as dataclasses, each with its name there; see ``typed``."""
    return {each: typed(kind, {**body, "name": each}) for each, body in read_data(name).items()}


def typed(kind: type[T], data: Any) -> T:
    """Return data as dataclasses or containers of them; the type of a field says how its text is read."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    value: T = _ADAPTERS[kind].validate_python(data)
    return value


_ADAPTERS: dict[object, TypeAdapter[Any]] = {}
"""The readers of the types that were asked for: to make one takes longer than to use it."""
