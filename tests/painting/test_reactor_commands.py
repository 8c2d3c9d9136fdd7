"""A Reactor model's commands are read from its own schema, and nothing in a schema is trusted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from worldkit.painting.controls import AXES
from worldkit.painting.reactor.address import reactor_address
from worldkit.painting.reactor.commands import COMMAND_PURPOSES, Command, commands_of, values_between

TEXT = {"type": "string", "default": "", "maxLength": 10}
UPLOAD = {"$ref": "#/components/schemas/ReactorUploadReference"}


def schema(**commands: dict[str, Any]) -> dict[str, Any]:
    """A schema as the runtime writes it: a field without a default is required."""
    return {
        "openapi": "3.1.0",
        "paths": {
            f"/events/{name}": {
                "post": {
                    "operationId": name,
                    "requestBody": {
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "properties": fields,
                                    "required": [key for key, value in fields.items() if "default" not in value],
                                }
                            }
                        }
                    },
                }
            }
            for name, fields in commands.items()
        },
    }


def choice(*options: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(options)}


def test_a_lingbot_schema_is_understood() -> None:
    """The commands that the Studio sends to lingbot: set_image, set_prompt, start, and one command for each axis."""
    commands = commands_of(
        schema(
            set_prompt={"prompt": TEXT},
            set_image={"image": UPLOAD},
            start={},
            set_move_longitudinal={"move_longitudinal": choice("idle", "forward", "back")},
            set_move_lateral={"move_lateral": choice("idle", "strafe_left", "strafe_right")},
            set_look_horizontal={"look_horizontal": choice("idle", "left", "right")},
            set_look_vertical={"look_vertical": choice("idle", "up", "down")},
        )
    )
    assert list(commands) == list(COMMAND_PURPOSES)
    assert commands["prompt"].data("A very long lane.") == {"prompt": "A very lon"}
    assert commands["start"].data() == {}
    messages = [
        (command.name, value) for command, value in values_between(commands, (), {"forward", "left", "strafe_right"})
    ]
    assert messages == [
        ("set_move_longitudinal", "forward"),
        ("set_move_lateral", "strafe_right"),
        ("set_look_horizontal", "left"),
    ]
    assert [value for _, value in values_between(commands, {"forward", "left"}, {"left"})] == ["idle"]


@pytest.mark.parametrize(
    ("name", "fields", "purpose", "expected"),
    [
        ("scene", {"prompt": {"type": "string"}}, "prompt", Command("scene", "prompt")),
        ("prompt", {"text": TEXT}, "prompt", Command("prompt", "text", longest=10)),
        ("set_prompt", {"prompt": TEXT, "weight": {"type": "number"}}, "prompt", None),
        (
            "set_prompt",
            {"prompt": TEXT, "weight": {"default": 1}},
            "prompt",
            Command("set_prompt", "prompt", longest=10),
        ),
        ("set_prompt", {"prompt": choice("day", "night")}, "prompt", None),
        (
            "set_first_frame",
            {"file": {"anyOf": [UPLOAD, {"type": "null"}]}},
            "image",
            Command("set_first_frame", "file"),
        ),
        ("set_image", {"image": {"type": "string"}}, "image", None),
        ("start", {"seed": {"type": "integer"}}, "start", None),
        (
            "move_lateral",
            {"x": {"type": "number", "minimum": -2, "maximum": 2}},
            "move_lateral",
            Command("move_lateral", "x", {"strafe_left": -2, "strafe_right": 2, "": 0}),
        ),
        (
            "set_look_vertical",
            {"v": {"type": "number"}},
            "look_vertical",
            Command("set_look_vertical", "v", {"up": 1, "down": -1, "": 0}),
        ),
        (
            "set_look_horizontal",
            {"look": choice("none", "Look-Left", "Look-Right")},
            "look_horizontal",
            Command("set_look_horizontal", "look", {"": "none", "left": "Look-Left", "right": "Look-Right"}),
        ),
        ("set_look_horizontal", {"look": choice("left", "right")}, "look_horizontal", None),
        ("set_look_horizontal", {"look": choice("idle", "left")}, "look_horizontal", None),
    ],
)
def test_a_command_is_used_where_its_fields_allow_it(
    name: str, fields: dict[str, Any], purpose: str, expected: Command | None
) -> None:
    assert commands_of(schema(**{name: fields})).get(purpose) == expected


def test_commands_are_overridden_and_left_out() -> None:
    mine = Command("drive", "speed", {"forward": 0.5, "back": -0.5, "": 0.0})
    commands = commands_of(schema(set_prompt={"prompt": TEXT}), {"prompt": None, "move_longitudinal": mine})
    assert commands == {"move_longitudinal": mine}
    assert [value for _, value in values_between(commands, (), {"back"})] == [-0.5]
    with pytest.raises(wk.WorldError, match=r"commands='jump': expected one of prompt, image, start"):
        commands_of({}, {"jump": mine})


KEYS = (
    *("paths", "/events/set_prompt", "/events/set_move_lateral", "/events/set_image", "post", "requestBody", "content"),
    *("application/json", "schema", "properties", "required", "enum", "type", "prompt", "$ref", "anyOf", "maxLength"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_any_schema_is_read(value: Any) -> None:
    for purpose, command in commands_of(value).items():
        assert purpose in COMMAND_PURPOSES and isinstance(command.name, str)
        assert purpose not in AXES or "" in command.values


@pytest.mark.parametrize(
    ("address", "url", "model", "is_own"),
    [
        ("reactor:http://127.0.0.1:8080", "http://127.0.0.1:8080", "model", True),
        ("http://gpu.example:8080/", "http://gpu.example:8080", "model", True),
        ("reactor:https://gpu.example", "https://gpu.example", "model", True),
        ("reactor:https://host.example/owner/model", "https://host.example", "owner/model", False),
    ],
)
def test_an_address_names_a_runtime_or_a_model_of_a_coordinator(
    address: str, url: str, model: str, is_own: bool
) -> None:
    target = reactor_address(address)
    assert (target.url, target.model, target.is_own) == (url, model, is_own)


@pytest.mark.parametrize(
    "address", ["reactor:", "reactor:ws://h", "reactor:http://u:p@h", "http://h?key=1", "http://h:x"]
)
def test_other_addresses_are_refused_before_connecting(address: str) -> None:
    with pytest.raises(wk.WorldError, match="reactor:http://"):
        reactor_address(address)


def test_a_key_needs_a_model_and_is_not_sent_unencrypted_without_a_warning() -> None:
    with pytest.raises(wk.WorldError, match="name one"):
        reactor_address("reactor:https://host.example", has_secret=True)
    with pytest.warns(UserWarning, match="unencrypted"):
        assert not reactor_address("reactor:http://host.example/model", has_secret=True).is_own
