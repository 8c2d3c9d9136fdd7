"""Carrying an instruction out by code: each intent becomes operations, and a sentence that says what was done."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import Any

from worldkit.core.json_values import Json, quote
from worldkit.editing.batch import apply
from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.pipeline.string_writer import StringWriter
from worldkit.generation.revision import addition, locks, mood_changes, name_resolution, place_names, removal
from worldkit.generation.revision.instruction import (
    AddPlace,
    AddWay,
    Begin,
    Intent,
    Lock,
    Remove,
    Rename,
    SetText,
    Tint,
    Unlock,
)
from worldkit.generation.revision.layers import with_layer_ops
from worldkit.generation.text.english import a, listing, slug
from worldkit.world import World

_ARTICLE = re.compile(r"\A(?:the|an?) ", re.IGNORECASE)


@dataclass
class Reviser:
    """A world that is being changed, intent by intent; each sees what those before it did.

    Attributes:
        world: The world as it is by now.
        prose: What writes.
        ops: Every operation so far.
        sentences: What was done, a sentence each.
    """

    world: World
    prose: StringWriter
    ops: list[Json] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    def carry_out(self, intents: Iterable[Intent]) -> None:
        """Carry intents out.

        Raises:
            WorldError: One cannot be: what it names does not exist, or there is nothing to do.
        """
        for intent in intents:
            ops, sentence = self._one(intent)
            changed_world = apply(self.world, with_layer_ops(self.world, ops))
            self.ops += changed_world.ops
            self.world = changed_world.world
            self.sentences.append(sentence)

    @singledispatchmethod
    def _one(self, intent: Any) -> tuple[list[Json], str]:
        raise TypeError(f"no way to carry out {intent!r}")

    @_one.register
    def _rename(self, intent: Rename) -> tuple[list[Json], str]:
        kind, old = name_resolution.either(self.world, intent.what)
        words = " ".join(_ARTICLE.sub("", intent.name).replace("_", " ").split())
        new = slug(words)
        if not new:
            raise TaskRefused(f"{quote(intent.name)} makes no id; expected a name with letters or digits in it")
        if kind == "state":
            patches = place_names.patches(self.world, self.world.events, old, words)
            ops: list[Json] = [{"op": "rename_state", "from": old, "to": new}]
            ops += [{"op": "update_event", "name": name, "patch": patch} for name, patch in patches.items()]
            return ops, f"Renamed the state {old} to {new}."
        return [{"op": "update_event", "name": old, "patch": {"name": new}}], f"Renamed the event {old} to {new}."

    @_one.register
    def _set(self, intent: SetText) -> tuple[list[Json], str]:
        name, text = intent.field, intent.text
        if name in ("title", "subtitle"):
            return self._ending(intent)
        if name in ("detail", "hotkey", "lockedHint"):
            kind, id = "event", name_resolution.event(self.world, intent.what)
        else:
            kind, id = name_resolution.either(self.world, intent.what)
        op = {"op": f"update_{kind}", "id" if kind == "state" else "name": id, "patch": {name: text}}
        return [op], f"Set the {name} of {id}."

    def _ending(self, intent: SetText) -> tuple[list[Json], str]:
        ops: list[Json] = []
        ids = name_resolution.states(self.world, intent.what)
        for id in ids:
            if self.world.states[id].ending is None:
                raise TaskRefused(f"{quote(id)} is no ending, so it has no {intent.field}; name an ending")
            ops.append(mood_changes.ending_op(self.world, id, {intent.field: intent.text}))
        return ops, f"Set the {intent.field} of {listing(ids)}."

    @_one.register
    def _tint(self, intent: Tint) -> tuple[list[Json], str]:
        is_everywhere = intent.what not in self.world.states and name_resolution.everything(intent.what)
        ids = list(self.world.states) if is_everywhere else name_resolution.states(self.world, intent.what)
        ops = mood_changes.tint(self.world, ids, intent.moods, self.prose, air=is_everywhere)
        moods = listing([mood.name for mood in intent.moods])
        return ops, f"Gave {'the whole world' if is_everywhere else listing(ids)} {a(moods)} mood."

    @_one.register
    def _place(self, intent: AddPlace) -> tuple[list[Json], str]:
        near = name_resolution.state(self.world, intent.near)
        on = name_resolution.state(self.world, intent.on) if intent.on else None
        return addition.place(self.world, intent.name, near, on, self.prose)

    @_one.register
    def _way(self, intent: AddWay) -> tuple[list[Json], str]:
        start, to = name_resolution.state(self.world, intent.start), name_resolution.state(self.world, intent.to)
        return addition.way(self.world, start, to, intent.both, intent.name, self.prose)

    @_one.register
    def _lock(self, intent: Lock) -> tuple[list[Json], str]:
        return locks.lock(self.world, self._ways(intent.what, intent.to), intent.key, self.prose)

    @_one.register
    def _unlock(self, intent: Unlock) -> tuple[list[Json], str]:
        return locks.unlock(self.world, self._ways(intent.what, intent.to))

    def _ways(self, what: str, to: str) -> list[str]:
        """Return the events meant: those between two states, one by name, or those that lead into a state."""
        if to:
            start, end = name_resolution.state(self.world, what), name_resolution.state(self.world, to)
            event_names = [e.name for e in self.world.events if start in e.from_ and self.world.landing(e.to) == end]
            if not event_names:
                raise TaskRefused(f"no event leads from {quote(start)} to {quote(end)}; add a way first")
            return event_names
        kind, id = name_resolution.either(self.world, what)
        if kind == "event":
            return [id]
        event_names = [e.name for e in self.world.events if self.world.landing(e.to) == id and id not in e.from_]
        if not event_names:
            raise TaskRefused(f"no event leads to {quote(id)}; add a way first, or name an event")
        return event_names

    @_one.register
    def _remove(self, intent: Remove) -> tuple[list[Json], str]:
        kind, id = name_resolution.either(self.world, intent.what)
        return removal.state(self.world, id) if kind == "state" else removal.event(self.world, id)

    @_one.register
    def _begin(self, intent: Begin) -> tuple[list[Json], str]:
        id = name_resolution.state(self.world, intent.what)
        if self.world.states[id].ending is not None:
            raise TaskRefused(f"{quote(id)} is an ending; play cannot begin where it is over")
        return [{"op": "set_entrance", "state": id}], f"Play begins in {id}."
