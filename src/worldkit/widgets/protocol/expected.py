"""Refusals of parts of a message: each says what was expected, and shows what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import ConfigDict, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_wrap_validator_function

from worldkit.core.json_values import quote

LONGEST_NAME = 40
KIND = "unexpected"
"""The type of the errors that are made here: their message is complete."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Expected:
    """Annotates a part with what is said to be expected there, whatever is wrong inside it.

    Attributes:
        words: What is expected.
    """

    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_wrap_validator_function(self._read, handler(source))

    def _read(self, value: Any, parse: Callable[[Any], Any]) -> Any:
        try:
            return parse(value)
        except ValidationError:
            raise refusal(self.words, value) from None


def refusal(words: str, value: Any) -> PydanticCustomError:
    """Return the refusal of a value."""
    return PydanticCustomError(KIND, "expected {words}, got {value}", {"words": words, "value": quote(value)})


def first_refused(kind: Any, items: Iterable[tuple[str, T]]) -> tuple[str, T] | None:
    """Return the first item that is not of a type, without looking at those after it; None when all are."""
    adapter = _adapter(kind)
    for name, item in items:
        try:
            adapter.validate_python(item)
        except ValidationError:
            return name, item
    return None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind, config=ConfigDict(strict=True))


def as_short_text(value: Any, _: object) -> Any:
    """Take any short text where few are declared: what it may be is decided, and told, by what it is handed to."""
    if not isinstance(value, str):
        raise refusal("a string", value)
    if len(value) > LONGEST_NAME:
        raise refusal(f"at most {LONGEST_NAME} characters", value)
    return value


def as_object(value: Any, _: object) -> Any:
    """Take any object where a narrower one is declared: what it is handed to says what is wrong inside it."""
    if not isinstance(value, dict):
        raise refusal("an object", value)
    return value
