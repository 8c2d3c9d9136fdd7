"""Exploring after an edit beside exploring everything again: the processor time of both, one edit after another.

python bench/edits.py [--edits 30] [--out FILE.json]

Each world is edited as an author would: one event is added, removed, led elsewhere, or its flags are changed; or a
state is added with a way to it. After every edit the world is explored with what is known from before, and everything
again by the same engines. What both say must be the same.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parent))

import worldkit as wk
from explore import ENDLESS, document
from shapes import shape
from worldkit.exploration import reuse
from worldkit.exploration.engine import solve
from worldkit.exploration.portfolio import Portfolio
from worldkit.exploration.transition_system import build_system
from worlds import world

Json = dict[str, Any]

WORLDS: list[tuple[Any, ...]] = [
    ("plain", 1000, 5000, 20),
    ("plain", 2000, 5000, 30),
    ("plain", 10_000, 20_000, 20),
    ("chapters", 300, 900, 30),
    ("chapters", 1000, 3000, 30),
    ("hub", 500, 1200, 16),
    ("random", 60, 220, 22, 0, 3),
    ("random", 100, 300, 30, 0, 2),
    ("tangled", 40, 140, 20),
]

EDITS = ("add an event", "add a scene", "remove an event", "lead elsewhere", "change requires", "change grants")


def edited(document: Json, rng: random.Random, number: int) -> Json:
    """Return a document after one edit."""
    states, events = dict(document["scene"]["states"]), [dict(event) for event in document["scene"]["events"]]
    event = rng.choice([event for event in events if "to" in event])
    open_states = [name for name, state in states.items() if "ending" not in state]
    flags = sorted({flag for event in events for key in ("requires", "grants") for flag in event.get(key, ())})
    edit = rng.choice(EDITS)
    if edit == "add an event":
        source, target = rng.sample(open_states, 2)
        new_event = {"name": f"new_{number}", "kind": "transition", "from": [source], "to": target}
        events.append({**new_event, "requires": rng.sample(flags, 1)} if rng.random() < 0.5 else new_event)
    elif edit == "add a scene":
        states[f"new_{number}"] = {"base": "A place."}
        source = rng.choice(open_states)
        events.append({"name": f"to_{number}", "kind": "transition", "from": [source], "to": f"new_{number}"})
        events.append({"name": f"back_{number}", "kind": "transition", "from": [f"new_{number}"], "to": source})
    elif edit == "remove an event":
        events.remove(event)
    elif edit == "lead elsewhere":
        event["to"] = rng.choice(list(states))
    elif event.pop("requires" if edit == "change requires" else "grants", None) is None:
        event["requires" if edit == "change requires" else "grants"] = rng.sample(flags, 1)
    return {**document, "scene": {**document["scene"], "states": states, "events": events}}


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the processor time of a call, in seconds, and its result."""
    started = time.thread_time()
    result = call()
    return time.thread_time() - started, result


def compare(arguments: tuple[Any, ...], edits: int) -> Json:
    """Return the figures of one world."""
    rng = random.Random(str(arguments))
    current = world(*arguments[1:]) if arguments[0] == "plain" else document(*arguments)
    reuse.forget()
    solve(build_system(wk.load(current)), ENDLESS)
    whole, after_edit, ratios, kinds = [], [], [], {"kept": 0, "searched again": 0}
    for number in range(edits):
        current = edited(current, rng, number)
        system = build_system(wk.load(current))
        with patch.object(Portfolio, "run", autospec=True, side_effect=Portfolio.run) as run:
            seconds, answer = timed(lambda system=system: solve(system, ENDLESS, reuse=True))
        kinds["searched again" if run.called else "kept"] += 1
        with patch.object(reuse, "keep"):
            whole_seconds, fresh_answer = timed(lambda system=system: solve(system, ENDLESS))
        for fact in ("reached", "fired", "classes", "stuck_classes", "stuck", "idle"):
            if getattr(answer, fact) != getattr(fresh_answer, fact):
                raise AssertionError(f"{arguments}, edit {number}: {fact} differs")
        after_edit.append(seconds)
        whole.append(whole_seconds)
        ratios.append(seconds / whole_seconds)
    return {
        "world": arguments,
        "engine": fresh_answer.engine,
        "edits": edits,
        **kinds,
        "after edits": sum(after_edit),
        "whole": sum(whole),
        "ratio": statistics.median(ratios),
        "worst": max(seconds - whole for seconds, whole in zip(after_edit, whole, strict=True)),
    }


def report(rows: list[Json]) -> str:
    """Return the rows as a table of Markdown."""
    columns = [
        "world",
        "engine",
        "not searched again",
        "all edits",
        "everything again",
        "median ratio",
        "at worst longer by",
    ]
    lines = [f"| {' | '.join(columns)} |", "| --- " * len(columns) + "|"]
    for row in rows:
        cells = [" ".join(map(str, row["world"])), row["engine"], f"{row['kept']} of {row['edits']}"]
        cells += [
            f"{row['after edits']:.2f} s",
            f"{row['whole']:.2f} s",
            f"{row['ratio']:.2f}",
            f"{1000 * row['worst']:.0f} ms",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=30)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    solve(build_system(wk.load(shape("tangled", 14, 50, 6))), ENDLESS, engine="compiled")
    rows = []
    for arguments in WORLDS:
        rows.append(compare(arguments, options.edits))
        print(report(rows[-1:]), flush=True)
    if options.out:
        options.out.write_text(json.dumps(rows, indent=1))
    print(report(rows))


if __name__ == "__main__":
    main()
