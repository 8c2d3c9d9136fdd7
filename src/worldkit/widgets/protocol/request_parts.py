"""What requests are made of: their base, kinds of their fields and what is refused, and requests of several widgets.

Messages hold ``id`` and ``view`` too (see ``Address``), and fields that no request has are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    Strict,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_wrap_validator_function
from typing_extensions import TypeAliasType

from worldkit.core.characters import printable_line, shorten
from worldkit.core.json_values import quote
from worldkit.layout.annotations import MAX_COORDINATE, AnnotationPatch

ERROR_TYPE = "unexpected"
"""The type of the errors that are made here: their message is complete."""
MAX_LABEL_LENGTH = 120
MAX_NAME_LENGTH = 40
MAX_PATH_LENGTH = 4_096
MAX_RESULT_LENGTH = 100_000
MAX_PICTURES = 60
Side = Literal["ours", "theirs", "base"]
"""What a conflict can be decided for."""

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
    return PydanticCustomError(ERROR_TYPE, "expected {words}, got {value}", {"words": words, "value": quote(value)})


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
    if len(value) > MAX_NAME_LENGTH:
        raise refusal(f"at most {MAX_NAME_LENGTH} characters", value)
    return value


def as_object(value: Any, _: object) -> Any:
    """Take any object where a narrower one is declared: what it is handed to says what is wrong inside it."""
    if not isinstance(value, dict):
        raise refusal("an object", value)
    return value


def one_line(text: str) -> str:
    """Return a label as one short line of printable characters."""
    return shorten(printable_line(text[: 4 * MAX_LABEL_LENGTH]), MAX_LABEL_LENGTH)


_WholeCoordinate = Annotated[int, Field(ge=-int(MAX_COORDINATE), le=int(MAX_COORDINATE))]
_Coordinate = Annotated[float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
Position = TypeAliasType(
    "Position", Annotated[tuple[_WholeCoordinate | _Coordinate, _WholeCoordinate | _Coordinate], Strict(False)]
)
"""Of a list too, as JSON has no tuples. Whole numbers stay whole, so that a world is saved as it was."""


def _by_state(value: Any, parse: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Read places, and name the first that is wrong: there may be many thousands."""
    try:
        return parse(value)
    except ValidationError:
        wrong = first_refused(Position, value.items()) if isinstance(value, dict) else None
    if wrong is None:
        raise refusal("an object of [x, y] by state id", value)
    id, place = wrong
    raise refusal(f"[x, y], numbers up to {MAX_COORDINATE:g}, for {quote(id)}", place)


Positions = TypeAliasType("Positions", Annotated[dict[str, Position], WrapValidator(_by_state)])
Label = Annotated[str | None, AfterValidator(lambda label: one_line(label or "") or None)]
_OP = {"type": "object", "properties": {"op": {"type": "string"}}, "required": ["op"], "additionalProperties": True}
Op = TypeAliasType("Op", Annotated[dict[str, Any], WithJsonSchema(_OP)])
"""An operation. What is wrong in one is said by what carries it out."""
Index = Annotated[int, Field(ge=0), Expected("an index")]
Path = Annotated[str, Field(max_length=MAX_PATH_LENGTH)]
AnnotationChanges = Annotated[AnnotationPatch, Expected("regions, notes, tags, tagged and views by id")]


class Request(BaseModel):
    """A request, read from a message."""

    model_config = ConfigDict(frozen=True, strict=True)


class Hello(Request):
    """A view asks for everything."""

    type: Literal["hello"]


class PicturesOf(Request):
    """Ask for the pictures of states; what is no state has none."""

    type: Literal["pictures"]
    states: Annotated[list[str], Field(max_length=MAX_PICTURES), Expected("a list of at most 60 ids of states")]
    detail: Literal["full", "thumbnail"] = "thumbnail"
