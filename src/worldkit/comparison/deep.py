"""How an edit changes play: both worlds are explored exhaustively, and what can happen in them is compared.

A renamed state or event counts as the same one. That something cannot happen is reported only when every position
was explored; otherwise it is reported as undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from worldkit.comparison.play_summary import summarize
from worldkit.comparison.show import play_text
from worldkit.core.brief import shown_briefly
from worldkit.core.json_values import Json, quote
from worldkit.exploration import explore
from worldkit.exploration.result import finder_of

if TYPE_CHECKING:
    from worldkit.comparison.world_diff import Diff
    from worldkit.exploration import Budget, Exploration, SoftLock
    from worldkit.exploration.progress import Progress
    from worldkit.world import World

MAX_ROUTE_WORK = 500_000
"""How many search nodes are looked at in each world for lengths of runs, about two seconds. A search that fails looks
at 200,000, so without a bound a world with many endings that are hard to reach would take that for each."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """The length of a shortest run to an ending before and after, in fired events."""

    before: int
    after: int


@shown_briefly
@dataclass(frozen=True, eq=False, repr=False)
class PlayChanges:
    """The effects of an edit on play; falsy when nothing that is compared changed.

    Ids and names are those of the second world, except in ``endings_removed``. What an edit added and no run
    reaches counts as lost, or dead: nobody sees it either.

    Attributes:
        before: The exploration of the first world; None when it has no states.
        after: The same for the second.
        endings_gained: Ids of endings that can be reached now and could not before, or were no endings.
        endings_lost: Ids of endings that cannot be reached now and could before, or are new.
        endings_removed: Ids, in the first world, of endings that could be reached and are no endings any more.
        states_gained: Ids of other states that can be reached only now.
        states_lost: Ids of other states that cannot be reached now.
        events_alive: Names of events that could never be fired and can be now.
        events_dead: Names of events that can never be fired now.
        soft_locks_new: States in which a run can now get stuck and could not before, each with a route.
        soft_locks_gone: Ids of states in which a run could get stuck and cannot any more.
        dead_ends_new: Ids of states in which a run can now be without anything to do.
        fresh: What of it is new: ``("ending", id)``, ``("state", id)`` or ``("event", name)``.
        events_removed: Names, in the first world, of events that could happen and are gone; by itself no change of
            what else can happen.

    Example:
        >>> changed = world.apply([{"op": "delete_event", "name": "hold_out_the_mitten"}])
        >>> wk.diff(world, changed, deep=True).play.sentences[0]
        'No ending can be reached any more.'
    """

    before: Exploration | None = None
    after: Exploration | None = None
    endings_gained: tuple[str, ...] = ()
    endings_lost: tuple[str, ...] = ()
    endings_removed: tuple[str, ...] = ()
    states_gained: tuple[str, ...] = ()
    states_lost: tuple[str, ...] = ()
    events_alive: tuple[str, ...] = ()
    events_dead: tuple[str, ...] = ()
    soft_locks_new: tuple[SoftLock, ...] = ()
    soft_locks_gone: tuple[str, ...] = ()
    dead_ends_new: tuple[str, ...] = ()
    fresh: frozenset[tuple[str, str]] = frozenset()
    events_removed: tuple[str, ...] = ()
    _new_ids: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self._counts_differ() or any(getattr(self, name) for name in (*_KEYS, "soft_locks_new", "routes"))

    @property
    def positions(self) -> tuple[int, int]:
        """The number of reachable positions before and after; 0 in a world without states."""
        before, after = self.before, self.after
        return 0 if before is None else before.positions, 0 if after is None else after.positions

    def _counts_differ(self) -> bool:
        before, after = self.before, self.after
        if before is None or after is None or (before.positions_complete and after.positions_complete):
            return self.positions[0] != self.positions[1]
        return before.classes != after.classes

    @cached_property
    def routes(self) -> Mapping[str, Lengths]:
        """The endings whose shortest run is longer or shorter now, with both lengths; found when it is asked for.

        An ending is left out where no run to it was proven shortest in time.
        """
        if self.before is None or self.after is None or self.before is self.after:
            return {}
        return dict(_changed_lengths(self.before, self.after, self._new_ids))

    @property
    def undecided(self) -> tuple[str, ...]:
        """The questions about either world that the budget left undecided, one sentence each."""
        return tuple(
            f"{which}: {text}"
            for which, exploration in (("before", self.before), ("after", self.after))
            for text in (exploration.undecided if exploration is not None else ())
        )

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The changes in sentences, most harmful first; never empty.

        Example:
            >>> trap = world.apply([{"op": "delete_event", "name": "walk_back_down_the_lane"}])
            >>> print(wk.diff(world, trap, deep=True).play.sentences[0])
            After "walk_up_the_lane" without "mitten" no ending can be reached: the run is stuck in "bench". ...
        """
        return tuple(summarize(self))

    def to_dict(self) -> Json:
        """Return it as JSON values, a soft-lock with the names its route fires."""
        data: Json = {"sentences": list(self.sentences), "positions": list(self.positions)}
        data |= {key: list(getattr(self, name)) for name, key in _KEYS.items()}
        data["eventsRemoved"] = list(self.events_removed)
        data["softLocksNew"] = [lock.to_dict() for lock in self.soft_locks_new]
        data["routes"] = {id: [length.before, length.after] for id, length in self.routes.items()}
        data["undecided"] = list(self.undecided)
        return data

    def __repr__(self) -> str:
        return play_text(self)


_KEYS = {
    "endings_gained": "endingsGained",
    "endings_lost": "endingsLost",
    "endings_removed": "endingsRemoved",
    "states_gained": "statesGained",
    "states_lost": "statesLost",
    "events_alive": "eventsAlive",
    "events_dead": "eventsDead",
    "soft_locks_gone": "softLocksGone",
    "dead_ends_new": "deadEndsNew",
}


def play_changes(a: World, b: World, d: Diff, budget: Budget | None = None, progress: Progress = None) -> PlayChanges:
    """Return how an edit changes play.

    Args:
        d: Their difference, for the renamed items.
        budget: What each of the two explorations may cost; see ``worldkit.explore``.
        progress: Receives the progress of the explorations; see ``worldkit.explore``.
    """
    before = _explore(a, budget, progress)
    after = _explore(b, budget, progress) if d else before
    if before is None or after is None:
        return PlayChanges(before, after)
    return compare_explorations(before, after, d)


def compare_explorations(before: Exploration, after: Exploration, d: Diff) -> PlayChanges:
    """Return how an edit changes play, from what can happen before and after it.

    Args:
        before, after: The explorations of both worlds.
        d: The difference of the worlds, for the renamed items.
    """
    a, b = before.world, after.world
    state_names, event_names = d.states.renamed, d.events.renamed

    def to_new_names(ids: Iterable[str], names: Mapping[str, str] = state_names) -> set[str]:
        """Translate ids or names of the first world to those of the second."""
        return {names.get(id, id) for id in ids}

    def in_world_order(ids: set[str]) -> tuple[str, ...]:
        return tuple(id for id in b.states if id in ids)

    def in_event_order(names: set[str]) -> tuple[str, ...]:
        return tuple(name for name in dict.fromkeys(event.name for event in b.events) if name in names)

    old_ending_ids, new_ending_ids = (
        {id for id, state in world.states.items() if state.ending is not None} for world in (a, b)
    )
    added_endings = new_ending_ids - to_new_names(old_ending_ids)
    added_states = set(b.states) - to_new_names(a.states)
    new_event_names = {event.name for event in b.events}
    added_events = new_event_names - to_new_names((event.name for event in a.events), event_names)
    lost_states = after.unreachable_states & (to_new_names(before.states) | added_states)
    gained_states = after.states & to_new_names(before.unreachable_states)
    old_soft_locks, new_soft_locks = to_new_names(before.soft_lock_states), after.soft_lock_states
    old_dead_ends, new_dead_ends = (
        to_new_names(end.state for end in before.dead_ends),
        {end.state for end in after.dead_ends},
    )
    is_decided = [exploration.stuck_classes is not None for exploration in (before, after)]
    return PlayChanges(
        before,
        after,
        endings_gained=in_world_order(set(after.endings & (to_new_names(before.unreachable_endings) | added_endings))),
        endings_lost=in_world_order(set(after.unreachable_endings & (to_new_names(before.endings) | added_endings))),
        endings_removed=tuple(
            id for id in a.states if id in before.endings and state_names.get(id, id) not in new_ending_ids
        ),
        events_removed=tuple(
            name
            for name in dict.fromkeys(event.name for event in a.events)
            if name in before.events and event_names.get(name, name) not in new_event_names
        ),
        states_gained=in_world_order(set(gained_states - new_ending_ids)),
        states_lost=in_world_order(set(lost_states - new_ending_ids)),
        events_alive=in_event_order(set(after.events & to_new_names(before.dead_events, event_names))),
        events_dead=in_event_order(set(after.dead_events & (to_new_names(before.events, event_names) | added_events))),
        soft_locks_new=tuple(lock for lock in after.soft_locks if lock.state not in old_soft_locks)
        if is_decided[0]
        else (),
        soft_locks_gone=in_world_order(old_soft_locks - new_soft_locks) if is_decided[1] else (),
        dead_ends_new=in_world_order(new_dead_ends - old_dead_ends) if is_decided[0] else (),
        fresh=frozenset(
            (kind, id)
            for kind, ids in (("ending", added_endings), ("state", added_states), ("event", added_events))
            for id in ids
        ),
        _new_ids=state_names,
    )


def _explore(world: World, budget: Budget | None, progress: Progress) -> Exploration | None:
    if not world.states:
        return None
    return explore(world, budget=budget, progress=progress)


def _changed_lengths(
    before: Exploration, after: Exploration, names: Mapping[str, str]
) -> Iterator[tuple[str, Lengths]]:
    """Yield the endings whose shortest run changed in length, of those with runs that were proven shortest in time."""
    finders = finder_of(before), finder_of(after)
    limits = [finder.work + MAX_ROUTE_WORK for finder in finders]
    for old in before.world.states:
        new = names.get(old, old)
        if old not in before.endings or new not in after.endings:
            continue
        if any(finder.work >= limit for finder, limit in zip(finders, limits, strict=True)):
            break
        old_length = _shortest_length(before, old)
        new_length = None if old_length is None else _shortest_length(after, new)
        if old_length is not None and new_length is not None and old_length != new_length:
            yield new, Lengths(old_length, new_length)


def _shortest_length(exploration: Exploration, id: str) -> int | None:
    route = exploration.route_to(id)
    return None if route is None or f"state {quote(id)}" in exploration.remarks else len(route)
