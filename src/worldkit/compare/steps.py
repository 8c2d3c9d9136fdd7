"""The operations that make one world another, exactly.

Contract operations are used wherever they say it exactly. Where they cannot (a ``null``, an order, a
repeated name, a reference that names nothing) one of the exact operations is: ``put_state``,
``put_event``, ``put_world``. The order of the batch lets no cascade take anything along: names first,
then new states, world fields, events, and what goes last goes last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from worldkit.compare.fields import patch
from worldkit.compare.pairing import differing, settled
from worldkit.edit import fieldnames, refs
from worldkit.jsonish import Json, same

Key = tuple[str, int]
"""An event's name, and which of the events of that name it is, from 0."""


def keyed(events: Sequence[Json]) -> dict[Key, Json]:
    """Return the events by name and occurrence, in order."""
    once = {(event["name"], 0): event for event in events}
    if len(once) == len(events):
        return once
    seen: Counter[str] = Counter()
    made: dict[Key, Json] = {}
    for event in events:
        name = event["name"]
        made[name, seen[name]] = event
        seen[name] += 1
    return made


class Steps:
    """Makes the batch from one raw document to another, after states were renamed.

    Args:
        have: The document to begin with.
        want: The document to end with.
        event_names: Which event of ``have`` is which of ``want`` under a new name.

    Attributes:
        changed_states: States both have whose bodies differ: id, before, after.
        changed_events: Events both have whose bodies differ: key after, before, after.
    """

    def __init__(self, have: Json, want: Json, event_names: dict[str, str]) -> None:
        self.have, self.want = have, want
        self.states: dict[str, Json] = have["scene"]["states"]
        self.wanted: dict[str, Json] = want["scene"]["states"]
        self.cuts = refs.cutscene_ids(want)
        self.taken = self.cuts | refs.cutscene_ids(have)
        events = want["scene"]["events"]
        self.force = {"force": True} if refs.dangling(want, self.wanted, events) else {}
        self.named = refs.mentioned(want, events)
        both = [(id, self.states[id], body) for id, body in self.wanted.items() if id in self.states]
        self.changed_states = differing(both)

        new_key = {(old, 0): (new, 0) for old, new in event_names.items()}
        before = keyed(have["scene"]["events"])
        self.events = {new_key.get(key, key): body for key, body in before.items()} if new_key else before
        self.wanted_events = keyed(events)
        self.twice = any(n for _, n in chain(self.events, self.wanted_events))
        pairs = [(key, self.events[key], body) for key, body in self.wanted_events.items() if key in self.events]
        self.changed_events = differing(pairs)

    def all(self) -> list[Json]:
        """Return the batch."""
        return list(chain(self._states(), self._world(), self._events(), self._gone()))

    # ---- states ----------------------------------------------------------------------------

    def _states(self) -> Iterator[Json]:
        changed = {id: before for id, before, _ in self.changed_states}
        stay = settled(list(self.states), list(self.wanted))
        order = list(self.states)
        # the first state of a world without an entrance becomes the entrance, unless it is put exactly
        plain_add = bool(self.states) or "entrance" in self.have
        last = -1
        for id, body in self.wanted.items():
            if id in stay:
                if id in changed:
                    yield self._state(id, changed[id], body)
                last = order.index(id, last + 1) if order[last + 1 : last + 2] != [id] else last + 1
                continue
            if id in self.states:
                was = order.index(id)
                del order[was]
                last -= was < last + 1
            last += 1
            plain = plain_add and id not in self.states and id not in self.taken and _plain(id, body)
            if plain and all(other not in self.wanted for other in order[last:]):
                yield {"op": "add_state", "id": id, "state": body}
                last = len(order)
            else:
                yield {"op": "put_state", "id": id, "state": body, "at": last, **self.force}
            order.insert(last, id)

    def _state(self, id: str, before: Json, after: Json) -> Json:
        made = patch(before, after)
        if made is None:
            return {"op": "put_state", "id": id, "state": after, **self.force}
        return {"op": "update_state", "id": id, "patch": made}

    def _gone(self) -> Iterator[Json]:
        for id in self.states:
            if id not in self.wanted:
                if id in self.named:
                    yield {"op": "put_state", "id": id, "state": None, "force": True}
                else:
                    yield {"op": "delete_state", "id": id}

    # ---- the world's own fields ------------------------------------------------------------

    def _world(self) -> Iterator[Json]:
        have = {fieldnames.of_world(k): v for k, v in self.have.items() if k != "scene"}
        want = {fieldnames.of_world(k): v for k, v in self.want.items() if k != "scene"}
        for source, made in ((self.have, have), (self.want, want)):
            inside = {k: v for k, v in source["scene"].items() if k not in ("states", "events")}
            made.update({fieldnames.of_scene(k): v for k, v in inside.items()})
        put = {k: v for k, v in want.items() if k not in have or not same(have[k], v)}
        gone = [k for k in have if k not in want]
        op: Json = {"op": "put_world"}
        if put:
            op["set"] = put
        if gone:
            op["remove"] = gone
        if len(op) > 1:
            yield {**op, **self.force}

    # ---- events ----------------------------------------------------------------------------

    def _events(self) -> Iterator[Json]:
        order, after, twice = list(self.events), self.wanted_events, self.twice
        by_index = {key: i for i, key in enumerate(order)} if twice else {}
        for key, old, new in self.changed_events:
            yield self._event(old, new, by_index.get(key))
        for at in reversed([i for i, key in enumerate(order) if key not in after]):
            name = order[at][0]
            yield {"op": "put_event", "index": at, "event": None} if twice else {"op": "delete_event", "name": name}
            del order[at]
        stay = settled(order, list(after))
        last = -1
        for key, body in after.items():
            if key in stay:
                last = order.index(key, last + 1) if order[last + 1 : last + 2] != [key] else last + 1
                continue
            if key in self.events:
                was = order.index(key)
                yield {"op": "put_event", "index": was, "event": None}
                del order[was]
                last -= was < last + 1
            last += 1
            if last == len(order) and not twice and _plain(key[0], body) and self._resolves(body):
                yield {"op": "add_event", "event": body}
            else:
                yield {"op": "put_event", "event": body, "at": last, **self.force}
            order.insert(last, key)

    def _event(self, old: Json, new: Json, index: int | None) -> Json:
        made = patch(old, new) if index is None else None
        if made is not None and _writable(made) and (self._resolves(new) or not made.keys() & {"from", "to"}):
            return {"op": "update_event", "name": old["name"], "patch": made}
        place: Json = {"name": old["name"]} if index is None else {"index": index}
        return {"op": "put_event", **place, "event": new, **self.force}

    def _resolves(self, event: Json) -> bool:
        to = event.get("to")
        reached = to is None or to in self.wanted or to in self.cuts
        return reached and all(source in self.wanted for source in refs.sources(event))


def _plain(name: str, body: Json) -> bool:
    """Say whether a plain ``add_`` makes exactly this: it reads nulls as absent and refuses blank names."""
    listed = "from" not in body or (isinstance(body["from"], list) and bool(body["from"]))
    kind_fits = not (body.get("kind") == "override" and "to" in body)
    return bool(name.strip()) and listed and kind_fits and None not in body.values()


def _writable(made: Json) -> bool:
    listed = "from" not in made or (isinstance(made["from"], list) and bool(made["from"]))
    return listed and ("name" not in made or bool(str(made["name"]).strip())) and "kind" not in made
