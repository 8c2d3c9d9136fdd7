"""What the bodies of requests and answers are made of: the kinds of their fields, and their common base."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

from worldkit.server import origins

Name = Annotated[str, StringConstraints(max_length=2000)]
Prose = Annotated[str, StringConstraints(max_length=20_000)]
Picture = Annotated[str, StringConstraints(max_length=4_000_000)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Url = Annotated[str, StringConstraints(max_length=4_000_000)]
Id = Annotated[str, StringConstraints(max_length=200)]
Premise = Annotated[str, StringConstraints(max_length=4000)]
Words = Annotated[str, StringConstraints(max_length=4000)]


def _origin(text: str) -> str:
    if not origins.is_origin(text):
        raise ValueError("expected an origin such as https://game.example, without a path")
    return text


Origin = Annotated[
    str,
    StringConstraints(max_length=300),
    AfterValidator(_origin),
    WithJsonSchema({"type": "string", "maxLength": 300, "pattern": f"^{origins.ORIGIN_PATTERN}$"}),
]
Object = dict[str, Any]


def _integer(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Count = BeforeValidator(_integer)
"""Takes a whole number that is written as ``3.0``, as JSON may."""


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("expected a whole number in digits, such as 20")
    return value


InDigits = BeforeValidator(_digits)
"""Takes no number of a query that only Python reads as one, such as ``5_0``."""


Revision = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    StringConstraints(min_length=1, max_length=200),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1, "maxLength": 200}, {"type": "integer"}]}),
]
"""A revision that a write was made against."""


class Body(BaseModel):
    """What a request or an answer holds."""

    model_config = ConfigDict(extra="allow", strict=True)
