"""Twenty properties of one large world: processor time after loading; prints JSON, and a table on standard error.

python bench/properties.py [--rounds 5] [--states 1000 --events 5000 --flags 20] [--spin]

The world is explored once before; the other figure has that in it. ``--spin`` has Spin beside, where it is installed:
one property that holds on 200 states, 800 events and 16 flags.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import worldkit as wk
from peers import ask, game
from shapes import shape
from worldkit.exploration import reuse
from worldkit.exploration.transition_system import build_system
from worldkit.properties.statements import Before

Json = dict[str, Any]


def twenty(world: wk.World, seed: int = 1) -> list[str]:
    """Return twenty properties of a world, of every form but the ones that count steps from a moment on."""
    rng = random.Random(seed)
    ends = [id for id, state in world.states.items() if state.ending]
    places = rng.sample([id for id in world.states if id not in ends], 12)
    flags = rng.sample(sorted({flag for event in world.events for flag in event.grants or ()}), 8)
    return [
        "always possible: ending",
        f'always possible: state "{places[0]}"',
        *(f'possible: state "{end}"' for end in ends[:3]),
        *(f'possible: state "{place}" and holding "{flag}"' for place, flag in zip(places[1:4], flags, strict=False)),
        *(f'holding "{flag}" before state "{place}"' for place, flag in zip(places[4:7], flags[3:], strict=False)),
        f'never state "{places[7]}" while holding "{flags[0]}" and not holding "{flags[1]}"',
        f'never state "{places[8]}" while holding "{flags[6]}"',
        "no ending within 2 steps",
        "no ending within 3 steps",
        f'after state "{places[9]}", state "{places[10]}" cannot be reached',
        f'after holding "{flags[7]}", state "{places[11]}" cannot be reached',
        f'not holding "{flags[5]}" until state "{places[3]}"',
        f'at most 2 of {{holding "{flags[1]}", holding "{flags[2]}", holding "{flags[4]}"}}',
        "anything leads to ending",
    ]


def measure(world: wk.World, statements: list[str], rounds: int) -> Json:
    """Return the processor time of checking properties together, and of each alone."""
    wk.check(world, statements[0])  # compiles the world's table
    together: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(rounds):
        for is_explored in (False, True):
            if not is_explored:
                reuse.forget()
            begin = time.process_time()
            results = wk.check(world, statements)
            together[is_explored].append((time.process_time() - begin) * 1000)
    alone = {}
    for statement in statements:
        begin = time.process_time()
        wk.check(world, statement)
        alone[statement] = round((time.process_time() - begin) * 1000, 1)
    outcomes = [result.outcome for result in results]
    return {
        "ms": round(statistics.median(together[True]), 1),
        "least ms": round(min(together[True]), 1),
        "ms with exploring": round(statistics.median(together[False]), 1),
        "outcomes": {outcome: outcomes.count(outcome) for outcome in dict.fromkeys(outcomes)},
        "alone": alone,
    }


def beside_spin(limit: float) -> Json | None:
    """Return our time for a property that holds and Spin's for a search of all positions; None where it is missing.

    Spin's claims are about single runs, and one that holds takes it that search, whatever it says. So it is the same
    search as in ``peers/spin.py``, over tables in C; generating and compiling are left out.
    """
    world_json = shape("hub", 200, 800, 16)
    world = wk.load(world_json)
    property_ = next(one for one in wk.suggest_properties(world).values() if isinstance(one, Before))
    reuse.forget()
    begin = time.process_time()
    assert wk.check(world, property_).passed
    ours = time.process_time() - begin
    outcome = ask("Spin", game(world_json, build_system(world).one_shots), limit, 4 << 30)
    if outcome.answer is None:
        return None
    return {"property": property_.text, "ours": ours, "seconds": outcome.seconds, "ratio": outcome.seconds / ours}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("rounds", 5), ("states", 1000), ("events", 5000), ("flags", 20)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--spin", action="store_true")
    options = parser.parse_args()
    world = wk.load(shape("hub", options.states, options.events, options.flags))
    statements = twenty(world)
    report = {
        "world": f"hub {options.states}/{options.events}/{options.flags}",
        **measure(world, statements, options.rounds),
    }
    print(
        f"{report['world']}: {len(statements)} properties in {report['ms']} ms (least {report['least ms']}), "
        f"{report['ms with exploring']} ms with exploring; {report['outcomes']}",
        file=sys.stderr,
    )
    for statement, ms in sorted(report["alone"].items(), key=lambda item: -item[1]):
        print(f"  {ms:8.1f} ms  {statement}", file=sys.stderr)
    if options.spin:
        report["spin"] = beside = beside_spin(300)
        if beside is not None:
            print(
                f"{beside['property']}, hub 200/800/16: ours {beside['ours'] * 1000:.1f} ms with exploring; "
                f"Spin {beside['seconds']:.1f} s, {beside['ratio']:,.0f}x",
                file=sys.stderr,
            )
    print(json.dumps(report))


if __name__ == "__main__":
    main()
