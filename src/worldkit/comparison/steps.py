"""The operations that turn one world into another, exactly.

Operations of the public vocabulary are used wherever they are exact. Where they are not (a ``null``, an order,
a repeated name, a dangling reference) a raw operation is: ``put_state``, ``put_event``, ``put_world``. Deletions
of states with their cascades come first; then new states, the world's fields, the events, and at last the removal
of states that something still names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from worldkit.comparison.equality import TEXT_FIELDS, find_differing
from worldkit.comparison.fields import shallow_patch
from worldkit.comparison.pairing import longest_increasing
from worldkit.core.json_values import Json, json_equal
from worldkit.editing import refs
from worldkit.editing.allowances import has_allowances
from worldkit.editing.order import HandleList, NameList
from worldkit.editing.patching import has_doubled_labels


class TargetIndex:
    """The ids that the target document has and mentions, for choosing operations that are allowed."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self.states: Json = document["scene"]["states"]
        self.cutscene_ids = refs.cutscene_ids(document)
        source_ids, target_ids = refs.source_and_target_ids(document["scene"]["events"])
        self.mentioned_ids = source_ids.union(target_ids, refs.mentioned_ids(document, []))
        """Every id that something mentions, and perhaps more."""
        states = self.states.keys()
        self.is_complete = (
            source_ids <= states
            and target_ids <= states | self.cutscene_ids
            and not refs.count_dangling(document, self.states, [])
        )
        """Whether every mentioned id exists; false when in doubt."""

    def dangling(self) -> Counter[tuple[str, str, str]]:
        """Count the dangling references, by kind, field and id."""
        return refs.count_dangling(self._document, self.states, self._document["scene"]["events"])

    def allows(self, event: str) -> bool:
        """Return whether the target allows findings about an event of a name, existing or not."""
        return has_allowances(self._document, "event", event)

    def resolves(self, event: Json) -> bool:
        """Return whether everything an event's ``from`` and ``to`` name exists in the target."""
        to = event.get("to")
        target_exists = to is None or to in self.states or to in self.cutscene_ids
        return target_exists and all(source in self.states for source in refs.sources(event))


# ---- states ------------------------------------------------------------------------------------


class StateSteps:
    """Computes the operations that turn one set of states into another.

    Args:
        have: The document before.
        want: The target document.
        target: What that has.

    Attributes:
        changed_states: States both have that differ: id, before, after.
        moved_ids: Ids of states whose position among the others changed.
        entrance: The entrance that ``steps`` sets as a side effect, if any: the first state of a world without one.
    """

    entrance: Json | None = None

    def __init__(self, have: Json, want: Json, target: TargetIndex) -> None:
        self._document, self._target_document, self._target = have, want, target
        self._old_states: Json = have["scene"]["states"]
        self._new_states: Json = want["scene"]["states"]
        common_ids = [id for id in self._new_states if id in self._old_states]
        self.changed_states = find_differing([(id, self._old_states[id], self._new_states[id]) for id in common_ids])
        order = list(self._old_states)
        old_position = {id: index for index, id in enumerate(order)}
        self._unmoved_ids = {order[index] for index in longest_increasing([old_position[id] for id in common_ids])}
        self.moved_ids = [id for id in common_ids if id not in self._unmoved_ids]

    def steps(self) -> Iterator[Json]:
        """Yield the operations: changes, moves and additions."""
        old_bodies = {id: before for id, before, _ in self.changed_states}
        cutscene_ids = self._target.cutscene_ids | refs.cutscene_ids(self._document)
        order, position, unmoved_left = NameList(self._old_states), -1, len(self._unmoved_ids)
        previous: str | None = None  # the unmoved state before this one, while its position was not asked for
        for id, body in self._new_states.items():
            if id in self._unmoved_ids:
                previous, unmoved_left = id, unmoved_left - 1
                if id in old_bodies:
                    yield _state_change(id, old_bodies[id], body)
                continue
            if previous is not None:
                position, previous = order.index(previous), None
            new = id not in self._old_states
            if not new:
                old_index = order.index(id)
                order.remove(old_index, id)
                position -= old_index <= position
            # After the last unmoved state a new one may simply be added at the end.
            if new and not unmoved_left and id not in cutscene_ids and self._can_add(id, body, first=not len(order)):
                if not len(order) and "entrance" not in self._document:
                    self.entrance = {"state": id}
                yield {"op": "add_state", "id": id, "state": body}
                position = len(order)
            else:
                position += 1
                yield {"op": "put_state", "id": id, "state": body, "at": position}
            order.insert(position, id)

    def _can_add(self, id: str, body: Json, first: bool) -> bool:
        """Return whether ``add_state`` is exact here; a first state becomes the entrance if there is none."""
        if (
            first
            and "entrance" not in self._document
            and not json_equal(self._target_document.get("entrance"), {"state": id})
        ):
            return False
        return bool(id.strip()) and None not in body.values() and not has_doubled_labels(body)

    def removals(self) -> Iterator[Json]:
        """Yield the operations that remove the states left over; there is no cascade any more."""
        for id in self._old_states:
            if id not in self._new_states:
                is_mentioned = id in self._target.mentioned_ids
                yield {"op": "put_state", "id": id, "state": None} if is_mentioned else {"op": "delete_state", "id": id}


def _state_change(id: str, before: Json, after: Json) -> Json:
    changed_fields = shallow_patch(before, after)
    if changed_fields is None or ("variants" in changed_fields and has_doubled_labels(after)):
        return {"op": "put_state", "id": id, "state": after}
    return {"op": "update_state", "id": id, "patch": changed_fields}


# ---- events ------------------------------------------------------------------------------------


class EventSteps:
    """Computes the operations that turn one list of events into another.

    Args:
        have: The events before.
        want: The target events.
        pairs: Which event is which: indices in ``have`` by indices in ``want``.
        target: What the wanted document has.

    Attributes:
        changed_events: Events that differ: index in ``want``, before, after.
        moved_indices: Indices in ``want`` of events whose position among the others changed.
    """

    def __init__(
        self, have: Sequence[Json], want: Sequence[Json], pairs: Mapping[int, int], target: TargetIndex
    ) -> None:
        self._old_events, self._new_events, self._pairs, self._target = have, want, pairs, target
        self._names = Counter(event["name"] for event in have)
        new_indices, old_indices = sorted(pairs), [pairs[new] for new in sorted(pairs)]
        self.changed_events = find_differing(
            [(new, have[old], want[new]) for new, old in zip(new_indices, old_indices, strict=True)], TEXT_FIELDS
        )
        self._handle_of = {old: handle for handle, old in enumerate(sorted(old_indices))}
        self._order = HandleList(len(old_indices))
        self._unmoved_indices = longest_increasing(old_indices)
        self.moved_indices = [
            new for new, old in zip(new_indices, old_indices, strict=True) if old not in self._unmoved_indices
        ]

    def steps(self) -> Iterator[Json]:
        """Yield the operations: removals, changes, moves and additions."""
        paired_indices = set(self._handle_of)
        for index in range(len(self._old_events) - 1, -1, -1):
            if index not in paired_indices:
                name = self._old_events[index]["name"]
                by_name = self._names[name] == 1
                yield (
                    {"op": "delete_event", "name": name}
                    if by_name
                    else {"op": "put_event", "index": index, "event": None}
                )
                self._names[name] -= 1
        for new, before, after in self.changed_events:
            if self._pairs[new] in self._unmoved_indices:
                yield self._change_step(self._pairs[new], before, after)
        yield from self._placement_steps({new for new, _, _ in self.changed_events})

    def _change_step(self, old: int, before: Json, after: Json) -> Json:
        changed_fields = shallow_patch(before, after)
        if (
            changed_fields is not None
            and self._names[before["name"]] == 1
            and self._can_update(before["name"], changed_fields, after)
        ):
            step = {"op": "update_event", "name": before["name"], "patch": changed_fields}
        else:
            step = {"op": "put_event", **self._address(old), "event": after}
        self._rename(before, after)
        return step

    def _placement_steps(self, changed_places: set[int]) -> Iterator[Json]:
        order, position = self._order, -1
        previous: int | None = None  # the unmoved event before this one, while its position was not asked for
        for new, body in enumerate(self._new_events):
            old = self._pairs.get(new)
            if old in self._unmoved_indices:
                previous = old
                continue
            if previous is not None:
                position, previous = order.position(self._handle_of[previous]), None
            if old is None:
                position += 1
                is_at_end = position == len(order)
                if is_at_end and self._can_add(body):
                    yield {"op": "add_event", "event": body}
                else:
                    yield {"op": "put_event", "event": body, **({} if is_at_end else {"at": position})}
                self._names[body["name"]] += 1
                order.insert(position)
                continue
            old_position = order.position(self._handle_of[old])
            position += 1 if old_position > position else 0
            if old_position != position:
                yield {"op": "put_event", **self._address(old), "event": body, "at": position}
                order.remove(old_position)
                self._handle_of[old] = order.insert(position)
            elif new in changed_places:
                yield {"op": "put_event", **self._address(old), "event": body}
            self._rename(self._old_events[old], body)

    def _address(self, old: int) -> Json:
        name = self._old_events[old]["name"]
        return {"name": name} if self._names[name] == 1 else {"index": self._order.position(self._handle_of[old])}

    def _rename(self, before: Json, after: Json) -> None:
        self._names[before["name"]] -= 1
        self._names[after["name"]] += 1

    def _can_update(self, name: str, changed_fields: Json, after: Json) -> bool:
        """Return whether ``update_event`` accepts a patch, and changes nothing else."""
        if "name" in changed_fields and (self._names[changed_fields["name"]] or not changed_fields["name"].strip()):
            return False
        if "name" in changed_fields and self._target.allows(name):
            return False  # what the target allows is set before, and would follow the event
        if "from" in changed_fields and (not isinstance(changed_fields["from"], list) or not changed_fields["from"]):
            return False
        return not changed_fields.keys() & {"from", "to"} or self._target.resolves(after)

    def _can_add(self, body: Json) -> bool:
        """Return whether ``add_event`` is exact here: it reads nulls as absent and needs an unused, visible name."""
        has_unused_name = bool(body["name"].strip()) and not self._names[body["name"]]
        has_sources = isinstance(body["from"], list) and bool(body["from"])
        return has_unused_name and has_sources and None not in body.values() and self._target.resolves(body)


# ---- dangling references --------------------------------------------------------------------------


def with_force(steps: list[Json], before: Json, target: TargetIndex) -> list[Json]:
    """Return the batch with ``force`` on the operations that leave a new dangling ``from``, ``to`` or entrance."""
    if target.is_complete:
        return steps
    dangling_before = refs.count_dangling(before, before["scene"]["states"], before["scene"]["events"])
    new_dangling = target.dangling() - dangling_before
    raw_indices = [index for index, step in enumerate(steps) if step["op"].startswith("put_")]
    if not new_dangling or not raw_indices:
        return steps
    missing_ids = {id for _, _, id in new_dangling}
    forced_indices = {index for index in raw_indices if _leaves_dangling(steps[index], missing_ids)}
    forced_indices = forced_indices or {raw_indices[-1]}
    return [{**step, "force": True} if index in forced_indices else step for index, step in enumerate(steps)]


def _leaves_dangling(step: Json, missing_ids: set[str]) -> bool:
    if step["op"] == "put_state":
        return step["state"] is None and step["id"] in missing_ids
    event: Json | None = step.get("event")
    return event is not None and (event.get("to") in missing_ids or not missing_ids.isdisjoint(refs.sources(event)))
