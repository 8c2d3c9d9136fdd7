"""Twenty properties of one large world: processor time after loading; prints JSON, and a table on standard error.

python bench/properties.py [--rounds 5] [--states 1000 --events 5000 --flags 20] [--spin]

``--spin`` asks Spin the same of 200 states, 800 events and 16 flags, where it is installed: one safety property, the
whole search, compiling left out.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import worldkit as wk
from shapes import shape
from worldkit.exploration.transition_system import build_system

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
    together = []
    for _ in range(rounds):
        begin = time.process_time()
        results = wk.check(world, statements)
        together.append((time.process_time() - begin) * 1000)
    alone = {}
    for statement in statements:
        begin = time.process_time()
        wk.check(world, statement)
        alone[statement] = round((time.process_time() - begin) * 1000, 1)
    outcomes = [result.outcome for result in results]
    return {
        "ms": round(statistics.median(together), 1),
        "outcomes": {outcome: outcomes.count(outcome) for outcome in dict.fromkeys(outcomes)},
        "alone": alone,
    }


def promela(world: wk.World, bad: int) -> str:
    """Return a world as a model for Spin, with the claim that a state is never reached; one step for each event."""
    system = build_system(world)
    lines = [f"int s = {system.start};", f"int m = {system.mask};", "active proctype play() {", "do"]
    for state, moves in enumerate(system.out):
        for move in moves:
            guard = f"s == {state} && (m & {move.requires}) == {move.requires} && (m & {move.forbids}) == 0"
            lines.append(f":: d_step {{ {guard} -> s = {move.target}; m = m | {move.sets}; assert(s != {bad}) }}")
    return "\n".join([*lines, ":: else -> break", "od }"])


def spin(world: wk.World, unreached: int) -> float | None:
    """Return the processor seconds of Spin's search for a state, compiling left out; None when it is not installed."""
    if shutil.which("spin") is None or shutil.which("gcc") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "world.pml").write_text(promela(world, unreached))
        subprocess.run(["spin", "-a", "world.pml"], cwd=folder, check=True, capture_output=True)
        compile_ = ["gcc", "-O2", "-DSAFETY", "-DMEMLIM=4096", "-o", "pan", "pan.c"]
        subprocess.run(compile_, cwd=folder, check=True, capture_output=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["./pan", "-m10000000", "-w24"], cwd=folder, check=True, capture_output=True, timeout=300)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
    print(f"{report['world']}: {len(statements)} properties in {report['ms']} ms {report['outcomes']}", file=sys.stderr)
    for statement, ms in sorted(report["alone"].items(), key=lambda item: -item[1]):
        print(f"  {ms:8.1f} ms  {statement}", file=sys.stderr)
    if options.spin:
        small = wk.load(shape("hub", 200, 800, 16))
        small = small.apply([{"op": "add_state", "id": "nowhere", "base": "x"}])
        wk.check(small, "never state nowhere")
        begin = time.process_time()
        assert wk.check(small, "never state nowhere").passed
        ours = time.process_time() - begin
        theirs = spin(small, list(small.states).index("nowhere"))
        report["spin"] = None if theirs is None else {"seconds": theirs, "ours": ours, "ratio": theirs / ours}
        print(f"never reached, hub 200/800/16: ours {ours * 1000:.1f} ms; Spin {theirs} s", file=sys.stderr)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
