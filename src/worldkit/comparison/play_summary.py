"""Summarises in sentences how an edit changes play: harm first, then improvements, then other changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from worldkit.core.json_values import quote
from worldkit.core.quoting import format_count

if TYPE_CHECKING:
    from worldkit.comparison.deep import PlayChanges
    from worldkit.exploration import Exploration, Finding
    from worldkit.playing.trace import Trace
    from worldkit.world import World

T = TypeVar("T")

MAX_LISTED_ITEMS = 8
"""How many changes of a kind get a sentence each; the others are counted."""

MAX_STEPS = 12
"""How many steps of a route are named."""


def summarize(changes: PlayChanges) -> Iterator[str]:
    """Yield the sentences of a summary."""
    before, after = changes.before, changes.after
    if before is None or after is None:
        yield from _unplayable(after)
        return
    yield from describe_harm(changes, before, after)
    yield from _list_first(
        changes.endings_gained, "ending", lambda id: f"{_ending(after.world, id)} can be reached now."
    )
    if after.endings:
        yield from _list_first(
            changes.soft_locks_gone, "soft-lock", lambda id: f"A run can no longer get stuck in {quote(id)}."
        )
    yield from _list_first(changes.events_alive, "event", lambda name: f"{quote(name)} can happen now.")
    yield from _list_first(changes.states_gained, "state", lambda id: f"{quote(id)} can be reached now.")
    yield from _list_first(tuple(changes.routes), "ending", lambda id: _describe_length(changes, after, id))
    yield from changes.undecided
    if not changes:
        yield from _list_first(changes.events_removed, "event", lambda name: f"{quote(name)} is gone.")
    yield _positions(changes)


def describe_harm(changes: PlayChanges, before: Exploration, after: Exploration) -> Iterator[str]:
    """Yield the sentences about what cannot happen any more and where runs get stuck; none where nothing was lost.

    Args:
        changes: What changed.
        before, after: The explorations of both worlds.
    """
    none_left = bool(before.endings) and after.exact and not after.endings
    if none_left:
        yield "No ending can be reached any more."
    else:
        yield from _list_first(changes.endings_lost, "ending", lambda id: _ending_lost(changes, after, id))
    yield from _list_first(changes.endings_removed, "ending", lambda id: f"{_ending(before.world, id)} is gone.")
    if not none_left:
        yield from _list_first(_stuck_findings(changes, after), "soft-lock", _describe_trap)
    yield from _dead_events(changes, after)
    yield from _list_first(changes.states_lost, "state", lambda id: _state_lost(changes, id))


def _unplayable(after: Exploration | None) -> Iterator[str]:
    if after is None:
        yield "There is nothing to play: the world after has no states."
    else:
        yield f"There was nothing to play before; now {after.verdict[:1].lower()}{after.verdict[1:]}"


def _list_first(items: Sequence[T], noun: str, describe: Callable[[T], str]) -> Iterator[str]:
    # to describe an item may need a search, so those that are only counted are not described
    yield from map(describe, items[:MAX_LISTED_ITEMS])
    rest = len(items) - MAX_LISTED_ITEMS
    if rest > 0:
        yield f"The same holds for {format_count(rest, f'more {noun}')}."


def _ending(world: World, id: str) -> str:
    titles = Counter(state.ending.title for state in world.states.values() if state.ending is not None)
    ending = world.states[id].ending
    assert ending is not None
    is_unique = titles[ending.title] == 1 and ending.title.strip()
    return f"The ending {quote(ending.title)}" + ("" if is_unique else f" in {quote(id)}")


def _cannot_or_no_longer(changes: PlayChanges, kind: str, id: str) -> str:
    return "cannot" if (kind, id) in changes.fresh else "can no longer"


def _ending_lost(changes: PlayChanges, after: Exploration, id: str) -> str:
    ending = after.world.states[id].ending
    assert ending is not None
    finding = next(
        candidate for candidate in after.findings if candidate.kind == "unreachable-ending" and candidate.item.id == id
    )
    reason = finding.message.removeprefix(f"The ending {quote(ending.title)} cannot be reached, ")
    return f"{_ending(after.world, id)} {_cannot_or_no_longer(changes, 'ending', id)} be reached, {reason}"


def _state_lost(changes: PlayChanges, id: str) -> str:
    return f"{quote(id)} {_cannot_or_no_longer(changes, 'state', id)} be reached."


def _describe_dead_event(changes: PlayChanges, after: Exploration, name: str) -> str:
    reason = after.why(name).text.removeprefix(f"{quote(name)} can never happen")
    return f"{quote(name)} {_cannot_or_no_longer(changes, 'event', name)} happen{reason}"


def _dead_events(changes: PlayChanges, after: Exploration) -> Iterator[str]:
    unreachable = [name for name in changes.events_dead if after.why(name).reason == "source unreachable"]
    other_names = [name for name in changes.events_dead if name not in set(unreachable)]
    yield from _list_first(other_names, "event", lambda name: _describe_dead_event(changes, after, name))
    if unreachable:
        yield f"No run gets to where {_enumerate(unreachable)} {'is' if len(unreachable) == 1 else 'are'} offered."


def _enumerate(names: Sequence[str]) -> str:
    """Return names in a sentence; the last of many are counted."""
    listed_names = [quote(name) for name in names[:MAX_LISTED_ITEMS]]
    if len(names) > MAX_LISTED_ITEMS:
        listed_names.append(f"{len(names) - MAX_LISTED_ITEMS} more")
    return f"{', '.join(listed_names[:-1])} and {listed_names[-1]}" if len(listed_names) > 1 else listed_names[0]


def _stuck_findings(changes: PlayChanges, after: Exploration) -> list[Finding]:
    """Return the findings about the new soft-locks and dead ends."""
    soft_locks = {lock.state for lock in changes.soft_locks_new}
    dead_ends = set(changes.dead_ends_new)
    states_by_kind = {"soft-lock": soft_locks, "dead-end": dead_ends | soft_locks}
    return [
        finding for finding in after.findings if not states_by_kind.get(finding.kind, set()).isdisjoint(finding.states)
    ]


def _describe_trap(finding: Finding) -> str:
    return f"{finding.message}{_describe_route(finding.route)}"


def _describe_route(route: Trace | None) -> str:
    if route is None or not route.events:
        return ""
    names = [quote(name) for name in route.events]
    if len(names) > MAX_STEPS:
        names = [*names[: MAX_STEPS // 2], "…", *names[-(MAX_STEPS // 2) :]]
    return f" A shortest way there: {', '.join(names)}."


def _describe_length(changes: PlayChanges, after: Exploration, id: str) -> str:
    length = changes.routes[id]
    word = "longer" if length.after > length.before else "shorter"
    steps = f"{format_count(length.after, 'step')}, {length.before} before"
    ending = _ending(after.world, id).replace("The", "the", 1)
    return f"The shortest way to {ending} is {word}: {steps}."


def _positions(changes: PlayChanges) -> str:
    before, after = changes.before, changes.after
    old_count, new_count = changes.positions
    assert before is not None and after is not None
    texts = [
        ("" if exploration.positions_complete else "at least ") + f"{exploration.positions:,}"
        for exploration in (before, after)
    ]
    is_one = after.positions == 1
    count = f"there {'is' if is_one else 'are'} {texts[1]} position{'s' * (not is_one)}"
    if not changes:
        return f"{_nothing_else(changes, after)}; {count}."
    if old_count == new_count and before.positions_complete and after.positions_complete:
        return f"{count.capitalize()}, as before."
    return f"{count.capitalize()}, {texts[0]} before."


def _nothing_else(changes: PlayChanges, after: Exploration) -> str:
    """Say that nothing changed but for the events that are new or gone."""
    names = dict.fromkeys(event.name for event in after.world.events)
    new_events = [name for name in names if ("event", name) in changes.fresh]
    if not new_events:
        return f"Nothing {'else ' if changes.events_removed else ''}that can happen changed"
    is_one = len(new_events) == 1
    events = f"event {_enumerate(new_events)} changes" if is_one else f"events {_enumerate(new_events)} change"
    return f"The new {events} nothing else that can happen"
