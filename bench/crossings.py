"""How many lines of a map cross, and how well it fits a screen, beside ELK and dagre in the same run; prints a table.

python bench/crossings.py [--json]

Crossings are counted twice: of the lines as each layout leads them around cards, and of straight lines between the
middles of cards. Each pair of states has one line. The peers get the same cards and lines (with a line for each way
between two states, ELK leaves many times the crossings), from left to right, and keep their own defaults. They are
installed by ``npm ci`` beside their script the first time.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.export.worlds import rooms

import worldkit as wk
from peers.limits import Absent, command
from shapes import shape
from worldkit.layout.crossings import Edge, count_crossings, count_path_crossings
from worldkit.layout.measures import CARD_H, CARD_W, Position
from worldkit.layout.moves import moves
from worldkit.layout.placement import layout
from worldkit.layout.routing import routes

Json = dict[str, Any]

LAYOUTS = Path(__file__).parent / "peers" / "layouts"
PEERS = ("elk", "dagre")
SCREEN = (1200, 800)
"""The size in pixels that a map is fitted to."""

TIMEOUT_SECONDS = 120


def worlds() -> dict[str, wk.World]:
    """Return the worlds that are laid out, by name."""
    maps = {name: wk.samples.load(name) for name in ("lighthouse", "archive")}
    maps |= {f"rooms, {count} ({seed})": rooms(count, seed) for count in (30, 60, 100, 200, 1000) for seed in range(2)}
    for kind, states, events in (
        ("chapters", 200, 400),
        ("acyclic", 200, 300),
        ("hub", 200, 400),
        ("chapters", 1000, 2000),
    ):
        maps[f"{kind}, {states}"] = wk.World.from_dict(shape(kind, states, events, 20))
    return maps


def compare(world: wk.World) -> Json:
    """Return the crossings, the zoom at which all is in view, and the time of each layout."""
    numbers = {id: index for index, id in enumerate(world.states)}
    edges = pairs(world, numbers)
    start = time.process_time()
    positions = layout(world)
    milliseconds = (time.process_time() - start) * 1000
    ids = list(world.states)
    paths = [route.path.points for route in routes(positions, [(ids[a], ids[b]) for a, b in edges])]
    rows = {"worldkit": _row(edges, dict(enumerate(positions.values())), paths, milliseconds)}
    graph = {"nodes": list(numbers.values()), "edges": edges, "width": CARD_W, "height": CARD_H}
    for name in PEERS:
        try:
            output, _ = command(("node", "layouts.mjs", name), LAYOUTS, TIMEOUT_SECONDS, text=json.dumps(graph))
        except Exception as error:
            rows[name] = {"why": str(error).strip().splitlines()[-1]}
            continue
        answer = json.loads(output)
        corners = {int(id): (x, y) for id, (x, y) in answer["corners"].items()}
        rows[name] = _row(edges, corners, answer["paths"], answer["milliseconds"])
    return {"states": len(numbers), "lines": len(edges), "layouts": rows}


def pairs(world: wk.World, numbers: Mapping[str, int]) -> list[Edge]:
    """Return each pair of states that a move joins once, in the direction of the first such move."""
    edges: dict[frozenset[int], Edge] = {}
    for move in moves(world):
        source, target = numbers[move.source], numbers[move.target]
        if source != target:
            edges.setdefault(frozenset((source, target)), (source, target))
    return list(edges.values())


def _row(
    edges: list[Edge], corners: dict[int, Position], paths: Sequence[Sequence[Position]], milliseconds: float
) -> Json:
    columns, rows = zip(*corners.values(), strict=True)
    width, height = max(columns) - min(columns) + CARD_W, max(rows) - min(rows) + CARD_H
    zoom = min(SCREEN[0] / width, SCREEN[1] / height)
    return {
        "crossings": count_path_crossings(zip(edges, paths, strict=True)),
        "straight": count_crossings(edges, corners),
        "zoom": zoom,
        "milliseconds": milliseconds,
    }


def table(report: Mapping[str, Json]) -> str:
    """Return the comparison as a table in Markdown: crossings, those of straight lines, zoom in per cent, time."""
    lines = [f"| world | lines | worldkit | {' | '.join(PEERS)} |", f"| --- | --- | --- {'| --- ' * len(PEERS)}|"]
    for name, row in report.items():
        cells = (
            cell["why"]
            if "why" in cell
            else f"{cell['crossings']:,} ({cell['straight']:,}) · {cell['zoom']:.1%} · {cell['milliseconds']:,.0f} ms"
            for cell in row["layouts"].values()
        )
        lines.append(f"| {name} | {row['lines']:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead")
    options = parser.parse_args()
    if shutil.which("npm") is None:
        raise Absent("no npm on this machine (Node 20 or newer)")
    if not (LAYOUTS / "node_modules" / "elkjs").is_dir():
        command(("npm", "ci", "--no-audit", "--no-fund"), LAYOUTS, 240)
    report = {name: compare(world) for name, world in worlds().items()}
    print(json.dumps(report, indent=2) if options.json else table(report))


if __name__ == "__main__":
    main()
