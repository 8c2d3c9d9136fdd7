"""What an edit did to play, told in sentences: what does harm first, then what is better, then what is other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from worldkit.core.json_values import quote

if TYPE_CHECKING:
    from worldkit.comparison.deep import PlayChanges
    from worldkit.exploration import Exploration, Finding
    from worldkit.playing.trace import Trace
    from worldkit.world import World

T = TypeVar("T")

SAID = 8
"""So many of a kind are told one by one; the others are counted."""

STEPS = 12
"""So many steps of a route are named."""


def told(changes: PlayChanges) -> Iterator[str]:
    """Yield the sentences.

    Args:
        changes: What changed.
    """
    before, after = changes.before, changes.after
    if before is None or after is None:
        yield from _unplayable(before, after)
        return
    none_left = bool(before.endings) and after.exact and not after.endings
    if none_left:
        yield "No ending can be reached any more."
    else:
        yield from _each(changes.endings_lost, "ending", lambda id: _ending_lost(changes, after, id))
    yield from _each(changes.endings_removed, "ending", lambda id: f"{_ending(before.world, id)} is gone.")
    if not none_left:
        yield from _each(_stuck(changes, after), "soft-lock", _trap)
    yield from _dead_events(changes, after)
    yield from _each(changes.states_lost, "state", lambda id: _state_lost(changes, id))
    yield from _each(changes.endings_gained, "ending", lambda id: f"{_ending(after.world, id)} can be reached now.")
    if after.endings:
        yield from _each(
            changes.soft_locks_gone, "soft-lock", lambda id: f"A run can no longer get stuck in {quote(id)}."
        )
    yield from _each(changes.events_alive, "event", lambda name: f"{quote(name)} can happen now.")
    yield from _each(changes.states_gained, "state", lambda id: f"{quote(id)} can be reached now.")
    yield from _each(tuple(changes.routes), "ending", lambda id: _route(changes, after, id))
    yield from changes.undecided
    yield _positions(changes)


def _unplayable(before: Exploration | None, after: Exploration | None) -> Iterator[str]:
    if after is None:
        yield "There is nothing to play: the world after has no states."
    else:
        yield f"There was nothing to play before; now {after.verdict[:1].lower()}{after.verdict[1:]}"


def _each(items: Sequence[T], noun: str, say: Callable[[T], str]) -> Iterator[str]:
    # what is said of one may need a search, so those that are only counted are not asked
    yield from map(say, items[:SAID])
    more = len(items) - SAID
    if more > 0:
        yield f"The same holds for {more} more {noun}{'s' * (more != 1)}."


def _ending(world: World, id: str) -> str:
    titles = Counter(state.ending.title for state in world.states.values() if state.ending is not None)
    ending = world.states[id].ending
    assert ending is not None
    alone = titles[ending.title] == 1 and ending.title.strip()
    return f"The ending {quote(ending.title)}" + ("" if alone else f" in {quote(id)}")


def _cannot(changes: PlayChanges, kind: str, id: str) -> str:
    return "cannot" if (kind, id) in changes.fresh else "can no longer"


def _ending_lost(changes: PlayChanges, after: Exploration, id: str) -> str:
    ending = after.world.states[id].ending
    assert ending is not None
    found = next(f for f in after.findings if f.kind == "unreachable-ending" and f.item.id == id)
    why = found.message.removeprefix(f"The ending {quote(ending.title)} cannot be reached, ")
    return f"{_ending(after.world, id)} {_cannot(changes, 'ending', id)} be reached, {why}"


def _state_lost(changes: PlayChanges, id: str) -> str:
    return f"{quote(id)} {_cannot(changes, 'state', id)} be reached."


def _dead(changes: PlayChanges, after: Exploration, name: str) -> str:
    why = after.why(name).text.removeprefix(f"{quote(name)} can never happen")
    return f"{quote(name)} {_cannot(changes, 'event', name)} happen{why}"


def _dead_events(changes: PlayChanges, after: Exploration) -> Iterator[str]:
    far = [name for name in changes.events_dead if after.why(name).reason == "source unreachable"]
    near = [name for name in changes.events_dead if name not in set(far)]
    yield from _each(near, "event", lambda name: _dead(changes, after, name))
    if far:
        names = [quote(name) for name in far[:SAID]] + ([f"{len(far) - SAID} more"] if len(far) > SAID else [])
        listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        yield f"No run gets to where {listed} {'is' if len(far) == 1 else 'are'} offered."


def _stuck(changes: PlayChanges, after: Exploration) -> list[Finding]:
    """Return the findings that tell of the new soft-locks and dead ends."""
    new = {lock.state for lock in changes.soft_locks_new}
    idle = set(changes.dead_ends_new)
    told_by = {"soft-lock": new, "dead-end": idle | new}
    return [f for f in after.findings if not told_by.get(f.kind, set()).isdisjoint(f.states)]


def _trap(finding: Finding) -> str:
    return f"{finding.message}{_way(finding.route)}"


def _way(route: Trace | None) -> str:
    if route is None or not route.events:
        return ""
    names = [quote(name) for name in route.events]
    if len(names) > STEPS:
        names = [*names[: STEPS // 2], "…", *names[-(STEPS // 2) :]]
    return f" A shortest way there: {', '.join(names)}."


def _route(changes: PlayChanges, after: Exploration, id: str) -> str:
    length = changes.routes[id]
    word = "longer" if length.after > length.before else "shorter"
    steps = f"{length.after} step{'s' * (length.after != 1)}, {length.before} before"
    ending = _ending(after.world, id).replace("The", "the", 1)
    return f"The shortest way to {ending} is {word}: {steps}."


def _positions(changes: PlayChanges) -> str:
    before, after = changes.before, changes.after
    was, now = changes.positions
    assert before is not None and after is not None
    said = [("" if found.positions_complete else "at least ") + f"{found.positions:,}" for found in (before, after)]
    if not changes:
        return f"Nothing that can happen changed; there are {said[1]} positions."
    if was == now and before.positions_complete and after.positions_complete:
        return f"There are {said[1]} positions, as before."
    return f"There are {said[1]} positions, {said[0]} before."
