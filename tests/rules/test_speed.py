"""Says how long lint takes on a large world (``pytest -s``); claims nothing about the machine it runs on."""

from __future__ import annotations

import random
import sys
import time
from typing import Any

from worldkit import World
from worldkit.ruleset import lint

WORDS = (
    "a the stone lane runs between dry walls under low cloud and rain beads on iron gate lamp beside it attic smells "
    "of cedar dust turns in one bar sun north wind now snow known window shadow narrow another noise slow glow into "
    "across through over white light gold evening keeper holds brass key against pale glass while waves break below "
    "blue gunmetal skilled children king knot notice noon wooden"
)


def _large(states: int = 1000, events: int = 5000, prose: int = 250) -> dict[str, Any]:
    draw = random.Random(1)
    words = WORDS.split()

    def text() -> str:
        return " ".join(draw.choices(words, k=prose // 5))

    ids = [f"place_{n}" for n in range(states)]
    all_events = []
    for n in range(events):
        moves = n < states or draw.random() < 0.66
        all_events.append(
            {
                "name": f"event_{n}",
                "kind": "transition" if moves else "override",
                "from": [ids[n % (states - 2)]],
                **({"to": ids[(n + 1) % states]} if moves else {}),
                "base": text(),
                "grants": [f"flag_{n % 40}"],
                **({"requires": [f"flag_{draw.randrange(40)}"]} if draw.random() < 0.2 else {}),
                **({"anchor": {"label": "gate", "minProximity": 0.2}} if draw.random() < 0.1 else {}),
                **({"phases": [{"base": "In.", "camera": "Low."}] * 2} if draw.random() < 0.1 else {}),
            }
        )
    places: dict[str, Any] = {
        id: {"base": text(), "camera": {"static": "Held.", "dynamic": "Tracking."}, "ambient": ["Dust turns."]}
        for id in ids
    }
    for id, kind in zip(ids[-2:], ("lose", "win"), strict=True):
        places[id]["ending"] = {"kind": kind, "title": kind}
    return {"entrance": {"state": ids[0]}, "scene": {"states": places, "events": all_events}}


def test_lint_of_a_large_clean_world_finds_nothing_and_one_word_in_it() -> None:
    document = _large()
    world = World.from_dict(document)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        diagnostics = lint(world)
        times.append(time.perf_counter() - began)
    sys.stdout.write(f"\nlint of 1,000 states and 5,000 events: {min(times) * 1e3:.1f} ms\n")
    assert {d.lint for d in diagnostics} <= {"unreachable-state"}
    document["scene"]["events"][4321]["base"] += " and nothing"
    (spoilt,) = [d for d in lint(World.from_dict(document)) if d.lint == "negation"]
    assert spoilt.item.id == "event_4321"
