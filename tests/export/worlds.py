"""Worlds for the tests of pictures and graphs."""

from __future__ import annotations

import random
from typing import Any

from worldkit import World

Json = dict[str, Any]


def move(name: str, source: str | list[str], to: str, **fields: Any) -> Json:
    return {
        "name": name,
        "kind": "transition",
        "from": [source] if isinstance(source, str) else source,
        "to": to,
        **fields,
    }


def world(ids: list[str] | Json, events: list[Json] = [], **fields: Any) -> World:  # noqa: B006
    states = ids if isinstance(ids, dict) else {id: {"base": f"The {id}."} for id in ids}
    return World.from_dict({"scene": {"states": states, "events": events}, **fields})


def chain(count: int) -> World:
    ids = [f"s{at}" for at in range(count)]
    return world(ids, [move(f"e{at}", ids[at], ids[at + 1]) for at in range(count - 1)])


def tangle(states: int, events: int, seed: int = 0) -> World:
    pick = random.Random(seed)
    ids = [f"s{at}" for at in range(states)]
    return world(ids, [move(f"e{at}", ids[at % states], pick.choice(ids)) for at in range(events)])


HOSTILE = (
    '"><script>alert(1)</script>',
    "'onload='alert(1)",
    "]]></style><svg onload=alert(1)>",
    "a\u202eb\u0000c\u0007d\u001b[31m",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; {{x}}",
    "👩‍👩‍👧‍👦 🇩🇪 é e\u0301\u0301",
    "line\nbreak\ttab",
    "x" * 500,
)
"""Texts that break out of what they are put into, where that is careless."""


def hostile() -> World:
    """Return a world with such a text in every place that shows one."""
    ids = list(HOSTILE)
    states = {
        id: {"base": id, "ending": {"kind": "win", "title": id}, "variants": [{"label": id, "base": id}]} for id in ids
    }
    events = [move(id, id, ids[(at + 1) % len(ids)], requires=[id], grants=[id]) for at, id in enumerate(ids)]
    events += [{"name": f"{id}o", "kind": "override", "from": [id]} for id in ids]
    cuts = [{"id": f"{id}!", "video": id, "from": ids[0], "to": id} for id in ids]
    events += [move(f"{id}c", ids[0], f"{id}!") for id in ids]
    return world(states, events, name=ids[0], description=ids[2], cutscenes=cuts, entrance={"state": ids[0]})


def rooms(count: int, seed: int) -> World:
    """Return a map of rooms: most of it a tree with ways back, and some shortcuts."""
    pick = random.Random(seed)
    ids = [f"s{at}" for at in range(count)]
    pairs = []
    for at in range(1, count):
        parent = max(0, at - 1 - int(pick.expovariate(0.25)))
        pairs += [(parent, at), (at, parent)] if pick.random() < 0.7 else [(parent, at)]
    pairs += [(at, min(count - 1, at + pick.randrange(1, 9))) for at in pick.sample(range(count - 1), count // 6)]
    return world(ids, [move(f"e{at}", ids[a], ids[b]) for at, (a, b) in enumerate(pairs)])
