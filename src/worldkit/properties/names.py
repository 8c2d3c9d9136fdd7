"""The names in properties, looked up in a world: what each stands for, and the nearest one for what is unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from worldkit.core.quoting import did_you_mean, quote
from worldkit.playing.missions import completing_flags
from worldkit.playing.transition_table import SEQUENCE_PREFIX
from worldkit.properties.conditions import (
    KINDS,
    Available,
    Condition,
    Kind,
    Named,
    PropertyError,
    map_parts,
    quoted,
)
from worldkit.properties.statements import Property, map_conditions

if TYPE_CHECKING:
    from worldkit.world import World

Tags = Mapping[str, Iterable[str]]
"""The states of every tag."""

MAX_HINTS = 5
"""For so many unknown names the nearest one is looked for: among 25,000 names that takes half a second."""


def kinds_of(name: str, names_by_kind: Mapping[Kind, Collection[str]]) -> list[Kind]:
    """Return what a name can stand for; one of a state and an ending counts as the state alone.

    Args:
        names_by_kind: The names of every kind.
    """
    kinds = [kind for kind in KINDS if name in names_by_kind[kind]]
    if "state" in kinds and "ending" in kinds:
        kinds.remove("ending")
    return kinds


class Names:
    """What names stand for in one world.

    Args:
        tags: The states of every tag.

    Raises:
        PropertyError: A tag has a state that the world does not have.
    """

    def __init__(self, world: World, tags: Tags | None = None) -> None:
        self.world = world
        self.tags: dict[str, tuple[str, ...]] = {}
        self._hints: dict[tuple[str, tuple[Kind, ...]], str] = {}
        for tag, tag_states in (tags or {}).items():
            if not isinstance(tag, str) or isinstance(tag_states, str) or not isinstance(tag_states, Iterable):
                raise PropertyError(f"expected a list of states for each tag, got {quote(tag_states)} for {quote(tag)}")
            self.tags[tag] = tuple(tag_states)
        for tag, states in self.tags.items():
            for state in states:
                if not isinstance(state, str):
                    raise PropertyError(f"tag {quoted(tag)}: expected the id of a state, got {quote(state)}")
                if state not in world.states:
                    hint = did_you_mean(state, world.states)
                    raise PropertyError(f"tag {quoted(tag)}: this world has no state {quoted(state)}{hint}")

    @cached_property
    def endings(self) -> dict[str, tuple[str, ...]]:
        """The states of every ending, by the id of its state and by its title."""
        ids_by_title: dict[str, list[str]] = {}
        endings_by_id = {id: state.ending for id, state in self.world.states.items() if state.ending is not None}
        for id, ending in endings_by_id.items():
            if ending.title not in endings_by_id:
                ids_by_title.setdefault(ending.title, []).append(id)
        return {**{title: tuple(ids) for title, ids in ids_by_title.items()}, **{id: (id,) for id in endings_by_id}}

    @cached_property
    def missions(self) -> dict[str, frozenset[str]]:
        """The flags that are all held once a mission is complete, by its id and by its title if no other has that."""
        by_title = {title: self._flags_by_id[ids[0]] for title, ids in self._ids_by_title.items() if len(ids) == 1}
        return {**by_title, **self._flags_by_id}

    @cached_property
    def shared_titles(self) -> dict[str, tuple[str, ...]]:
        """The ids of the missions of each title that several have and that is the id of none."""
        return {
            title: ids for title, ids in self._ids_by_title.items() if len(ids) > 1 and title not in self._flags_by_id
        }

    @cached_property
    def _flags_by_id(self) -> dict[str, frozenset[str]]:
        flags_by_mission = ((mission, completing_flags(mission)) for mission in self.world.missions or ())
        return {mission.id: flags for mission, flags in flags_by_mission if flags}

    @cached_property
    def _ids_by_title(self) -> dict[str, tuple[str, ...]]:
        ids_by_title: dict[str, dict[str, None]] = {}
        for mission in self.world.missions or ():
            if mission.title and mission.id in self._flags_by_id:
                ids_by_title.setdefault(mission.title, {})[mission.id] = None
        return {title: tuple(ids) for title, ids in ids_by_title.items()}

    @cached_property
    def names_by_kind(self) -> dict[Kind, frozenset[str]]:
        """The names of every kind."""
        world = self.world
        flags = [flag for event in world.events for flag in (*(event.requires or ()), *(event.grants or ()))]
        sequences = (SEQUENCE_PREFIX + sequence.id for sequence in world.sequences or ())
        return {
            "state": frozenset(world.states),
            "event": frozenset([event.name for event in world.events]).union(sequences),
            "flag": frozenset(flags).union(*self.missions.values()),
            "ending": frozenset(self.endings),
            "tag": frozenset(self.tags),
            "mission": frozenset(self.missions).union(self.shared_titles),
        }

    def kinds(self, name: str) -> list[Kind]:
        """Return what a name can stand for. An ending is named like its state, so that counts as the state alone."""
        return kinds_of(name, self.names_by_kind)

    def resolve(self, condition: Condition) -> Condition:
        """Return a condition in which every name has its kind.

        Raises:
            PropertyError: A name is unknown, or can stand for several things.
        """
        match condition:
            case Named("name", name):
                kinds = self.kinds(name)
                if not kinds:
                    raise PropertyError(self._unknown(name, KINDS))
                if len(kinds) > 1:
                    choices_text = _or_text([Named(kind, name).text for kind in kinds])
                    raise PropertyError(f"{quoted(name)} is the name of several things; write {choices_text}")
                return self.resolve(Named(kinds[0], name))
            case Named("mission", name) if name in self.shared_titles:
                choices_text = _or_text([Named("mission", id).text for id in self.shared_titles[name]])
                raise PropertyError(f"{quoted(name)} is the title of several missions; write {choices_text}")
            case Named(kind, name):
                if name not in self.names_by_kind[kind]:
                    raise PropertyError(self._unknown(name, (kind,)))
                return condition
            case Available(name):
                if name not in self.names_by_kind["event"]:
                    raise PropertyError(self._unknown(name, ("event",)))
                return condition
            case _:
                return map_parts(condition, self.resolve)

    def resolve_property(self, statement: Property) -> Property:
        """Return a property in which every name has its kind.

        Raises:
            PropertyError: A name is unknown, or can stand for several things.
        """
        return map_conditions(statement, self.resolve)

    def _unknown(self, name: str, kinds: tuple[Kind, ...]) -> str:
        kind_hint = "" if len(kinds) > 1 else self._kind_hint(name)
        return f"this world has no {_or_text(kinds)} {quoted(name)}{kind_hint or self._near_names(name, kinds)}"

    def _near_names(self, name: str, kinds: tuple[Kind, ...]) -> str:
        """Return which name was perhaps meant; nothing after some names, since each is compared with all others."""
        key = name, kinds
        if key not in self._hints and len(self._hints) < MAX_HINTS:
            candidates = frozenset[str]().union(*(self.names_by_kind[kind] for kind in kinds))
            self._hints[key] = did_you_mean(name, sorted(candidates))
        return self._hints.get(key, "")

    def _kind_hint(self, name: str) -> str:
        kinds = self.kinds(name)
        return f"; there is {Named(kinds[0], name).text}" if kinds else ""


def _or_text(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"
