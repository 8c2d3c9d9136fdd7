"""``Change``: which states and events of a world an edit can have given other findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from operator import is_not

from worldkit.core.document import Document, json_of
from worldkit.core.model import Event
from worldkit.core.shared_parts import hunks
from worldkit.ruleset.index import Index, ids_named_by

_READ_BY_MANY = frozenset({"cutscenes", "subject", "styleTail", "kernel", "schemaVersion"})
"""Fields of a world that the findings of every state and event may depend on."""

_MIN_ITEMS = 400  # that are checked again one by one, whatever the size of the world
_MAX_SHARE = 0.1  # of all items; with more, checking all of them is as quick


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit can have changed the findings of.

    Attributes:
        states: Ids of the states to check again; those that are gone are among them.
        events: The events to check again.
        removed_events: The events that are no longer there.
        offered: The events that are offered in one of ``states``, in world order.
    """

    states: frozenset[str]
    events: list[Event]
    removed_events: list[Event]
    offered: list[Event]


def change_between(before: Index, after: Index) -> Change | None:
    """Return what an edit changed, or None when so much may have changed that all of the world has to be checked.

    Facts of the world before that the edit leaves as they are become facts of the world after.

    Args:
        before: The world before the edit, in which no two events share a name.
        after: The world after it, of the same profile.
    """
    if not before.has_unique_names or _fields_differ(before.world, after.world):
        return None
    difference = _difference(before.events, after.events)
    if difference is None:
        return None
    added_events, removed_events = difference
    changed_ids = _changed_states(before, after)
    if changed_ids is None:
        return None
    limit = max(_MIN_ITEMS, int(_MAX_SHARE * (len(after.states) + len(after.events))))
    if len(changed_ids) + len(added_events) + len(removed_events) > limit:
        return None
    _keep_facts(before, after, changed_ids, added_events, removed_events)
    if not after.has_unique_names:
        return None
    # a cutscene lands in a state, so that whoever leads to the cutscene leads to the state
    names = changed_ids.union(cut.id for cut in after.world.cutscenes or () if cut.to in changed_ids)
    events = _unique(chain(added_events, *(after.mentions.get(name, ()) for name in names)))
    if flags := before.granted ^ after.granted:
        events = _unique(chain(events, (event for event in after.events if _needs(event, flags))))
    states = changed_ids.union(*(event.from_ for event in chain(events, removed_events)))
    if len(states) + len(events) > limit:
        return None
    offered_ids = {id(event) for state in states for event in after.mentions.get(state, ()) if state in event.from_}
    offered = [event for event in after.events if id(event) in offered_ids] if offered_ids else []
    return Change(states, events, removed_events, offered)


def _fields_differ(before: Document, after: Document) -> bool:
    old, new = json_of(before), json_of(after)
    return any(old.get(key) is not new.get(key) and old.get(key) != new.get(key) for key in _READ_BY_MANY)


def _unique(events: Iterable[Event]) -> list[Event]:
    return list({id(event): event for event in events}.values())


def _difference(before: Sequence[Event], after: Sequence[Event]) -> tuple[list[Event], list[Event]] | None:
    """Return the events that came and those that went; None when others changed their order."""
    differences = hunks(before, after)
    if differences is None:
        old_ids, new_ids = set(map(id, before)), set(map(id, after))
        common_ids = [id(event) for event in before if id(event) in new_ids]
        if common_ids != [id(event) for event in after if id(event) in old_ids]:
            return None
        return (
            [event for event in after if id(event) not in old_ids],
            [event for event in before if id(event) not in new_ids],
        )
    removed_events = [event for start, end, _, _ in differences for event in before[start:end]]
    added_events = [event for _, _, start, end in differences for event in after[start:end]]
    return (
        None
        if {id(event) for event in removed_events} & {id(event) for event in added_events}
        else (added_events, removed_events)
    )


def _changed_states(before: Index, after: Index) -> frozenset[str] | None:
    """Return the ids of the states that came, changed or went; None when others changed their order."""
    old, new = before.world.scene.states, after.world.scene.states
    changed_ids = frozenset(compress(new, map(is_not, map(old.get, new), new.values())))
    if list(old) == list(new):
        return changed_ids
    removed_ids, added_ids = old.keys() - new.keys(), new.keys() - old.keys()
    if [id for id in old if id not in removed_ids] != [id for id in new if id not in added_ids]:
        return None
    return changed_ids | removed_ids


def _keep_facts(
    before: Index, after: Index, changed_ids: frozenset[str], added_events: list[Event], removed_events: list[Event]
) -> None:
    if not any(event.grants for event in chain(added_events, removed_events)):
        after.granted = before.granted
    states = chain((before.states.get(id) for id in changed_ids), (after.states.get(id) for id in changed_ids))
    if all(state is None or state.ending is None for state in states):
        after.endings, after.ending_ids, after.losses = before.endings, before.ending_ids, before.losses
    old_names, new_names = {event.name for event in removed_events}, {event.name for event in added_events}
    after.names = before.names if old_names == new_names else (before.names - old_names) | new_names
    mentions = dict(before.mentions)
    for event in removed_events:
        for name in ids_named_by(event):
            mentions[name] = tuple(other for other in mentions[name] if other is not event)
    for event in added_events:
        for name in ids_named_by(event):
            mentions[name] = (*mentions.get(name, ()), event)
    after.mentions = mentions


def _needs(event: Event, flags: frozenset[str]) -> bool:
    facts = (event.terminal.facts or ()) if event.terminal is not None else ()
    return not flags.isdisjoint(event.requires or ()) or any(
        not flags.isdisjoint(fact.requires or ()) for fact in facts
    )
