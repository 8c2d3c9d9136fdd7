"""What requests are made of: their base, kinds of their fields, and the requests that several widgets send.

Messages hold ``id`` and ``view`` too (see ``Address``), and fields that no request has are ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
    WithJsonSchema,
    WrapValidator,
)
from typing_extensions import TypeAliasType

from worldkit.core.characters import printable_line, shorten
from worldkit.core.json_values import quote
from worldkit.layout.annotations import MAX_COORDINATE, AnnotationPatch
from worldkit.widgets.protocol.expected import Expected, first_refused, refusal

LONGEST_LABEL = 120
LONGEST_PATH = 4_096
LONGEST_RESULT = 100_000
MOST_PICTURES = 60
Side = Literal["ours", "theirs", "base"]
"""What a conflict can be decided for."""


def one_line(text: str) -> str:
    """Return a label as one short line of printable characters."""
    return shorten(printable_line(text[: 4 * LONGEST_LABEL]), LONGEST_LABEL)


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
Path = Annotated[str, Field(max_length=LONGEST_PATH)]


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
    states: Annotated[list[str], Field(max_length=MOST_PICTURES), Expected("a list of at most 60 ids of states")]
    detail: Literal["full", "thumbnail"] = "thumbnail"
