"""Makes ``archive.world.json`` from the prose in ``archive.prose.toml``: ``python make_archive.py``.

Everything that is read was written by hand; the seed decides how it is put together: which sentence
opens which door, how each room is framed, what stirs in it, how long things take. Only
``random.random`` is used, the one generator method that Python promises to keep stable, so that
every version of it writes the same bytes.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SEED = 1306
SAMPLE_FOLDER = Path(__file__).parent
RESERVED_KEYS = set("wasd")

Json = dict[str, Any]


class Draw:
    """Seeded choices in which a pool is used up before anything in it comes round again."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._decks: dict[str, list[Any]] = {}

    def index(self, count: int) -> int:
        return int(self._random.random() * count)

    def between(self, low: int, high: int, step: int) -> int:
        return low + step * self.index((high - low) // step + 1)

    def of(self, name: str, pool: Iterable[Any], used_nearby: Iterable[Any] = ()) -> Any:
        """Return one of a pool, and one that is not used nearby if there is any."""
        deck, excluded_items = self._decks.setdefault(name, []), list(used_nearby)
        fresh = [i for i, item in enumerate(deck) if item not in excluded_items]
        if not fresh:
            deck.extend(pool)
            fresh = [i for i, item in enumerate(deck) if item not in excluded_items] or list(range(len(deck)))
        return deck.pop(fresh[self.index(len(fresh))])


def build(prose: Json, seed: int = SEED) -> Json:
    """Return the archive as a world document.

    Args:
        prose: What ``archive.prose.toml`` says.
        seed: Which of the archives it could be.
    """
    draw = Draw(seed)
    rooms = {room["id"]: room for room in prose["room"]}
    events = [
        *passages(prose, rooms, draw),
        *(move(m, draw, prose["pools"]) for m in prose["move"]),
        *(act(a) for a in prose["act"]),
        *(console(t) for t in prose["terminal"]),
    ]
    events = in_order(events, rooms)
    hotkeys(events)
    world = prose["world"]
    states = {id: state(room, draw, prose["pools"]) for id, room in rooms.items()}
    for body in states.values():  # a hosted player sends the base, and neither of the other two
        body["base"] = f"{world['subject']} {body['base']} {world['styleTail']}"
    return {
        "schemaVersion": "1.0",
        **{key: world[key] for key in ("id", "name", "description")},
        "entrance": {"state": next(iter(rooms))},
        "scene": {"states": states, "events": events},
        **{key: world[key] for key in ("subject", "styleTail")},
        "story": prose["story"],
    }


def state(room: Json, draw: Draw, pools: Json) -> Json:
    """Return a room as a state: its own words, and a framing, a gait and small motions from the pools."""
    body: Json = {"base": room["base"]}
    if "ending" in room:
        return body | {"camera": room["camera"], "ending": room["ending"], "arriveLabel": room["label"]}
    gait, wing = room.get("gait", "walk"), room["wing"]
    body["camera"] = draw.of("camera", pools["camera"])
    body["movement"] = draw.of(f"movement {gait}", pools["movement"][gait])
    pool = pools["ambient"][wing]
    body["ambient"] = room.get("ambient") or [draw.of(f"ambient {wing}", pool) for _ in range(2)]
    if "narration" in room:
        body["narration"] = room["narration"]
    body["arriveLabel"] = room["label"]
    return body


def passages(prose: Json, rooms: Json, draw: Draw) -> Iterator[Json]:
    """Yield two transitions for every passage; only the way there can be locked."""
    names: set[str] = set()
    texts_by_room: dict[str, list[Json]] = {room: [] for room in rooms}
    for passage in prose["passage"]:
        a, b, way = passage["a"], passage["b"], passage["way"]
        back = prose["ways"][way]["back"]
        for first, second, by, words in ((a, b, way, passage.get("there")), (b, a, back, passage.get("back"))):
            # two doors of one room should not sound alike
            texts_nearby = texts_by_room[first] + texts_by_room[second]
            wording = words or draw.of(f"through {by}", prose["through"].get(by, ()), texts_nearby)
            texts_by_room[first].append(wording)
            texts_by_room[second].append(wording)
            name = wording.get("name") or free_name(prose["ways"][by]["verbs"], rooms[second]["called"], draw, names)
            event = transition(name, first, rooms[second], wording, draw, prose["pools"])
            if "needs" in passage and first == a:
                event |= {"requires": passage["needs"], "lockedHint": passage["hint"]}
            yield event


def transition(name: str, source: str, target: Json, wording: Json, draw: Draw, pools: Json) -> Json:
    """Return the move into a room: the sentence that opens the way, then one that brings the room into view."""
    return {
        "name": name,
        "kind": "transition",
        "from": [source],
        "to": target["id"],
        "base": f"{wording['text']} {draw.of('arrive ' + target['id'], target['arrive'])}",
        "camera": draw.of("event camera", pools["eventCamera"]),
        "anchor": anchor(wording["label"]),
        "minPlayMs": draw.between(1500, 4000, 500),
    }


def free_name(verbs: list[str], title: str, draw: Draw, used_names: set[str]) -> str:
    """Return a free name such as ``climb_to_the_iron_bridge``."""
    first = draw.index(len(verbs))
    turns = (verbs[(first + i) % len(verbs)] for i in range(len(verbs)))
    name = next(name for verb in turns if (name := f"{verb}_{title}") not in used_names)
    used_names.add(name)
    return name


def move(spec: Json, draw: Draw, pools: Json) -> Json:
    """Return a one-way transition, hidden and timed when the spec says after how long."""
    event: Json = {"name": spec["name"], "kind": "transition", "from": spec["from"], "to": spec["to"]}
    if "phases" in spec:
        event["phases"] = spec["phases"]
    else:
        event |= {"base": spec["base"], "camera": draw.of("event camera", pools["eventCamera"])}
    if "narration" in spec:
        event["narration"] = spec["narration"]
    if "after" in spec:
        event |= {"hidden": True, "autoAfterMs": spec["after"]}
    else:
        event["anchor"] = anchor(spec["label"])
    if "needs" in spec:
        event |= {"requires": spec["needs"], "lockedHint": spec["hint"]}
    return event | {"minPlayMs": draw.between(2000, 4000, 500)}


def act(spec: Json) -> Json:
    """Return an override; one that grants a flag happens once."""
    event: Json = {"name": spec["name"], "kind": "override", "from": spec["from"], "base": spec["base"]}
    if "narration" in spec:
        event["narration"] = spec["narration"]
    if "grants" in spec:
        event |= {"oneShot": True, "grants": [spec["grants"]]}
    if "needs" in spec:
        event |= {"requires": spec["needs"], "lockedHint": spec["hint"]}
    return event | {"anchor": anchor(spec["label"])}


def console(spec: Json) -> Json:
    """Return a terminal event."""
    return {
        "name": spec["name"],
        "kind": "terminal",
        "from": spec["from"],
        "narration": spec["narration"],
        "anchor": anchor(spec["label"]),
        "terminal": {key: spec[key] for key in ("persona", "greeting", "facts")},
    }


def anchor(label: str) -> Json:
    return {"label": label, "minProximity": 0.12}


def in_order(events: list[Json], rooms: Json) -> list[Json]:
    """Return the events in the order of the rooms; in a room, what is done there comes before the ways out."""
    place = {room: i for i, room in enumerate(rooms)}
    return sorted(events, key=lambda e: (place[e["from"][0]], e["kind"] == "transition"))


def hotkeys(events: list[Json]) -> None:
    """Give every visible event a key that is its own wherever it is offered, from its name where possible."""
    keys_by_room: dict[str, set[str]] = {}
    for event in events:
        if event.get("hidden"):
            continue
        used_keys = RESERVED_KEYS.union(*(keys_by_room.get(room, ()) for room in event["from"]))
        letters = event["name"].split("_the_")[-1] + event["name"]
        key = next(c for c in letters + "bcefghijklmnopqrtuvxyz" if c.isalpha() and c not in used_keys)
        event["hotkey"] = key
        for room in event["from"]:
            keys_by_room.setdefault(room, set()).add(key)


def text() -> str:
    """Return the bytes of ``archive.world.json`` as text."""
    prose = tomllib.loads((SAMPLE_FOLDER / "archive.prose.toml").read_text(encoding="utf-8"))
    return json.dumps(build(prose), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    (SAMPLE_FOLDER / "archive.world.json").write_text(text(), encoding="utf-8", newline="\n")
