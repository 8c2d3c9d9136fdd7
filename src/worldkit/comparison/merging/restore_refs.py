"""What one side deleted and the other still names: it stays, and says so, until somebody decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from worldkit.comparison.fields import ABSENT
from worldkit.comparison.merging.alignment import Document, Key
from worldkit.comparison.merging.conflict import LISTS, Place, Rulings
from worldkit.comparison.merging.order import ordered
from worldkit.comparison.merging.values import named
from worldkit.core.diagnostics import ItemKind
from worldkit.core.json_values import Json
from worldkit.editing import refs


class Mention(NamedTuple):
    """Where something is named: the kind of item, which one, and its field."""

    kind: str
    id: Key
    field: str


Mentions = dict[tuple[ItemKind, str], set[Mention]]
"""Who names what: by kind and id of what is named."""


class Parts(NamedTuple):
    """The merged world under way; changed in place.

    Attributes:
        states: The states.
        events: The events, by key.
        top: The world's own fields.
    """

    states: Json
    events: dict[Key, Json]
    top: Json


def restore(made: Parts, base: Document, ours: Document, theirs: Document, rulings: Rulings) -> None:
    """Put back what one side deleted although something else names it by now, and record a conflict for each.

    Where it was decided that it goes all the same, everything that leads to it goes or lets go of it, as when a
    person deletes it.

    Args:
        made: The merged world so far.
        base: What both began with.
        ours: One side.
        theirs: The other.
        rulings: What was decided, and where conflicts go.
    """
    refused: set[tuple[ItemKind, str]] = set()
    while True:
        wanted = _missing(made, base, ours, theirs)
        asked = False
        for (kind, id), (deleter, who) in wanted.items():
            users = _named_by(made, {(kind, id)})[kind, id] - _named_by(deleter, {(kind, id)})[kind, id]
            if not users or (kind, id) in refused:
                continue
            asked = True
            before, mine, other = (_body(document, kind, id) for document in (base, ours, theirs))
            body = other if mine is ABSENT else mine
            labels = [_called(user, made) for user in sorted(users, key=str)]
            other_side = "theirs" if who == "ours" else "ours"
            names = "still names" if len(labels) == 1 else "still name"
            why = f"{who} deleted it, and {named(labels)} of {other_side} {names} it"
            place = Place("state", id) if kind == "state" else Place("world", "", (LISTS[kind], id))
            if rulings.settle(place, before, mine, other, why, held=body) is ABSENT:
                refused.add((kind, id))
                _let_go(made, kind, id)
            else:
                _put_back(made, kind, id, body, base, ours, theirs)
        if not asked:
            return


def _missing(
    made: Parts, base: Document, ours: Document, theirs: Document
) -> dict[tuple[ItemKind, str], tuple[Document, str]]:
    """Return what base has and the merged world has not, with the one side that deleted it."""
    found: dict[tuple[ItemKind, str], tuple[Document, str]] = {}
    for kind in ("state", "cutscene", "sequence"):
        before, mine, other, now = (_ids(document, kind) for document in (base, ours, theirs, made))
        for id in before:
            if id not in now and (id in mine) != (id in other):
                found[kind, id] = (ours, "ours") if id not in mine else (theirs, "theirs")
    return found


def _ids(document: Document | Parts, kind: str) -> Mapping[str, Any]:
    if kind == "state":
        return document.states
    return {item["id"]: item for item in document.top.get(LISTS[kind], ())}  # type: ignore[index]


def _body(document: Document | Parts, kind: ItemKind, id: str) -> Any:
    return _ids(document, kind).get(id, ABSENT)


def _named_by(document: Document | Parts, wanted: Iterable[tuple[ItemKind, str]]) -> Mentions:
    found: Mentions = {one: set() for one in wanted}
    for kind, id, mention in mentions(document):
        if (kind, id) in found:
            found[kind, id].add(mention)
    return found


def mentions(document: Document | Parts) -> Iterator[tuple[ItemKind, str, Mention]]:
    """Yield all that a document names: a kind, an id, and where."""
    cuts = refs.cutscene_ids(document.top)
    for key, body in document.events.items():
        for source in refs.sources(body):
            yield "state", source, Mention("event", key, "from")
        to = body.get("to")
        if to is not None:
            yield "cutscene", to, Mention("event", key, "to")
            if to not in cuts:
                yield "state", to, Mention("event", key, "to")
    for field, paths in refs.STATE_REFS.items():
        if field in document.top:
            for path in paths:
                for hit in refs.mentions(document.top[field], path):
                    owner = document.top[field][hit.at[0]].get("id", field) if path[0] == refs.EACH else field
                    yield "state", hit.id, Mention(field, owner, ".".join(path))
    for beat in document.top.get("story", {}).get("beats", ()):
        if "sequence" in beat:
            yield "sequence", beat["sequence"], Mention("story", "story", "sequence")


def _called(user: Mention, made: Parts) -> str:
    return str(made.events[user.id]["name"]) if user.kind == "event" else str(user.id)


def _put_back(
    made: Parts, kind: ItemKind, id: str, body: Json, base: Document, ours: Document, theirs: Document
) -> None:
    sides = [list(_ids(document, kind)) for document in (base, ours, theirs)]
    held = {**_ids(made, kind), id: body}
    order = ordered(sides[0], sides[1], sides[2], held)
    if kind == "state":
        made.states.clear()
        made.states.update((one, held[one]) for one in order)
    else:
        made.top[LISTS[kind]] = [held[one] for one in order]


def _let_go(made: Parts, kind: ItemKind, id: str) -> None:
    """Take everything that names it out of the merged world."""
    cuts = refs.cutscene_ids(made.top)
    for key, body in list(made.events.items()):
        held = refs.sources(body)
        if kind == "state" and id in held:
            left = [source for source in held if source != id]
            if not left:
                del made.events[key]
                continue
            body = made.events[key] = {**body, "from": left}
        if body.get("to") == id and (kind == "cutscene" or (kind == "state" and id not in cuts)):
            made.events[key] = {name: value for name, value in body.items() if name != "to"}
    top = made.top
    if kind == "sequence":
        _each(top, "story", "beats", lambda beat: _without(beat, "sequence", id))
        return
    if kind != "state":
        return
    for field in ("entrance", "outro"):
        if top.get(field, {}).get("state") == id:
            del top[field]
    if "cutscenes" in top:
        for cut in [cut for cut in top["cutscenes"] if id in (cut["from"], cut["to"])]:
            top["cutscenes"] = [other for other in top["cutscenes"] if other is not cut]
            _let_go(made, "cutscene", cut["id"])
    if "sequences" in top:
        top["sequences"] = [
            {**walk, "beats": [beat for beat in walk["beats"] if beat["state"] != id]} for walk in top["sequences"]
        ]
    _each(top, "story", "beats", lambda beat: _out_of(beat, "states", id))
    if "missions" in top:
        top["missions"] = [
            {**mission, "objectives": [_without(objective, "location", id) for objective in mission["objectives"]]}
            for mission in top["missions"]
        ]


def _each(top: Json, field: str, inner: str, change: Callable[[Json], Json]) -> None:
    if inner in top.get(field, {}):
        top[field] = {**top[field], inner: [change(item) for item in top[field][inner]]}


def _without(item: Json, field: str, value: str) -> Json:
    return {key: held for key, held in item.items() if key != field or held != value}


def _out_of(item: Json, field: str, value: str) -> Json:
    return {**item, field: [held for held in item[field] if held != value]} if field in item else item
