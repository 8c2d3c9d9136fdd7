"""``Change``: which states and events of a world an edit can have given other findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import is_not

from worldkit.core.document import Document, json_of
from worldkit.core.model import Event
from worldkit.ruleset.index import Index

_READ_BY_MANY = frozenset({"cutscenes", "subject", "styleTail", "kernel", "schemaVersion"})
"""Fields of a world that the findings of every state and event may depend on."""

_MIN_ITEMS = 400  # that are checked again one by one, whatever the size of the world
_MAX_SHARE = 0.1  # of all items; with more, checking all of them is as quick


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit can have changed the findings of.

    Attributes:
        states: Ids of the states to check again; those that are gone are among them.
        events: The events to check again, in world order.
        gone: The events that are no longer there.
        offered: The events that are offered in one of ``states``, in world order.
    """

    states: frozenset[str]
    events: list[Event]
    gone: list[Event]
    offered: list[Event]


def change_between(before: Index, after: Index) -> Change | None:
    """Return what an edit changed, or None when so much may have changed that all of the world has to be checked.

    Facts of the world before that the edit leaves as they are become facts of the world after.

    Args:
        before: The world before the edit.
        after: The world after it, of the same profile.
    """
    if _fields_differ(before.world, after.world):
        return None
    added, gone = _difference(before.events, after.events)
    if added is None or gone is None:
        return None
    changed_ids = _changed_states(before, after)
    _keep_facts(before, after, changed_ids, [*added, *gone])
    flags = before.granted ^ after.granted
    limit = max(_MIN_ITEMS, int(_MAX_SHARE * (len(after.states) + len(after.events))))
    if len(changed_ids) + len(added) + len(gone) > limit:
        return None
    added_ids = set(map(id, added))
    # a cutscene lands in a state, so that whoever leads to the cutscene leads to the state
    targets = changed_ids.union(cut.id for cut in after.world.cutscenes or () if cut.to in changed_ids)
    events = [
        event
        for event in after.events
        if event.to in targets or not changed_ids.isdisjoint(event.from_) or id(event) in added_ids
    ]
    if flags:
        present = set(map(id, events))
        events = [event for event in after.events if id(event) in present or _needs(event, flags)]
    states = changed_ids.union(*(event.from_ for event in chain(events, gone)))
    if len(states) + len(events) > limit:
        return None
    offered = [event for event in after.events if not states.isdisjoint(event.from_)] if events or gone else []
    return Change(states, events, gone, offered)


def _fields_differ(before: Document, after: Document) -> bool:
    old, new = json_of(before), json_of(after)
    return any(old.get(key) is not new.get(key) and old.get(key) != new.get(key) for key in _READ_BY_MANY)


def _difference(before: Sequence[Event], after: Sequence[Event]) -> tuple[list[Event], list[Event]] | tuple[None, None]:
    """Return the events that came and those that went; None for both when others changed their order."""
    head = next((index for index, differs in enumerate(map(is_not, before, after)) if differs), None)
    if head is None:
        head = min(len(before), len(after))
    room = min(len(before), len(after)) - head
    backwards = map(is_not, reversed(before), reversed(after))
    tail = next((index for index, differs in enumerate(backwards) if differs), room)
    tail = min(tail, room)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    old_ids, new_ids = list(map(id, old)), list(map(id, new))
    old_set, new_set = set(old_ids), set(new_ids)
    if [one for one in old_ids if one in new_set] != [one for one in new_ids if one in old_set]:
        return None, None
    return (
        [event for event in new if id(event) not in old_set],
        [event for event in old if id(event) not in new_set],
    )


def _changed_states(before: Index, after: Index) -> frozenset[str]:
    old, new = before.world.scene.states, after.world.scene.states
    changed = [id for id, state in new.items() if old.get(id) is not state]
    if len(old) + sum(id not in old for id in changed) != len(new):
        changed += [id for id in old if id not in new]
    return frozenset(changed)


def _keep_facts(before: Index, after: Index, changed_ids: frozenset[str], events: list[Event]) -> None:
    if not any(event.grants for event in events):
        after.granted = before.granted
    states = chain((before.states.get(id) for id in changed_ids), (after.states.get(id) for id in changed_ids))
    if all(state is None or state.ending is None for state in states):
        after.endings, after.ending_ids, after.losses = before.endings, before.ending_ids, before.losses


def _needs(event: Event, flags: frozenset[str]) -> bool:
    facts = (event.terminal.facts or ()) if event.terminal is not None else ()
    return not flags.isdisjoint(event.requires or ()) or any(
        not flags.isdisjoint(fact.requires or ()) for fact in facts
    )
