"""Exhaustive play of random worlds against the packed walk: nothing may take longer than a careful programmer's loop.

python bench/explore.py [--worlds 120] [--limit 3] [--spin 10] [--out FILE.json] [--picture FILE.png]
python bench/explore.py --draw FILE.json --picture FILE.png

Every world is explored by us with numba and without, and by ``peers/packed.py``; all times are processor time in one
process, compiled code loaded beforehand. What all have decided must be the same. ``--spin 10`` asks Spin of every tenth
world too, where it is installed: it counts positions and no soft-locks, and compiling its program is left out.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import worldkit as wk
from peers import ask, game, packed
from peers.limits import TimeUp, within
from shapes import KINDS, shape
from worldkit.exploration import Budget, compiled_search
from worldkit.exploration.engine import solve
from worldkit.exploration.transition_system import TransitionSystem, build_system

Json = dict[str, Any]
LONG_BUDGET = Budget(seconds=3600.0)
ALLOWED_EXTRA_SECONDS = 0.05
"""Seconds of processor time that we may take longer than the packed walk."""

ROWS: list[tuple[Any, ...]] = [
    ("random", 40, 140, 20, 0, 0),
    ("random", 40, 160, 24, 0, 0),
    ("random", 60, 220, 22, 0, 3),
    ("random", 60, 220, 22, 0, 1),
    ("random", 100, 300, 30, 0, 2),
    ("tangled", 40, 140, 20),
]
"""Tangled worlds of middle size, for the table; programs in C take part here."""

PROGRAMS = ("C walk", "Spin")


def random_world(states: int, events: int, flags: int, one_shots: int, seed: int) -> Json:
    """Return a world without any plan: moves between any two states, gated and granting at random."""
    rng = random.Random(f"{states} {events} {flags} {one_shots} {seed}")
    keys = [f"flag_{i}" for i in range(flags)]
    bodies: Json = {f"place_{i}": {"base": "A place."} for i in range(states)}
    for i in rng.sample(range(states // 2, states), 2):
        bodies[f"place_{i}"]["ending"] = {"kind": "win", "title": "The end"}
    moves: list[Json] = []
    for i in range(events):
        source = rng.randrange(min(states, 1 + i // 2)) if i < states else rng.randrange(states)
        move: Json = {
            "name": f"move_{i}",
            "kind": "transition",
            "from": [f"place_{source}"],
            "to": f"place_{rng.randrange(states)}",
        }
        if i >= 6 and rng.random() < 0.6:
            move["requires"] = rng.sample(keys, rng.choice([1, 1, 2]))
        if rng.random() < 0.35:
            move["grants"] = rng.sample(keys, rng.choice([1, 1, 2]))
        moves.append(move)
    for move in rng.sample(moves, min(one_shots, len(moves))):
        move["oneShot"] = True
    return {
        "schemaVersion": "1.0",
        "name": "random",
        "entrance": {"state": "place_0"},
        "scene": {"states": bodies, "events": moves},
    }


def document(kind: str, *arguments: int) -> Json:
    """Return a world of a kind; ``random`` or one of ``shapes``."""
    if kind == "random":
        states, events, flags, one_shots, seed = arguments
        return random_world(states, events, flags, one_shots, seed)
    return shape(kind, *arguments)


def arguments_of(number: int) -> tuple[Any, ...]:
    """Return what the n-th random world is made of: 20 to 300 states, 10 to 60 flags, sparse to dense.

    From 1,000 on they have 10 to 18 flags and more events, so that the packed walk is done with most of them; from
    2,000 on 64 to 100 flags, more than one integer of the machine holds.
    """
    rng = random.Random(number)
    if number >= 2000:
        states, flags = round(20 * 6 ** rng.random()), rng.randint(64, 100)
        kind, least, most = rng.choice([("random", 2.6, 4.0), ("tangled", 1.3, 1.7), ("hub", 1.6, 1.9)])
        events = max(flags, round(states * rng.uniform(least, most)))
        return kind, states, events, flags, rng.choice([0, 0, 3]), number
    if number >= 1000:
        states = round(20 * 6 ** rng.random())
        events = round(states * rng.uniform(2.5, 4.5))
        return (
            rng.choice(["tangled", "random", "hub"]),
            states,
            events,
            rng.randint(10, 18),
            rng.choice([0, 0, 3]),
            number,
        )
    kind = rng.choice([*KINDS, "tangled", "random", "random"])
    states = round(20 * 15 ** rng.random())
    flags = round(10 * 6 ** rng.random())
    events = round(states * rng.uniform(1.3, 4.5))
    return kind, states, events, flags, rng.choice([0, 0, 0, 2, 6]), number


def time_call(call: Callable[[], Any], limit: float) -> tuple[float, Any]:
    """Return the processor time of a call and what it returned: None when it took longer than the limit."""
    gc.collect()
    start_time = time.process_time()
    try:
        with within(limit):
            result = call()
    except TimeUp:
        result = None
    return time.process_time() - start_time, result


def without_numba(system: TransitionSystem) -> Any:
    """Return the answer of the engines that need nothing but Python."""
    find_spec = compiled_search.find_spec
    compiled_search.find_spec = lambda name: None  # type: ignore[assignment]
    try:
        return solve(system, LONG_BUDGET)
    finally:
        compiled_search.find_spec = find_spec


def compare(arguments: tuple[Any, ...], limit: float) -> Json:
    """Return the times on one world, and stop when two disagree."""
    world_json = document(*arguments)
    world = wk.load(world_json)
    system = build_system(world)  # kept with the world: as for the walk, reading the world is left out
    packed_game = game(world_json, system.one_shots)
    packed_seconds, packed_answer = time_call(lambda: packed.run(packed_game), limit)
    row: Json = {"world": list(arguments), "packed": packed_seconds if packed_answer else None}
    for name, call in (
        ("numba", lambda: solve(build_system(world), LONG_BUDGET)),
        ("plain", lambda: without_numba(system)),
    ):
        if packed_answer is None and name == "plain" and row["numba"] is None:
            row[name] = None  # nobody decides it
            continue
        seconds, answer = time_call(call, 2 * limit if packed_answer else limit)
        row[name] = seconds if answer is not None and answer.classes is not None else None
        if answer is not None and answer.classes is not None:
            row[f"{name} engine"], row["classes"] = answer.engine, answer.classes
            if packed_answer is not None and (packed_answer.positions, packed_answer.stuck) != (
                answer.classes,
                answer.stuck_classes,
            ):
                raise SystemExit(f"{arguments}: {name} does not agree with the packed walk; no time means anything now")
    return row


def late(rows: list[Json]) -> list[Json]:
    """Return the worlds on which we took longer than the packed walk and the constant."""
    return [
        row
        for row in rows
        for name in ("numba", "plain")
        if row["packed"] is not None and (row[name] is None or row[name] > row["packed"] + ALLOWED_EXTRA_SECONDS)
    ]


def draw(rows: list[Json], limit: float, path: Path) -> None:
    """Draw our time against the packed walk's, both axes logarithmic, as FILE-light.png and FILE-dark.png."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    from PIL import Image

    themes = {
        "light": ("white", "0.15", "0.92", "#0072b2", "#d55e00", "#555555"),
        "dark": ("#111111", "0.85", "0.2", "#56b4e9", "#e69f00", "#bbbbbb"),
    }
    floor = 1e-3
    line = [floor * 10 ** (i / 40) for i in range(int(40 * math.log10(2 * limit / floor)) + 1)]
    for theme, (ground, ink, shade, plain, numba, spin) in themes.items():
        edges = ("axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "text.color")
        with mpl.rc_context(dict.fromkeys(edges, ink) | {"axes.facecolor": ground, "figure.facecolor": ground}):
            figure, axes = plt.subplots(figsize=(7.2, 5.2), dpi=100)
            axes.plot(
                line,
                [seconds + ALLOWED_EXTRA_SECONDS for seconds in line],
                color=ink,
                lw=1.2,
                label="packed walk + 50 ms",
            )
            axes.fill_between(line, [seconds + ALLOWED_EXTRA_SECONDS for seconds in line], 4 * limit, color=shade, lw=0)
            for name, label, colour, marker in (
                ("plain", "worldkit, Python alone", plain, "o"),
                ("numba", "worldkit with numba", numba, "^"),
                ("Spin", "Spin (a sample, no soft-locks)", spin, "x"),
            ):
                points = [
                    (max(floor, row["packed"] or limit), max(floor, row[name]))
                    for row in rows
                    if row.get(name) is not None
                ]
                if points:
                    style = {"s": 22, "color": colour, "marker": marker, "alpha": 0.8, "label": label}
                    style["lw"] = 1 if marker == "x" else 0
                    axes.scatter(*zip(*points, strict=True), **style)
            axes.axvline(limit, color=ink, lw=0.8, ls=":")
            axes.text(limit * 0.95, floor * 1.2, "packed walk not done", rotation=90, ha="right", fontsize=6.5)
            axes.set(xscale="log", yscale="log", xlim=(floor * 0.8, limit * 1.5), ylim=(floor * 0.8, 2.5 * limit))
            axes.set_xlabel("packed breadth-first walk in Python, seconds of processor time")
            axes.set_ylabel("worldkit (or Spin), seconds of processor time")
            axes.legend(loc="upper left", frameon=False, fontsize=9)
            axes.set_title(f"{len(rows)} random worlds, every position and soft-lock", fontsize=11)
            figure.tight_layout()
            file = path.with_name(f"{path.stem}-{theme}.png")
            figure.savefig(file)
            Image.open(file).convert("RGB").quantize(48).save(file, optimize=True)
            plt.close(figure)


def report(rows: list[Json]) -> str:
    """Return the rows as a table of Markdown."""
    programs = [name for name in PROGRAMS if any(name in row for row in rows)]
    columns = ["world", "classes", "packed", "with numba", "Python alone", *programs]
    lines = [f"| {' | '.join(columns)} |", "| --- " * len(columns) + "|"]
    for row in rows:
        cells = [
            "not done" if row[name] is None else f"{row[name]:.3f} s {row.get(name + ' engine', '')}".rstrip()
            for name in ("packed", "numba", "plain", *programs)
        ]
        lines.append(f"| {' '.join(map(str, row['world']))} | {row.get('classes', 0):,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=120)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--limit", type=float, default=3.0, help="seconds of processor time for the packed walk")
    parser.add_argument("--rows", action="store_true", help="the named tangled worlds instead")
    parser.add_argument("--spin", type=int, default=0, help="ask Spin of every so many-th world")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--draw", type=Path, help="draw what was measured before")
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    if options.draw:
        rows = [json.loads(line) for line in options.draw.read_text().splitlines()]
    else:
        solve(build_system(wk.load(shape("tangled", 14, 50, 6))), LONG_BUDGET, engine="compiled")
        rows = []
        worlds = ROWS if options.rows else [arguments_of(options.first + n) for n in range(options.worlds)]
        for arguments in worlds:
            rows.append(compare(arguments, options.limit))
            is_sample = options.spin and len(rows) % options.spin == 1 % options.spin
            for name in PROGRAMS if options.rows else PROGRAMS[1:] if is_sample else ():
                world_json = document(*arguments)
                outcome = ask(
                    name, game(world_json, build_system(wk.load(world_json)).one_shots), options.limit, 4 << 30
                )
                rows[-1][name] = outcome.seconds if outcome.answer else None
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
            if options.out:
                with options.out.open("a") as file:
                    file.write(json.dumps(rows[-1]) + "\n")
    print(report(late(rows) if not options.rows else rows))
    print(f"{len(late(rows))} of {len(rows)} worlds above the line")
    if options.picture:
        draw(rows, options.limit, options.picture)


if __name__ == "__main__":
    main()
