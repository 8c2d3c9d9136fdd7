"""Where a document names its states and its flags, and documents said in other names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from worldkit.core.json_values import Json
from worldkit.editing import refs
from worldkit.editing.refs import EACH, Path

Names = Mapping[str, str]

FLAG_LISTS = ("requires", "grants")
"""The fields of an event that list flags."""

FLAGS: Mapping[str, tuple[Path, ...]] = {
    "cutscenes": ((EACH, "requires", EACH),),
    "missions": (
        (EACH, "complete"),
        (EACH, "objectives", EACH, "grants"),
        (EACH, "objectives", EACH, "requires", EACH),
    ),
    "outro": (("flag",),),
}
"""Every place outside the events that holds a flag, by top-level field; as ``refs.SITES`` for states."""

FACTS: Path = ("terminal", "facts", EACH, "requires", EACH)


def inverted(names: Names) -> dict[str, str]:
    """Return a renaming the other way round."""
    return {new: old for old, new in names.items()}


class Renaming:
    """Turns parts of a document into other names; what names nothing that changes is shared, not copied.

    Args:
        states: New ids of states.
        flags: New names of flags.
        cuts: Ids of cutscenes, which a ``to`` may name; they keep theirs.
    """

    def __init__(self, states: Names, flags: Names, cuts: Iterable[str]) -> None:
        self._states, self._flags, self.cuts = states, flags, frozenset(cuts)

    def __bool__(self) -> bool:
        return bool(self._states or self._flags)

    def state(self, id: str) -> str:
        """Return the new id of a state."""
        return self._states.get(id, id)

    def flag(self, name: str) -> str:
        """Return the new name of a flag."""
        return self._flags.get(name, name)

    def event(self, body: Json) -> Json:
        """Return an event in the new names."""
        made: Json = {}
        if self._states:
            held = body["from"]
            if type(held) is str:
                if held in self._states:
                    made["from"] = self._states[held]
            elif not self._states.keys().isdisjoint(held):
                made["from"] = [self.state(id) for id in held]
            to = body.get("to")
            if to is not None and to in self._states and to not in self.cuts:
                made["to"] = self._states[to]
        if self._flags:
            for field in FLAG_LISTS:
                listed = body.get(field)
                if listed and not self._flags.keys().isdisjoint(listed):
                    made[field] = [self.flag(name) for name in listed]
            if "terminal" in body:
                terminal = refs.replace_at(body["terminal"], FACTS[1:], self.flag)
                if terminal is not body["terminal"]:
                    made["terminal"] = terminal
        return {**body, **made} if made else body

    def events(self, bodies: list[Json]) -> list[Json]:
        """Return events in the new names."""
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

    def top(self, fields: Json) -> Json:
        """Return the world's own fields in the new names."""
        made: Json = {}
        for sites, change in self.sites():
            for field, paths in sites.items():
                if field in fields:
                    value = made.get(field, fields[field])
                    for path in paths:
                        value = refs.replace_at(value, path, change)
                    if value is not fields[field]:
                        made[field] = value
        return {**fields, **made} if made else fields

    def document(self, raw: Json) -> Json:
        """Return a whole document in the new names, everything where it was."""
        scene = raw["scene"]
        states = {self.state(id): body for id, body in scene["states"].items()}
        graph = {**scene, "states": states, "events": self.events(scene["events"])}
        return self.top({**raw, "scene": graph})

    def sites(self) -> Iterator[tuple[Mapping[str, tuple[Path, ...]], Callable[[str], str]]]:
        """Yield the places outside the events whose names change, by top-level field, each with what changes them."""
        if self._states:
            yield refs.STATE_REFS, self.state
        if self._flags:
            yield FLAGS, self.flag


# ---- flags -------------------------------------------------------------------------------------


def event_flags(body: Json) -> Iterator[tuple[str, str]]:
    """Yield the flags an event names, each with the field; a console's facts are one field."""
    for field in FLAG_LISTS:
        for flag in body.get(field, ()):
            yield field, flag
    for fact in body.get("terminal", {}).get("facts", ()):
        for flag in fact.get("requires", ()):
            yield "terminal", flag


def top_flags(fields: Json) -> Iterator[tuple[str, str]]:
    """Yield the flags the world's own fields name, each with the field."""
    for field, paths in FLAGS.items():
        if field in fields:
            for path in paths:
                for hit in refs.mentions(fields[field], path):
                    yield field, hit.id
