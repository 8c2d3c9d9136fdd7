"""What an edit did to play: two worlds played through exhaustively, and what is different in what can happen.

A renamed state or event is the same one. What cannot happen is said only where every position was taken into
account; the rest is said to be undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from worldkit.core.json_values import Json

if TYPE_CHECKING:
    from worldkit.comparison.world_diff import Diff
    from worldkit.exploration import Budget, Exploration, SoftLock
    from worldkit.exploration.progress import Progress
    from worldkit.world import World


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a shortest run to an ending was and is, in things fired."""

    before: int
    after: int


@dataclass(frozen=True, eq=False, repr=False)
class PlayChanges:
    """What an edit did to play; falsy when nothing that is looked at changed.

    Ids and names are those of the second world, but for ``endings_removed``. What an edit added and what cannot
    be reached counts as lost, or dead: nobody sees it either.

    Attributes:
        before: What exhaustive play found in the first world; None when it has no states.
        after: The same for the second.
        endings_gained: Ids of endings that can be reached now and could not, or were none.
        endings_lost: Ids of endings that cannot be reached now and could, or are new.
        endings_removed: Ids, in the first world, of endings that could be reached and are endings no more.
        states_gained: Ids of other states that can be reached only now.
        states_lost: Ids of other states that cannot be reached now.
        events_alive: Names of events that could never be fired and can be now.
        events_dead: Names of events that can never be fired now.
        soft_locks_new: Where a run can be stuck for good now and could not be, each with a route.
        soft_locks_gone: Ids of states in which a run could be stuck and cannot be now.
        dead_ends_new: Ids of states in which nothing may be left to do now.
        routes: Ids of endings whose shortest run is longer or shorter now, with both lengths.
        fresh: What of it is new: ``("ending", id)``, ``("state", id)`` or ``("event", name)``.

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
    routes: Mapping[str, Lengths] = field(default_factory=dict)
    fresh: frozenset[tuple[str, str]] = frozenset()

    def __bool__(self) -> bool:
        return self._counts_differ() or any(getattr(self, name) for name in (*_KEYS, "soft_locks_new", "routes"))

    @property
    def positions(self) -> tuple[int, int]:
        """How many positions could be reached and can be now; 0 in a world without states."""
        before, after = self.before, self.after
        return 0 if before is None else before.positions, 0 if after is None else after.positions

    def _counts_differ(self) -> bool:
        before, after = self.before, self.after
        if before is None or after is None or (before.positions_complete and after.positions_complete):
            return self.positions[0] != self.positions[1]
        return before.classes != after.classes

    @property
    def undecided(self) -> tuple[str, ...]:
        """What was not decided about either world, one sentence each."""
        return tuple(
            f"{which}: {text}"
            for which, found in (("before", self.before), ("after", self.after))
            for text in (found.undecided if found is not None else ())
        )

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """All of it in words, most harmful first; never empty."""
        from worldkit.comparison.play_summary import told

        return tuple(told(self))

    def to_dict(self) -> Json:
        """Return it as JSON values, a soft-lock with the names its route fires."""
        made: Json = {"sentences": list(self.sentences), "positions": list(self.positions)}
        made |= {key: list(getattr(self, name)) for name, key in _KEYS.items()}
        made["softLocksNew"] = [lock.to_dict() for lock in self.soft_locks_new]
        made["routes"] = {id: [length.before, length.after] for id, length in self.routes.items()}
        made["undecided"] = list(self.undecided)
        return made

    def __repr__(self) -> str:
        from worldkit.comparison.show import play_text

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
    """Return what an edit did to play.

    Args:
        a: The world before.
        b: The world after.
        d: Their difference, which says what was renamed.
        budget: What each of the two explorations may cost; see ``worldkit.explore``.
        progress: Who is told how far they are; see ``worldkit.explore``.
    """
    before = _explored(a, budget, progress)
    after = _explored(b, budget, progress) if d else before
    if before is None or after is None:
        return PlayChanges(before, after)
    state, event = d.states.renamed, d.events.renamed

    def now(ids: Iterable[str], names: Mapping[str, str] = state) -> set[str]:
        """Return what things of the first world are called in the second."""
        return {names.get(id, id) for id in ids}

    def ordered(ids: set[str]) -> tuple[str, ...]:
        return tuple(id for id in b.states if id in ids)

    def named(names: set[str]) -> tuple[str, ...]:
        return tuple(name for name in dict.fromkeys(made.name for made in b.events) if name in names)

    were, are = ({id for id, made in world.states.items() if made.ending is not None} for world in (a, b))
    new_ends = are - now(were)
    new_states = set(b.states) - now(a.states)
    new_events = {made.name for made in b.events} - now((made.name for made in a.events), event)
    lost = after.unreachable_states & (now(before.states) | new_states)
    gained = after.states & now(before.unreachable_states)
    stuck, stuck_now = now(before.soft_lock_states), after.soft_lock_states
    idle, idle_now = now(end.state for end in before.dead_ends), {end.state for end in after.dead_ends}
    decided = [found.stuck_classes is not None for found in (before, after)]
    return PlayChanges(
        before,
        after,
        endings_gained=ordered(set(after.endings & (now(before.unreachable_endings) | new_ends))),
        endings_lost=ordered(set(after.unreachable_endings & (now(before.endings) | new_ends))),
        endings_removed=tuple(id for id in a.states if id in before.endings and state.get(id, id) not in are),
        states_gained=ordered(set(gained - are)),
        states_lost=ordered(set(lost - are)),
        events_alive=named(set(after.events & now(before.dead_events, event))),
        events_dead=named(set(after.dead_events & (now(before.events, event) | new_events))),
        soft_locks_new=tuple(lock for lock in after.soft_locks if lock.state not in stuck) if decided[0] else (),
        soft_locks_gone=ordered(stuck - stuck_now) if decided[1] else (),
        dead_ends_new=ordered(idle_now - idle) if decided[0] else (),
        routes=dict(_lengths(before, after, state)),
        fresh=frozenset(
            (kind, id)
            for kind, ids in (("ending", new_ends), ("state", new_states), ("event", new_events))
            for id in ids
        ),
    )


def _explored(world: World, budget: Budget | None, progress: Progress) -> Exploration | None:
    if not world.states:
        return None
    from worldkit.exploration import explore

    return explore(world, budget=budget, progress=progress)


def _lengths(before: Exploration, after: Exploration, names: Mapping[str, str]) -> list[tuple[str, Lengths]]:
    """Return the endings whose shortest run is not as long as it was; those whose run was not found are left out."""
    made = []
    for old in before.world.states if before is not after else ():
        new = names.get(old, old)
        if old in before.endings and new in after.endings:
            was, is_ = before.route_to(old), after.route_to(new)
            if was is not None and is_ is not None and len(was) != len(is_):
                made.append((new, Lengths(len(was), len(is_))))
    return made
