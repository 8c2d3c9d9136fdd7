"""Which commands of a Reactor model take prompts, pictures and controls, by the model's own schema."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import WorldError
from worldkit.core.json_values import is_number
from worldkit.painting.controls import AXES

MAX_COMMANDS = 500
PROMPT_COMMANDS = ("set_prompt", "prompt", "update_prompt", "change_prompt", "set_text_prompt")
PROMPT_FIELDS = ("prompt", "text", "value")
IMAGE_COMMANDS = ("set_image", "set_starting_image", "set_first_frame", "set_seed_image", "set_initial_image")
CONTROL_WORDS = {
    "forward": ("forward", "forwards", "front", "ahead"),
    "back": ("back", "backward", "backwards"),
    "strafe_left": ("strafe_left", "left"),
    "strafe_right": ("strafe_right", "right"),
    "left": ("left", "look_left", "turn_left"),
    "right": ("right", "look_right", "turn_right"),
    "up": ("up", "look_up"),
    "down": ("down", "look_down"),
}
"""How models spell each control."""
RELEASE_WORDS = ("idle", "none", "stop", "still", "neutral", "center", "off", "")
COMMAND_PURPOSES = ("prompt", "image", "start", *AXES)
"""What commands are looked for."""


@checked_methods
@dataclass(frozen=True, slots=True)
class Command:
    """One command of a model.

    Attributes:
        name: Its name.
        argument: The field that takes the value; empty for a command without one.
        values: For an axis of controls, the value of each control, and under ``""`` the value that releases it.
        longest: The longest text that it takes, in characters; None when it does not say.
    """

    name: str
    argument: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    longest: int | None = None

    def data(self, value: Any = None) -> dict[str, Any]:
        """Return the command's arguments.

        Example:
            >>> speed = wk.painters.Command("drive", "speed", {"forward": 1.0, "back": -0.5, "": 0.0})
            >>> speed.data(1.0)
            {'speed': 1.0}
        """
        if isinstance(value, str) and self.longest is not None:
            value = value[: self.longest]
        return {self.argument: value} if self.argument else {}


def commands_of(schema: Any, overrides: Mapping[str, Command | None] | None = None) -> dict[str, Command]:
    """Return the commands that a painter uses, by what they are for: one of ``COMMAND_PURPOSES``.

    Args:
        schema: The OpenAPI document of ``GET /schema``; nothing in it is trusted.
        overrides: Commands to use instead; None to use none.

    Raises:
        WorldError: An override is for nothing that is known.
    """
    overrides = overrides or {}
    if unknown := sorted(set(overrides) - set(COMMAND_PURPOSES)):
        raise WorldError(f"commands={unknown[0]!r}: expected one of {', '.join(COMMAND_PURPOSES)}")
    descriptions = dict(_descriptions(schema))
    by_purpose: dict[str, Command | None] = {
        "prompt": _prompt(descriptions),
        "image": _image(descriptions),
        "start": Command("start") if "start" in descriptions and not descriptions["start"].required_fields else None,
        **{axis: _axis(axis, words, descriptions) for axis, words in AXES.items()},
        **overrides,
    }
    return {name: command for name, command in by_purpose.items() if command is not None}


def values_between(
    commands: Mapping[str, Command], before: Collection[str], after: Collection[str]
) -> Iterator[tuple[Command, Any]]:
    """Yield the commands, with their values, that lead from some held controls to others.

    Args:
        commands: The commands of the model.
        before: What is held now.
        after: What shall be held; of two controls along one axis the first in ``AXES`` counts.
    """
    for axis, words in AXES.items():
        command = commands.get(axis)
        if command is None:
            continue
        control_before, control_after = (
            next((control for control in words if control in controls), "") for controls in (before, after)
        )
        if control_before != control_after and control_after in command.values:
            yield command, command.values[control_after]


def values_held(commands: Mapping[str, Command], controls: Collection[str]) -> Iterator[tuple[Command, Any]]:
    """Yield the command of every axis with the value of the control held along it, or with the one that releases it.

    Args:
        commands: The commands of the model.
        controls: What is held; of two controls along one axis the first in ``AXES`` counts.
    """
    for axis, words in AXES.items():
        command = commands.get(axis)
        control = next((control for control in words if control in controls), "")
        if command is not None and control in command.values:
            yield command, command.values[control]


@dataclass(frozen=True, slots=True)
class _Description:
    fields: Mapping[str, Mapping[str, Any]]
    required_fields: frozenset[str]

    def takes_only(self, name: str) -> bool:
        """Whether nothing but one field must be given."""
        return name in self.fields and self.required_fields <= {name}


_EMPTY_DESCRIPTION = _Description({}, frozenset())


def _descriptions(schema: Any) -> Iterator[tuple[str, _Description]]:
    for path, item in list(_object(_object(schema).get("paths")).items())[:MAX_COMMANDS]:
        if not isinstance(path, str) or not path.startswith("/events/"):
            continue
        body = _object(_object(_object(item).get("post")).get("requestBody"))
        content = _object(_object(_object(body.get("content")).get("application/json")).get("schema"))
        fields = {name: _object(value) for name, value in _object(content.get("properties")).items()}
        required_fields = content.get("required")
        names = [name for name in required_fields if isinstance(name, str)] if isinstance(required_fields, list) else []
        yield path.removeprefix("/events/"), _Description(fields, frozenset(names))


def _prompt(descriptions: Mapping[str, _Description]) -> Command | None:
    for name in (*PROMPT_COMMANDS, *(name for name in descriptions if name not in PROMPT_COMMANDS)):
        description = descriptions.get(name, _EMPTY_DESCRIPTION)
        for field_name in PROMPT_FIELDS if name in PROMPT_COMMANDS else PROMPT_FIELDS[:1]:
            text = description.fields.get(field_name, {})
            if text.get("type") == "string" and "enum" not in text and description.takes_only(field_name):
                return Command(name, field_name, longest=_length(text.get("maxLength")))
    return None


def _image(descriptions: Mapping[str, _Description]) -> Command | None:
    other_names = (name for name in descriptions if name not in IMAGE_COMMANDS and ("image" in name or "frame" in name))
    for name in (*IMAGE_COMMANDS, *other_names):
        description = descriptions.get(name, _EMPTY_DESCRIPTION)
        for field_name, value in description.fields.items():
            if _is_upload(value) and description.takes_only(field_name):
                return Command(name, field_name)
    return None


def _is_upload(value: Mapping[str, Any]) -> bool:
    options = [value, *(option for key in ("anyOf", "oneOf") for option in _list(value.get(key)))]
    return any(
        str(_object(option).get("$ref", "")).endswith("/ReactorUploadReference")
        or _object(option).get("format") == "reactor-upload-reference"
        for option in options
    )


def _axis(axis: str, words: Mapping[str, str], descriptions: Mapping[str, _Description]) -> Command | None:
    for name in (f"set_{axis}", axis):
        description = descriptions.get(name, _EMPTY_DESCRIPTION)
        if len(description.fields) != 1:
            continue
        field_name, value = next(iter(description.fields.items()))
        values = _values(words, value)
        if "" in values and all(control in values for control in words):
            return Command(name, field_name, values)
    return None


def _values(words: Mapping[str, str], value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of each control along an axis; of numbers, forward, right and up are positive."""
    options = [option for option in _list(value.get("enum")) if isinstance(option, str)]
    if options:
        options_by_word = {option.lower().replace("-", "_").replace(" ", "_"): option for option in options}
        values = {
            control: options_by_word[word]
            for control in words
            for word in reversed(CONTROL_WORDS[control])
            if word in options_by_word
        }
        release_options = [options_by_word[word] for word in RELEASE_WORDS if word in options_by_word]
        return values | ({"": release_options[0]} if release_options else {})
    if value.get("type") not in ("number", "integer"):
        return {}
    first, second = words
    maximum, minimum = value.get("maximum"), value.get("minimum")
    signs = (-1, 1) if first in ("strafe_left", "left") else (1, -1)
    bounds = {1: maximum if is_number(maximum) else 1, -1: minimum if is_number(minimum) else -1}
    return {first: bounds[signs[0]], second: bounds[signs[1]], "": 0}


def _length(value: Any) -> int | None:
    # the SDK reads every number as one with a fraction
    return int(value) if is_number(value) and 1 <= value < 1e9 else None


def _object(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
