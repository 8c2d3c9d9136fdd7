"""The operations that make one world another, exactly.

Operations of the specification are used wherever they say it exactly. Where they cannot (a ``null``, an order, a
repeated name, a reference that names nothing) one of the exact operations is: ``put_state``,
``put_event``, ``put_world``. States that go first take along what cannot stand without them, as a person
would delete them; then come new states, the world's fields, the events, and states that something still names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from worldkit.comparison.equality import TEXTS, differing
from worldkit.comparison.fields import patch
from worldkit.comparison.pairing import rising
from worldkit.core.json_values import Json, same
from worldkit.editing import refs
from worldkit.editing.order import Names, Order


class Known:
    """What a wanted document names and what it has, for choosing operations that are allowed."""

    def __init__(self, want: Json) -> None:
        self._want = want
        self.states: Json = want["scene"]["states"]
        self.cuts = refs.cutscene_ids(want)
        offered, leads = refs.from_and_to(want["scene"]["events"])
        self.named = offered.union(leads, refs.mentioned(want, []))
        """Every id that something names, and perhaps some more."""
        states = self.states.keys()
        self.whole = offered <= states and leads <= states | self.cuts and not refs.dangling(want, self.states, [])
        """Whether everything named is there; when in doubt it is not."""

    def dangling(self) -> Counter[tuple[str, str, str]]:
        """Count what names nothing, by kind, field and id."""
        return refs.dangling(self._want, self.states, self._want["scene"]["events"])

    def resolves(self, event: Json) -> bool:
        """Say whether everything an event's ``from`` and ``to`` name is there in the end."""
        to = event.get("to")
        reached = to is None or to in self.states or to in self.cuts
        return reached and all(source in self.states for source in refs.sources(event))


# ---- states ------------------------------------------------------------------------------------


class States:
    """Makes the operations from one set of states to another.

    Args:
        have: The document to begin with.
        want: The document to end with.
        known: What that has.

    Attributes:
        changed: States both have that differ: id, before, after.
        moved: Ids of states that stood elsewhere among the others.
        entrance: What ``steps`` made the entrance by the way, once it has run: the first state of a world without.
    """

    entrance: Json | None = None

    def __init__(self, have: Json, want: Json, known: Known) -> None:
        self._have, self._want, self._known = have, want, known
        self._before: Json = have["scene"]["states"]
        self._after: Json = want["scene"]["states"]
        both = [id for id in self._after if id in self._before]
        self.changed = differing([(id, self._before[id], self._after[id]) for id in both])
        order = list(self._before)
        place = {id: at for at, id in enumerate(order)}
        self._stay = {order[at] for at in rising([place[id] for id in both])}
        self.moved = [id for id in both if id not in self._stay]

    def steps(self) -> Iterator[Json]:
        """Yield the operations: what changes in its place, what moves or is new."""
        changed = {id: before for id, before, _ in self.changed}
        taken = self._known.cuts | refs.cutscene_ids(self._have)
        order, last, rest = Names(self._before), -1, len(self._stay)
        for id, body in self._after.items():
            if id in self._stay:
                last, rest = order.find(id), rest - 1
                if id in changed:
                    yield _changed_state(id, changed[id], body)
                continue
            new = id not in self._before
            if not new:
                was = order.find(id)
                order.remove(was, id)
                last -= was <= last
            # Behind the last one that stays there is nothing to keep in front of: a new state may simply be added.
            if new and not rest and id not in taken and self._can_add(id, body, first=not len(order)):
                if not len(order) and "entrance" not in self._have:
                    self.entrance = {"state": id}
                yield {"op": "add_state", "id": id, "state": body}
                last = len(order)
            else:
                last += 1
                yield {"op": "put_state", "id": id, "state": body, "at": last}
            order.insert(last, id)

    def _can_add(self, id: str, body: Json, first: bool) -> bool:
        """Say whether ``add_state`` makes exactly this; a first state becomes the entrance if there is none."""
        if first and "entrance" not in self._have and not same(self._want.get("entrance"), {"state": id}):
            return False
        return bool(id.strip()) and None not in body.values() and _distinct(body)

    def gone(self) -> Iterator[Json]:
        """Yield the operations that remove the states left over; nothing is taken along any more."""
        for id in self._before:
            if id not in self._after:
                by_hand = id in self._known.named
                yield {"op": "put_state", "id": id, "state": None} if by_hand else {"op": "delete_state", "id": id}


def _changed_state(id: str, before: Json, after: Json) -> Json:
    made = patch(before, after)
    if made is None or ("variants" in made and not _distinct(after)):
        return {"op": "put_state", "id": id, "state": after}
    return {"op": "update_state", "id": id, "patch": made}


def _distinct(body: Json) -> bool:
    labels = [variant["label"] for variant in body.get("variants", ())]
    return len(set(labels)) == len(labels)


# ---- events ------------------------------------------------------------------------------------


class Events:
    """Makes the operations from one list of events to another.

    Args:
        have: The events to begin with.
        want: The events to end with.
        pairs: Which event is which: indices in ``have`` by indices in ``want``.
        known: What the wanted document has.

    Attributes:
        changed: Events that differ: index in ``want``, before, after.
        moved: Indices in ``want`` of events that stood elsewhere among the others.
    """

    def __init__(self, have: Sequence[Json], want: Sequence[Json], pairs: Mapping[int, int], known: Known) -> None:
        self._have, self._want, self._pairs, self._known = have, want, pairs, known
        self._names = Counter(event["name"] for event in have)
        news, olds = sorted(pairs), [pairs[new] for new in sorted(pairs)]
        self.changed = differing([(new, have[old], want[new]) for new, old in zip(news, olds, strict=True)], TEXTS)
        self._thing_of = {old: thing for thing, old in enumerate(sorted(olds))}
        self._order = Order(len(olds))
        self._stay = rising(olds)
        self.moved = [new for new, old in zip(news, olds, strict=True) if old not in self._stay]

    def steps(self) -> Iterator[Json]:
        """Yield the operations: what goes, what changes in its place, what moves or is new."""
        held = set(self._thing_of)
        for at in range(len(self._have) - 1, -1, -1):
            if at not in held:
                name = self._have[at]["name"]
                by_name = self._names[name] == 1
                yield (
                    {"op": "delete_event", "name": name} if by_name else {"op": "put_event", "index": at, "event": None}
                )
                self._names[name] -= 1
        for new, before, after in self.changed:
            if self._pairs[new] in self._stay:
                yield self._changed(self._pairs[new], before, after)
        yield from self._placed({new for new, _, _ in self.changed})

    def _changed(self, old: int, before: Json, after: Json) -> Json:
        made = patch(before, after)
        if made is not None and self._names[before["name"]] == 1 and self._allowed(made, after):
            step = {"op": "update_event", "name": before["name"], "patch": made}
        else:
            step = {"op": "put_event", **self._place(old), "event": after}
        self._rename(before, after)
        return step

    def _placed(self, changed: set[int]) -> Iterator[Json]:
        order, last = self._order, -1
        for new, body in enumerate(self._want):
            old = self._pairs.get(new)
            if old in self._stay:
                last = order.place(self._thing_of[old])
                continue
            if old is None:
                last += 1
                end = last == len(order)
                if end and self._can_add(body):
                    yield {"op": "add_event", "event": body}
                else:
                    yield {"op": "put_event", "event": body, **({} if end else {"at": last})}
                self._names[body["name"]] += 1
                order.insert(last)
                continue
            was = order.place(self._thing_of[old])
            last += 1 if was > last else 0
            if was != last:
                yield {"op": "put_event", **self._place(old), "event": body, "at": last}
                order.remove(was)
                self._thing_of[old] = order.insert(last)
            elif new in changed:
                yield {"op": "put_event", **self._place(old), "event": body}
            self._rename(self._have[old], body)

    def _place(self, old: int) -> Json:
        name = self._have[old]["name"]
        return {"name": name} if self._names[name] == 1 else {"index": self._order.place(self._thing_of[old])}

    def _rename(self, before: Json, after: Json) -> None:
        self._names[before["name"]] -= 1
        self._names[after["name"]] += 1

    def _allowed(self, made: Json, after: Json) -> bool:
        """Say whether ``update_event`` takes a patch as it is."""
        if "name" in made and (self._names[made["name"]] or not made["name"].strip()):
            return False
        if "from" in made and (not isinstance(made["from"], list) or not made["from"]):
            return False
        return not made.keys() & {"from", "to"} or self._known.resolves(after)

    def _can_add(self, body: Json) -> bool:
        """Say whether ``add_event`` makes exactly this: it reads nulls as absent and wants a free, visible name."""
        named = bool(body["name"].strip()) and not self._names[body["name"]]
        offered = isinstance(body["from"], list) and bool(body["from"])
        return named and offered and None not in body.values() and self._known.resolves(body)


# ---- what only an explicit word allows ----------------------------------------------------------


def forced(steps: list[Json], before: Json, known: Known) -> list[Json]:
    """Return the batch with ``force`` where it leaves a ``from``, ``to`` or entrance naming nothing anew."""
    if known.whole:
        return steps
    held = refs.dangling(before, before["scene"]["states"], before["scene"]["events"])
    new = known.dangling() - held
    exact = [at for at, step in enumerate(steps) if step["op"].startswith("put_")]
    if not new or not exact:
        return steps
    lost = {id for _, _, id in new}
    blamed = [at for at in exact if _leaves(steps[at], lost)] or exact[-1:]
    return [{**step, "force": True} if at in blamed else step for at, step in enumerate(steps)]


def _leaves(step: Json, lost: set[str]) -> bool:
    if step["op"] == "put_state":
        return step["state"] is None and step["id"] in lost
    event: Json | None = step.get("event")
    return event is not None and (event.get("to") in lost or not lost.isdisjoint(refs.sources(event)))
