"""Merging and deleting a flag across a world, as operations of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from worldkit.core.document import Document, json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.editing import flag_refs, refs
from worldkit.editing.batch import apply
from worldkit.editing.patching import apply_patch
from worldkit.editing.refs import EACH, Path

_WORLD_LISTS: tuple[tuple[str, Path], ...] = (
    ("cutscenes", (EACH, "requires")),
    ("missions", (EACH, "objectives", EACH, "requires")),
)
_FACT_LISTS: Path = ("facts", EACH, "requires")


class FlagRefused(WorldError):
    """A flag cannot be merged or deleted."""


Change = Callable[[list[str]], list[str]]


def flag_ops(world: Document, flags: Iterable[str], into: str | None) -> list[Json]:
    """Return the operations that merge several flags into one, or delete them.

    Args:
        world: The world.
        flags: The flags that go.
        into: The flag that stays; None to delete.

    Raises:
        WorldError: As for one flag.
    """
    ops: list[Json] = []
    for flag in dict.fromkeys(flags):
        batch = delete_flag_ops(world, flag) if into is None else merge_flag_ops(world, flag, into)
        world = apply(world, batch).world
        ops += batch
    return ops


def merge_flag_ops(world: Document, flag: str, into: str) -> list[Json]:
    """Return the operations that put one flag in the place of another, in every place that names it.

    Args:
        world: The world.
        flag: The flag that goes.
        into: The flag that stays; a list that names both keeps one.

    Raises:
        WorldError: The world does not name the flag; or ``into`` is the same flag, or has no visible character.
    """
    raw = json_of(world)
    _refuse_unknown(raw, flag)
    if into == flag or not into.strip():
        raise FlagRefused(f"expected another flag to merge {quote(flag)} into, got {quote(into)}")

    def change(flags: list[str]) -> list[str]:
        return list(dict.fromkeys(into if name == flag else name for name in flags))

    ops = _event_ops(raw, flag, change)
    fields: Json = _changed_lists(raw, flag, change)
    missions: Any = fields.get("missions", raw.get("missions"))
    if missions is not None:
        missions = flag_refs.with_explicit_flags(missions, {flag})
    for field, value in (("missions", missions), ("outro", raw.get("outro"))):
        if value is None:
            continue
        new_value = value
        for path in flag_refs.FLAG_REFS[field]:
            new_value = refs.replace_at(new_value, path, lambda name: into if name == flag else name)
        if new_value != raw[field]:
            fields[field] = new_value
    copies: list[Json] = deep_copy([*ops, *([{"op": "put_world", "set": fields}] if fields else [])])
    return copies


def delete_flag_ops(world: Document, flag: str) -> list[Json]:
    """Return the operations that take a flag out of every place that names it.

    What only that flag held back is then open from the start.

    Args:
        world: The world.
        flag: The flag.

    Raises:
        WorldError: The world does not name the flag; or an objective of a mission or the outro is made of it.
    """
    raw = json_of(world)
    _refuse_unknown(raw, flag)
    for mission in raw.get("missions", ()):
        for objective in mission["objectives"]:
            if objective.get("grants", objective["id"]) == flag:
                step = quote(objective["text"])
                raise FlagRefused(
                    f"the step {step} of a mission gives {quote(flag)}; merge it into another flag instead"
                )
    if "outro" in raw and raw["outro"]["flag"] == flag:
        raise FlagRefused(f"the outro plays when {quote(flag)} is held; remove the outro first, or merge the flag")

    def change(flags: list[str]) -> list[str]:
        return [name for name in flags if name != flag]

    ops = _event_ops(raw, flag, change)
    fields: Json = _changed_lists(raw, flag, change)
    missions: Any = fields.get("missions", raw.get("missions"))
    if missions is not None:
        missions = [
            {key: value for key, value in mission.items() if (key, value) != ("complete", flag)} for mission in missions
        ]
        if missions != raw["missions"]:
            fields["missions"] = missions
    copies: list[Json] = deep_copy([*ops, *([{"op": "put_world", "set": fields}] if fields else [])])
    return copies


def _refuse_unknown(raw: Json, flag: str) -> None:
    names = {name for event in raw["scene"]["events"] for _, name in flag_refs.event_flags(event)}
    names.update(name for _, name in flag_refs.field_flags(raw))
    names.update(flag_refs.default_flags(raw))
    if flag not in names:
        raise FlagRefused(f"there is no flag {quote(flag)} in this world")


def _event_ops(raw: Json, flag: str, change: Change) -> list[Json]:
    ops: list[Json] = []
    names: set[str] = set()
    for index, event in enumerate(raw["scene"]["events"]):
        is_first, name = event["name"] not in names, event["name"]
        names.add(name)
        patch: Json = {}
        for field in flag_refs.FLAG_LISTS:
            flags = event.get(field, [])
            if flag in flags:
                patch[field] = change(flags) or None
        terminal = event.get("terminal")
        if terminal is not None:
            console = _with_lists(terminal, _FACT_LISTS, flag, change)
            if console is not terminal:
                patch["terminal"] = console
        if not patch:
            continue
        if is_first:
            ops.append({"op": "update_event", "name": name, "patch": patch})
        else:
            # an operation by name means the first event of that name
            ops.append({"op": "put_event", "index": index, "event": apply_patch(event, patch)})
    return ops


def _changed_lists(raw: Json, flag: str, change: Change) -> Json:
    fields: Json = {}
    for field, path in _WORLD_LISTS:
        if field in raw:
            value = _with_lists(raw[field], path, flag, change)
            if value is not raw[field]:
                fields[field] = value
    return fields


def _with_lists(value: Any, path: Path, flag: str, change: Change) -> Any:
    """Return a value with the lists of flags at a path changed; a list that is empty then goes."""
    if path[0] == EACH:
        items = [_with_lists(item, path[1:], flag, change) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if path[0] not in value:
        return value
    if len(path) > 1:
        inner = _with_lists(value[path[0]], path[1:], flag, change)
        return value if inner is value[path[0]] else {**value, path[0]: inner}
    flags = value[path[0]]
    if flag not in flags:
        return value
    remaining = change(flags)
    return {**value, path[0]: remaining} if remaining else {key: one for key, one in value.items() if key != path[0]}
