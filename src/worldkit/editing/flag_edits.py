"""Merging and deleting flags across a world, as operations of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Set
from typing import Any

from worldkit.core.document import Document, json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.editing import flag_refs, refs
from worldkit.editing.patching import apply_patch
from worldkit.editing.refs import EACH_ITEM, Path

_WORLD_LISTS: tuple[tuple[str, Path], ...] = (
    ("cutscenes", (EACH_ITEM, "requires")),
    ("missions", (EACH_ITEM, "objectives", EACH_ITEM, "requires")),
)
_FACT_LISTS: Path = ("facts", EACH_ITEM, "requires")


class FlagRefused(WorldError):
    """A flag cannot be merged or deleted."""


Change = Callable[[list[str]], list[str]]


def flag_ops(world: Document, flags: Iterable[str], into: str | None) -> list[Json]:
    """Return the operations that put one flag in the place of others, or delete them, in every place that names them.

    What only a deleted flag held back is then open from the start.

    Args:
        flags: The flags to replace or delete.
        into: The flag in their place; a list that names several of them keeps one. None to delete them.

    Raises:
        WorldError: The world does not name a flag. Or it is ``into``, or ``into`` has no visible character. Or it is
            to be deleted, and an objective of a mission or the outro is made of it.
    """
    raw = json_of(world)
    old_flags = dict.fromkeys(flags)
    _refuse_flags(raw, old_flags, into)

    def change(names: list[str]) -> list[str]:
        if into is None:
            return [name for name in names if name not in old_flags]
        return list(dict.fromkeys(into if name in old_flags else name for name in names))

    ops = _event_ops(raw, old_flags.keys(), change)
    fields = _changed_lists(raw, old_flags.keys(), change)
    if into is None:
        fields |= _without_completing_flags({**raw, **fields}, old_flags)
    else:
        fields |= _with_other_flags({**raw, **fields}, old_flags, into)
    copies: list[Json] = deep_copy([*ops, *([{"op": "put_world", "set": fields}] if fields else [])])
    return copies


def _with_other_flags(fields: Json, old_flags: Container[str], into: str) -> Json:
    """Return the fields of the world that name some flags outside of lists, with another flag in their place."""
    changed_fields: Json = {}
    for field in ("missions", "outro"):
        if field not in fields:
            continue
        value = fields[field]
        if field == "missions":
            value = flag_refs.with_explicit_flags(value, old_flags)
        for path in flag_refs.FLAG_REFS[field]:
            value = refs.replace_at(value, path, lambda name: into if name in old_flags else name)
        if value != fields[field]:
            changed_fields[field] = value
    return changed_fields


def _without_completing_flags(fields: Json, old_flags: Container[str]) -> Json:
    """Return the missions without the flags that complete them, as a field of the world, if some flags do."""
    if not any(mission.get("complete") in old_flags for mission in fields.get("missions", ())):
        return {}
    return {
        "missions": [
            {key: value for key, value in mission.items() if key != "complete" or value not in old_flags}
            for mission in fields["missions"]
        ]
    }


def _refuse_flags(raw: Json, flags: Iterable[str], into: str | None) -> None:
    """Refuse to merge or delete flags of which one cannot be."""
    names = {name for event in raw["scene"]["events"] for _, name in flag_refs.event_flags(event)}
    names.update(name for _, name in flag_refs.field_flags(raw))
    names.update(flag_refs.default_flags(raw))
    texts = flag_refs.texts_by_flag(raw.get("missions", ()))
    for flag in flags:
        if flag not in names:
            raise FlagRefused(f"there is no flag {quote(flag)} in this world")
        if into is not None:
            if into == flag or not into.strip():
                raise FlagRefused(f"expected another flag to merge {quote(flag)} into, got {quote(into)}")
            continue
        if flag in texts:
            step = quote(texts[flag])
            raise FlagRefused(f"the step {step} of a mission gives {quote(flag)}; merge it into another flag instead")
        if "outro" in raw and raw["outro"]["flag"] == flag:
            raise FlagRefused(f"the outro plays when {quote(flag)} is held; remove the outro first, or merge the flag")


def _event_ops(raw: Json, old_flags: Set[str], change: Change) -> list[Json]:
    ops: list[Json] = []
    names: set[str] = set()
    for index, event in enumerate(raw["scene"]["events"]):
        is_first, name = event["name"] not in names, event["name"]
        names.add(name)
        patch: Json = {}
        for field in flag_refs.FLAG_LISTS:
            flags = event.get(field, [])
            if not old_flags.isdisjoint(flags):
                patch[field] = change(flags) or None
        terminal = event.get("terminal")
        if terminal is not None:
            console = _with_lists(terminal, _FACT_LISTS, old_flags, change)
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


def _changed_lists(raw: Json, old_flags: Set[str], change: Change) -> Json:
    fields: Json = {}
    for field, path in _WORLD_LISTS:
        if field in raw:
            value = _with_lists(raw[field], path, old_flags, change)
            if value is not raw[field]:
                fields[field] = value
    return fields


def _with_lists(value: Any, path: Path, old_flags: Set[str], change: Change) -> Any:
    """Return a value with the lists of flags at a path changed; a list that is empty then goes."""
    if path[0] == EACH_ITEM:
        items = [_with_lists(item, path[1:], old_flags, change) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if path[0] not in value:
        return value
    if len(path) > 1:
        inner = _with_lists(value[path[0]], path[1:], old_flags, change)
        return value if inner is value[path[0]] else {**value, path[0]: inner}
    flags = value[path[0]]
    if old_flags.isdisjoint(flags):
        return value
    remaining = change(flags)
    return {**value, path[0]: remaining} if remaining else {key: one for key, one in value.items() if key != path[0]}
