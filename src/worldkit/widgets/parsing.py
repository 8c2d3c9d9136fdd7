"""Messages from the browser, read into requests; anything else is refused with the part that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from worldkit.core import json_values
from worldkit.core.errors import InvalidWorld
from worldkit.core.json_values import quote
from worldkit.widgets.protocol import (
    MAX_BYTES,
    Code,
    CompareRequest,
    EditorRequest,
    GeneratorRequest,
    PlayerRequest,
    ReportRequest,
    size,
)
from worldkit.widgets.protocol.request_parts import ERROR_TYPE


class Malformed(Exception):
    """A message is too large, or not of the protocol; says which part and what was expected.

    Attributes:
        code: The code of its refusal.
    """

    def __init__(self, message: str, code: Code = "invalid") -> None:
        super().__init__(message)
        self.code: Code = code


def _reader(requests: Any) -> Callable[[Any], Any]:
    """Return what reads one of some requests, told apart by their type; it raises ``Malformed`` for anything else."""
    adapter = TypeAdapter[Any](Annotated[requests, Field(discriminator="type")])

    def read(content: Any) -> Any:
        if (length := size(content)) > MAX_BYTES:
            limit = f"more than the {MAX_BYTES / 1e6:g} MB taken; make the change from Python"
            raise Malformed(f"this message is {length / 1e6:.1f} MB, {limit}", "oversize")
        if not isinstance(content, Mapping):
            raise Malformed(f"expected an object with a type, got {quote(content)}")
        message = dict(content)
        try:
            json_values.check_json(message, "the message")
            return adapter.validate_python(message)
        except InvalidWorld as error:
            raise Malformed(str(error.problems[0])) from None
        except ValidationError as error:
            raise Malformed(_format_error(error.errors(include_url=False)[0])) from None

    return read


read_editor: Callable[[Any], EditorRequest] = _reader(EditorRequest)
read_player: Callable[[Any], PlayerRequest] = _reader(PlayerRequest)
read_report: Callable[[Any], ReportRequest] = _reader(ReportRequest)
"""In a report a player may be open, so what a player asks too."""
read_compare: Callable[[Any], CompareRequest] = _reader(CompareRequest)
read_generator: Callable[[Any], GeneratorRequest] = _reader(GeneratorRequest)


_EXPECTED = {
    "string_type": "a string",
    "bool_type": "true or false",
    "dict_type": "an object",
    "literal_error": "{expected}",
    "int_type": "a whole number",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_too_long": "at most {max_length:,} characters",
    "too_short": "at least {min_length} item",
    "union_tag_invalid": "one of {expected_tags}",
    "union_tag_not_found": "a string",
}
"""What is expected, by the kind of error; of what is declared as ``Expected`` the message says it."""


def _format_error(error: ErrorDetails) -> str:
    """Return an error as ``part: expected something, got something else``."""
    context, value = error.get("ctx", {}), error["input"]
    path = error["loc"]
    if "discriminator" in context:
        part = context["discriminator"].strip("'")
        value = value.get(part)
    else:
        part = str(path[2 if path[0] == "act" else 1])  # what comes before it names the request
    if error["type"] == "missing":
        return f"{part} is missing"
    if error["type"] == ERROR_TYPE:
        return f"{part}: {error['msg']}"
    words = _EXPECTED.get(error["type"])
    return f"{part}: " + (f"expected {words.format(**context)}, got {quote(value)}" if words else error["msg"])
