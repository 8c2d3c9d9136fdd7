"""The graph editor in a real Chromium, with its peers in the same run; prints JSON, and a table on standard error.

python bench/editor.py [--states 100 1000 10000] [--peers ...] [--rounds 3] [--limit 60]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from peers.limits import Absent
from screen.chromium import open_browser
from screen.contenders import STATIC, Editor, Peer, build_peers
from screen.figures import ratio, weights
from screen.kernel import Kernel, annotations_for, time_kernel
from screen.measure import measure
from worlds import world

Json = dict[str, Any]

STATES = (100, 1000, 10_000)
EVENTS_PER_STATE = 2
"""Events a state."""

FLAG_COUNT = 20

PEERS = {
    "React Flow": ("flow", ""),
    "React Flow, only what is visible": ("flow", "?culled"),
    "Cytoscape.js": ("cytoscape", ""),
}
"""The peers: their page, and what it is told."""

OURS = "worldkit"


def compare_editors(states: int, peers: list[str], rounds: int, limit: float) -> Json:
    """Return the figures of one size: the kernel's, the editor's, and the peers'."""
    document = world(states, EVENTS_PER_STATE * states, FLAG_COUNT)
    annotations = annotations_for(document)
    report: Json = {
        "states": states,
        "events": EVENTS_PER_STATE * states,
        "kernel": time_kernel(document, annotations, rounds),
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.world.json"
        file.write_text(json.dumps(document))
        with Kernel(file, annotations) as kernel:
            seed = json.loads(kernel.seed)
            report[OURS] = measure(Editor(kernel), rounds, limit)
    if "why" in report[OURS]:
        raise SystemExit(f"{states} states: {report[OURS]['why']}")
    report["peers"] = {}
    for name in peers:
        script, query = PEERS[name]
        say(f"  {states:,} states: {name}")
        row = measure(Peer(script, seed), rounds, limit, query)
        report["peers"][name] = row | {"ratios": ratios(report[OURS], row)}
    return report


def ratios(ours: Json, theirs: Json) -> Json:
    """Return how many times ours a peer's figures are, for those that both have."""
    result = {}
    for what, path in FIGURES.items():
        a, b = _at(ours, path), _at(theirs, path)
        if a is not None and b is not None:
            result[what] = ratio(b, a)
    return result


FIGURES = {
    "first paint, ms": "open/first paint/median_ms",
    "first paint, main thread, ms": "open/main thread/median_ms",
    "frame while a card is dragged, ms": "drag a card/frame/median_ms",
    "its p95, ms": "drag a card/frame/p95_ms",
    "its main thread, ms": "drag a card/main thread/median_ms",
    "frame while everything is panned, ms": "pan, everything in view/frame/median_ms",
    "p95 of it, ms": "pan, everything in view/frame/p95_ms",
    "main thread of it, ms": "pan, everything in view/main thread/median_ms",
    "frame while a card is dragged, everything in view, ms": "drag a card, everything in view/frame/median_ms",
    "its p95 then, ms": "drag a card, everything in view/frame/p95_ms",
    "its main thread then, ms": "drag a card, everything in view/main thread/median_ms",
    "Delete until painted, ms": "keys/delete/until painted/median_ms",
    "main thread of that, ms": "keys/delete/main thread/median_ms",
    "heap, MB": "memory/heap_mb",
    "document nodes": "memory/nodes",
    "heap, everything in view, MB": "memory, everything in view/heap_mb",
    "document nodes, everything in view": "memory, everything in view/nodes",
}
"""What is compared, and where it stands in a report."""


def _at(report: Json, path: str) -> float | None:
    value: Any = report
    for name in path.split("/"):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, (int, float)) else None


def goals(sizes: Json) -> list[Json]:
    """Return what was aimed at beside what came out, for the sizes that were run."""
    results: list[Json] = []

    def goal(what: str, limit: float, figure: float | None) -> None:
        if figure is not None:
            results.append({"goal": what, "aim": limit, "figure": figure, "met": figure < limit})

    large, middling = sizes.get("10000", {}), sizes.get("1000", {})
    pan = f"{OURS}/pan, everything in view/frame"
    goal("10,000 states, first paint, ms", 700, _at(large, f"{OURS}/open/first paint/median_ms"))
    goal("10,000 states, pan frame, median, ms", 25, _at(large, f"{pan}/median_ms"))
    goal("10,000 states, pan frame, p95, ms", 50, _at(large, f"{pan}/p95_ms"))
    for what, row in middling.get("kernel", {}).items():
        if what != "open":
            goal(f"1,000 states, kernel, {what}, ms", 50, row["median_ms"])
            goal(f"1,000 states, message, {what}, bytes", 20_000, row["bytes"])
    for what, row in large.get("kernel", {}).items():
        if what != "open":
            goal(f"10,000 states, kernel, {what}, ms", 25, row["median_ms"])
    return results


def say(text: str) -> None:
    """Write for whoever watches; the report itself goes to standard output."""
    print(text, file=sys.stderr, flush=True)


def table(report: Json) -> str:
    """Return the report as tables of Markdown."""
    lines: list[str] = []
    for size in report["sizes"].values():
        columns = {OURS: size[OURS], **size["peers"]}
        lines += ["", f"| {size['states']:,} states | {' | '.join(columns)} |", "| --- " * (len(columns) + 1) + "|"]
        for what, path in FIGURES.items():
            cells = []
            for name, column in columns.items():
                value = _at(column, path)
                times = column.get("ratios", {}).get(what) if name != OURS else None
                text = "-" if value is None else f"{value:,}"
                cells.append(text if times is None else f"{text}, {times:,}x")
            lines.append(f"| {what} | {' | '.join(cells)} |")
        lines += [f"{name}: {column['why']}" for name, column in columns.items() if "why" in column]
    lines += ["", "| aim | figure | goal | met |", "| --- | --- | --- | --- |"]
    for goal in report["goals"]:
        lines.append(f"| {goal['goal']} | {goal['figure']:,} | {goal['aim']:,} | {'yes' if goal['met'] else 'no'} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--states", nargs="*", type=int, default=list(STATES))
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds that one thing may take")
    options = parser.parse_args()
    report: Json = {
        "machine": {
            "python": platform.python_version(),
            "cpu": platform.machine(),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "system": platform.system(),
            "load at start": os.getloadavg(),
        },
        "limit_s": options.limit,
        "bundles": weights(STATIC),
    }
    try:
        with open_browser() as browser:
            report["machine"]["browser"] = f"Chromium {browser.version}"
    except Absent as missing:
        raise SystemExit(str(missing)) from None
    peers = options.peers
    if peers:
        try:
            report["peers"] = build_peers()
        except Absent as missing:
            report["peers"] = {"why": f"skipped: {missing}"}
            peers = []
    report["sizes"] = {}
    for states in options.states:
        say(f"  {states:,} states: {OURS}")
        report["sizes"][str(states)] = compare_editors(states, peers, options.rounds, options.limit)
    report["machine"]["load at end"] = os.getloadavg()
    report["goals"] = goals(report["sizes"])
    say(table(report))
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
