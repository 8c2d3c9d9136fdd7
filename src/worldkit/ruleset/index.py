"""``Index``: what several rules ask about a world, each answered once a lint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from worldkit.core.document import Document
from worldkit.core.model import Event, State
from worldkit.core.model import Sequence as SetPiece
from worldkit.ruleset.passages import Passage, suspicious


class Index:
    """A world with the maps that rules share.

    Flags are left out of it: an index sees the graph, exhaustive play sees the positions. What it
    calls unreachable is unreachable in play too; the reverse need not hold.

    Args:
        world: The world.
    """

    def __init__(self, world: Document) -> None:
        self.world: Document = world
        self.states: Mapping[str, State] = world.states
        self.events: tuple[Event, ...] = world.events

    @cached_property
    def transitions(self) -> list[Event]:
        """The events that move, in order; nothing else ever does (docs/spec/runtime.md)."""
        return [event for event in self.events if event.kind == "transition"]

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """The places of the events of each name, in order."""
        found: dict[str, list[int]] = {}
        for place, event in enumerate(self.events):
            found.setdefault(event.name, []).append(place)
        return found

    @cached_property
    def evidenced(self) -> list[Event]:
        """The events with ``landWhen``, in order."""
        return [event for event in self.events if event.land_when is not None]

    @cached_property
    def phased(self) -> list[Event]:
        """The events with phases, in order."""
        return [event for event in self.events if event.phases is not None]

    @cached_property
    def suspicious(self) -> list[Passage]:
        """The texts that may hold a word a prose rule refuses, in order."""
        return suspicious(self.states, self.events)

    @cached_property
    def granted(self) -> frozenset[str]:
        """Every flag that some event grants; opening a console grants nothing, whatever it lists."""
        granting = [event for event in self.events if event.grants]
        return frozenset(flag for event in granting if not is_console(event) for flag in event.grants or ())

    @cached_property
    def landings(self) -> list[str | None]:
        """Where each of ``transitions`` lands, as ``World.landing`` says."""
        cuts = {id: cut.to for id, cut in self.world.cutscenes_by_id.items()}
        states = self.states
        targets = [event.to for event in self.transitions]
        if cuts:
            targets = [None if to is None else cuts.get(to, to) for to in targets]
        return [to if to in states else None for to in targets]

    @cached_property
    def exits(self) -> Mapping[str, list[str]]:
        """Where the transitions of each state land, in order; a state without any has no entry."""
        found: dict[str, list[str]] = {}
        for event, target in zip(self.transitions, self.landings, strict=True):
            if target is not None:
                for source in event.from_:
                    found.setdefault(source, []).append(target)
        return found

    @cached_property
    def moves(self) -> Mapping[str, list[str]]:
        """Where a player in each state can get to at once: by transitions, and by the sequences that start there.

        A state with an ending has none: play is over there.
        """
        found = dict(self.exits)
        pieces: dict[str, list[str]] = {}
        for piece in self.world.sequences or ():
            through = walk(piece, self.states)
            if len(through) > 1:
                pieces.setdefault(through[0], []).extend(through[1:])
        for id, targets in pieces.items():
            found[id] = [*found.get(id, ()), *targets]
        for id in self.endings:
            found.pop(id, None)
        return found

    @cached_property
    def endings(self) -> list[str]:
        """The states that end the run, in order."""
        return [id for id, state in self.states.items() if state.ending is not None]

    @cached_property
    def reachable(self) -> frozenset[str]:
        """The states that a chain of moves leads to from where play starts."""
        if self.world.start is None:
            return frozenset()
        seen, waiting = {self.world.start}, [self.world.start]
        while waiting:
            for target in self.moves.get(waiting.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return frozenset(seen)

    @cached_property
    def unreachable(self) -> list[str]:
        """The other states, in order."""
        return [id for id in self.states if id not in self.reachable]


def is_console(event: Event) -> bool:
    """Say whether firing an event opens a console, which changes nothing else."""
    return event.kind == "terminal" and event.terminal is not None


def walk(piece: SetPiece, states: Mapping[str, State]) -> list[str]:
    """Return the states a sequence goes through, its first included.

    It ends at its first ``input`` beat or ending; one with a beat that names no state is never offered.
    """
    through: list[str] = []
    if all(beat.state in states for beat in piece.beats):
        for beat in piece.beats:
            through.append(beat.state)
            if beat.dwell == "input" or states[beat.state].ending is not None:
                break
    return through


def repeated(ids: Iterable[str]) -> list[int]:
    """Return the places of ids that stand earlier in the list already."""
    listed = list(ids)
    if len(set(listed)) == len(listed):
        return []
    seen: set[str] = set()
    return [place for place, id in enumerate(listed) if id in seen or seen.add(id)]  # type: ignore[func-returns-value]
