"""``EditScope``: which states and events of a world an edit can have given other findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, filterfalse
from operator import eq

from worldkit.core.document import Document, event_index, json_of
from worldkit.core.model import Event
from worldkit.core.shared_parts import changed_keys, hunks_of_numbers
from worldkit.ruleset.index import Index, is_console

_SHARED_FIELDS = frozenset({"cutscenes", "subject", "styleTail", "kernel", "schemaVersion"})
"""Fields of a world that the findings of every state and event may depend on."""

_MIN_ITEM_LIMIT = 400  # that are checked again one by one, whatever the size of the world
_MAX_SHARE = 0.1  # of all items; with more, checking all of them is as quick


@dataclass(frozen=True, slots=True)
class EditScope:
    """What an edit can have changed the findings of.

    Attributes:
        states: Ids of the states to check again; those that are gone are among them.
        events: The events to check again.
        removed_events: The events that are no longer there.
        offered_events: The events that are offered in one of ``states``, in world order.
    """

    states: frozenset[str]
    events: list[Event]
    removed_events: list[Event]
    offered_events: list[Event]


def change_between(before: Index, after: Index) -> EditScope | None:
    """Return what an edit changed, or None when so much may have changed that all of the world has to be checked.

    Facts of the world before that the edit leaves as they are become facts of the world after.

    Args:
        before: The world before the edit, in which no two events share a name.
        after: The world after it, of the same profile.
    """
    if not before.has_unique_names or not after.has_unique_names or _fields_differ(before.world, after.world):
        return None
    difference = _difference(before, after)
    if difference is None:
        return None
    added_events, removed_events = difference
    changed_ids = _changed_states(before, after)
    if changed_ids is None:
        return None
    limit = max(_MIN_ITEM_LIMIT, int(_MAX_SHARE * (len(after.states) + len(after.events))))
    if len(changed_ids) + len(added_events) + len(removed_events) > limit:
        return None
    _keep_facts(before, after, changed_ids, added_events, removed_events)
    # a cutscene lands in a state, so an event that leads to the cutscene leads to the state
    names = changed_ids.union(cutscene.id for cutscene in after.world.cutscenes or () if cutscene.to in changed_ids)
    events = _unique(chain(added_events, *(after.mentions.get(name, ()) for name in names)))
    if flags := before.granted ^ after.granted:
        events = _unique(chain(events, *(after.with_flag.get(flag, ()) for flag in flags)))
    states = changed_ids.union(*(event.from_ for event in chain(events, removed_events)))
    if len(states) + len(events) > limit:
        return None
    offered_events = _unique(
        event for state in states for event in after.mentions.get(state, ()) if state in event.from_
    )
    offered_in_order = [after.events[at] for at in event_index(after.world).positions(offered_events)]
    return EditScope(states, events, removed_events, offered_in_order)


def _fields_differ(before: Document, after: Document) -> bool:
    old, new = json_of(before), json_of(after)
    return any(old.get(key) is not new.get(key) and old.get(key) != new.get(key) for key in _SHARED_FIELDS)


def _unique(events: Iterable[Event]) -> list[Event]:
    return list({id(event): event for event in events}.values())


def _difference(before: Index, after: Index) -> tuple[list[Event], list[Event]] | None:
    """Return the events that came and those that went; None when others changed their order."""
    old, new = before.events, after.events
    old_ids, new_ids = event_index(before.world).order, event_index(after.world).order
    differences = hunks_of_numbers(old_ids, new_ids)
    if differences is None:
        removed_ids, added_ids = set(old_ids) - set(new_ids), set(new_ids) - set(old_ids)
        same_events = filterfalse(removed_ids.__contains__, old_ids), filterfalse(added_ids.__contains__, new_ids)
        if not all(map(eq, *same_events)):
            return None
        added_events = [event for event in new if id(event) in added_ids]
        removed_events = [event for event in old if id(event) in removed_ids]
        return (added_events, removed_events) if _same_order(old, new) else None
    removed_events = [event for start, end, _, _ in differences for event in old[start:end]]
    added_events = [event for _, _, start, end in differences for event in new[start:end]]
    in_place = sum(
        len({event.name for event in old[start:end]} & {event.name for event in new[first:last]})
        for start, end, first, last in differences
    )
    names_in_both = {event.name for event in removed_events} & {event.name for event in added_events}
    if len(names_in_both) > in_place or not _same_order(removed_events, added_events):
        return None
    return (
        None
        if {id(event) for event in removed_events} & {id(event) for event in added_events}
        else (added_events, removed_events)
    )


def _same_order(before: Sequence[Event], after: Sequence[Event]) -> bool:
    """Return whether the names that stand in two lists stand in the same order; no name is in a list twice."""
    old_names, new_names = [event.name for event in before], [event.name for event in after]
    in_both = set(old_names) & set(new_names)
    return [name for name in old_names if name in in_both] == [name for name in new_names if name in in_both]


def _changed_states(before: Index, after: Index) -> frozenset[str] | None:
    """Return the ids of the states that came, changed or went; None when others changed their order."""
    removed_ids, changed_ids, keeps_order = changed_keys(before.world.scene.states, after.world.scene.states)
    return frozenset(chain(changed_ids, removed_ids)) if keeps_order else None


def _keep_facts(
    before: Index, after: Index, changed_ids: frozenset[str], added_events: list[Event], removed_events: list[Event]
) -> None:
    flags = {flag for event in chain(added_events, removed_events) for flag in event.grants or ()}
    granted_flags = {flag for flag in flags if any(_grants(event, flag) for event in after.with_flag.get(flag, ()))}
    after.granted = (
        before.granted if granted_flags == flags & before.granted else before.granted - flags | granted_flags
    )
    states = chain((before.states.get(id) for id in changed_ids), (after.states.get(id) for id in changed_ids))
    if all(state is None or state.ending is None for state in states):
        after.endings, after.ending_ids, after.losses = before.endings, before.ending_ids, before.losses


def _grants(event: Event, flag: str) -> bool:
    return flag in (event.grants or ()) and not is_console(event)
