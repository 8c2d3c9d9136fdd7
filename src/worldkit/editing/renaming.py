"""Documents with renamed states and flags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from worldkit.core.json_values import Json
from worldkit.editing import refs
from worldkit.editing.allowances import allowances_by_new_names
from worldkit.editing.flag_refs import FLAG_REFS, rename_in_event, with_explicit_flags
from worldkit.editing.refs import Path

Names = Mapping[str, str]


def invert(names: Names) -> dict[str, str]:
    """Return the inverse of a renaming."""
    return {new: old for old, new in names.items()}


class Renaming:
    """Renames states and flags in parts of a document; parts without a renamed one are shared, not copied.

    Args:
        states: New ids of states.
        flags: New names of flags.
        cuts: Ids of cutscenes, which a ``to`` may name; they are not renamed.
        events: New names of events, for the findings that a world allows in them.
    """

    def __init__(self, states: Names, flags: Names, cuts: Iterable[str], events: Names | None = None) -> None:
        self._states, self._flags, self.cutscene_ids = states, flags, frozenset(cuts)
        self._events = events or {}

    def __bool__(self) -> bool:
        return bool(self._states or self._flags or self._events)

    def state(self, id: str) -> str:
        """Return the new id of a state."""
        return self._states.get(id, id)

    def flag(self, name: str) -> str:
        """Return the new name of a flag."""
        return self._flags.get(name, name)

    def event(self, body: Json) -> Json:
        """Return an event with the new names."""
        new_fields: Json = {}
        if self._states:
            sources = body["from"]
            if type(sources) is str:
                if sources in self._states:
                    new_fields["from"] = self._states[sources]
            elif not self._states.keys().isdisjoint(sources):
                new_fields["from"] = [self.state(id) for id in sources]
            to = body.get("to")
            if to is not None and to in self._states and to not in self.cutscene_ids:
                new_fields["to"] = self._states[to]
        new_body = {**body, **new_fields} if new_fields else body
        return rename_in_event(new_body, self.flag) if self._flags else new_body

    def events(self, bodies: list[Json]) -> list[Json]:
        """Return events with the new names."""
        if self._flags:
            return [self.event(body) for body in bodies]
        if not self._states:
            return bodies
        names = self._states.keys()
        return [
            self.event(body)
            if body.get("to") in names
            or (body["from"] in names if type(body["from"]) is str else not names.isdisjoint(body["from"]))
            else body
            for body in bodies
        ]

    def world_fields(self, fields: Json) -> Json:
        """Return the world's own fields with the new names; an objective keeps its id and names its flag."""
        new_fields: Json = {}
        for kind, names in (("state", self._states), ("event", self._events)):
            kernel = allowances_by_new_names({**fields, **new_fields}, kind, dict(names))
            if kernel is not None:
                new_fields["kernel"] = kernel
        if self._flags and "missions" in fields:
            new_fields["missions"] = with_explicit_flags(fields["missions"], self._flags)
        for references, change in self.references():
            for field, paths in references.items():
                if field in fields:
                    value = new_fields.get(field, fields[field])
                    for path in paths:
                        value = refs.replace_at(value, path, change)
                    if value is not fields[field]:
                        new_fields[field] = value
        return {**fields, **new_fields} if new_fields else fields

    def document(self, raw: Json) -> Json:
        """Return a whole document with the new names, in the same order."""
        scene = raw["scene"]
        states = {self.state(id): body for id, body in scene["states"].items()}
        graph = {**scene, "states": states, "events": self.events(scene["events"])}
        return self.world_fields({**raw, "scene": graph})

    def references(self) -> Iterator[tuple[Mapping[str, tuple[Path, ...]], Callable[[str], str]]]:
        """Yield the paths outside the events whose names change, by top-level field, with their renaming function."""
        if self._states:
            yield refs.STATE_REFS, self.state
        if self._flags:
            yield FLAG_REFS, self.flag
