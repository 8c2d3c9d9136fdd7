"""The protocol is declared once: the browser's types are made from it, and what is sent is as declared."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from tests.notebook import declared
from tests.scripts import load_script
from worldkit.widgets import parsing
from worldkit.widgets.protocol import PROTOCOL, editor_requests


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("scripts/protocol_types.py")


def test_the_types_of_the_browser_are_what_the_script_writes(script: ModuleType) -> None:
    assert script.types() == script.TARGET.read_text("utf-8"), "run scripts/protocol_types.py"


def test_the_schema_between_them_is_json_schema(script: ModuleType) -> None:
    schema = script.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    edit = {"$ref": "#/$defs/Edit", "$defs": schema["$defs"]}
    jsonschema.validate({"type": "edit", "base": "0", "ops": [{"op": "undo"}]}, edit)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"type": "edit", "base": "0", "ops": [{}]}, edit)


def test_a_schema_that_has_no_type_is_an_error_of_the_script(script: ModuleType) -> None:
    with pytest.raises(ValueError, match="no TypeScript for"):
        script._type({"not": {}})


def test_the_player_shows_the_version_that_the_protocol_has() -> None:
    from worldkit.playing import view

    assert view.PROTOCOL_VERSION == PROTOCOL


@pytest.mark.parametrize(
    "content", [{"type": "accepted", "more": 1}, {"type": "rejected", "code": "why", "message": ""}, {"type": "poem"}]
)
def test_a_message_that_is_not_declared_fails_the_tests(content: Any) -> None:
    with pytest.raises(ValidationError):
        declared.check({"content": content})


# ---- reading -----------------------------------------------------------------------------------

LONG = "x" * 2_000_000
WRONG: list[tuple[Any, str]] = [
    ({"type": LONG}, "type: expected one of 'act'"),
    ({"type": "act"}, "action: expected a string, got null"),
    ({"type": "act", "action": LONG}, "action: expected one of 'fire'"),
    ({"type": "act", "action": ["fire"]}, "action: expected one of 'fire'"),
    ({"type": "act", "action": "fire"}, "event is missing"),
    ({"type": "act", "action": "fire", "event": [LONG]}, "event: expected a string"),
    ({"type": "act", "action": "wait", "ms": True}, "ms: expected a number of milliseconds"),
    ({"type": "act", "action": "wait", "ms": 10**400}, "ms: expected a number of milliseconds"),
    ({"type": "act", "action": "wait", "ms": -1}, "ms: expected a number of milliseconds"),
    ({"type": "act", "action": "tick", "ms": 1, "forward": 1}, "forward: expected true or false"),
    ({"type": "act", "action": "jump", "to": 1.0}, "to: expected an index of the trail"),
    ({"type": "act", "action": "mode", "mode": LONG}, "mode: expected at most 40 characters"),
    ({"type": "act", "action": "ask", "text": LONG}, "text: expected at most 2,000 characters"),
    ({"type": "act", "action": "variant", "label": 1}, "label: expected a string"),
    ({"type": "act", "action": "begin", "position": [1]}, "position: expected an object"),
    ({"type": "script", "kind": 1}, "kind: expected a string"),
    ({"type": "play"}, "target is missing"),
    ({"type": "play", "target": {"kind": LONG}}, "target: expected a finding or a run"),
    ({"type": "route", "target": {"kind": "run", "index": True}}, "target: expected a finding or a run"),
]


@pytest.mark.parametrize(("message", "problem"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_message_of_a_report_or_player_is_refused_with_the_part_that_is_wrong(
    message: Any, problem: str
) -> None:
    with pytest.raises(parsing.Malformed) as error:
        parsing.read_report(message)
    assert str(error.value).startswith(problem) and len(str(error.value)) < 1000


HOSTILE: dict[str, Callable[[], dict[str, Any]]] = {  # made where they are read: each is of megabytes
    "places of no numbers": lambda: {"type": "move", "positions": {f"k{n}": 1 for n in range(160_000)}},
    "places of three numbers": lambda: {"type": "move", "positions": {f"k{n}": [1, 2, 3] for n in range(110_000)}},
    "operations that are none": lambda: {"type": "edit", "base": "0", "ops": [1] * 700_000},
    "picks that are none": lambda: {
        "type": "reconcile",
        "choice": "rebase",
        "picks": {f"k{n}": "x" for n in range(130_000)},
    },
    "a type of two million letters": lambda: {"type": LONG},
    "an item that is none": lambda: {"type": "fix", "lint": "a", "item": {"kind": list(range(270_000))}},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_two_megabytes_of_nonsense_are_refused_quickly_and_briefly(name: str) -> None:
    message = HOSTILE[name]()
    began = time.process_time()
    with pytest.raises(parsing.Malformed) as error:
        parsing.read_editor(message)
    assert time.process_time() - began < 10, "half a second; hours if it grew with the square"
    assert len(str(error.value)) < 1000


def test_a_request_is_a_value() -> None:
    request = parsing.read_editor({"type": "move", "positions": {"a": [1, 2.5]}, "label": " Align\nleft ", "id": "1"})
    assert isinstance(request, editor_requests.Move)
    assert (request.positions, request.label) == ({"a": (1, 2.5)}, "Align left")
    assert [type(part) for part in request.positions["a"]] == [int, float]
    with pytest.raises(ValidationError, match="frozen"):
        request.label = "Other"  # type: ignore[misc]
