"""Writes what holds the edge geometry of Python and of the browser together.

    python scripts/geometry.py            writes both files
    python scripts/geometry.py --check    fails when they are not what would be written

``widgets/map/geometry/dimensions.ts`` repeats the table of sizes of ``worldkit.layout.measures``.
``schema/conformance/geometry.json`` has layouts of cards with their edges, and how ``worldkit.layout.routing`` routes
them; pytest and vitest hold each implementation to it.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from worldkit import samples
from worldkit.layout import measures
from worldkit.layout.curves import Cubic, is_straight
from worldkit.layout.moves import moves
from worldkit.layout.placement import layout
from worldkit.layout.routing import EdgeRoute, routes

ROOT = Path(__file__).parents[1]
DIMENSIONS = ROOT / "widgets/map/geometry/dimensions.ts"
CASES = ROOT / "schema/conformance/geometry.json"

LABEL_WIDTH = 90
"""The width of the name for which the cases give the best places."""

DESCRIPTION = "How edges run between cards. Written by scripts/geometry.py; see README.md."

Cards = Mapping[str, measures.Position]
Edges = Sequence[tuple[str, str | None]]

COLUMN = measures.PITCH_X
ROW = measures.PITCH_Y


# ---- the table of sizes ------------------------------------------------------------------------


def sizes() -> dict[str, float]:
    """Return the names and values of the table."""
    return {name: value for name, value in vars(measures).items() if name.isupper()}


def dimensions() -> str:
    """Return the text of the TypeScript module."""
    source = Path(measures.__file__).read_text("utf-8")
    docs = dict(re.findall(r'^([A-Z_]+) = .+\n"""(.+?)"""$', source, re.MULTILINE))
    lines = [
        "/**",
        " * The table of sizes that the drawing is made of, in pixels at a zoom of 1.",
        " *",
        " * Written by scripts/geometry.py from src/worldkit/layout/measures.py. Change that and run the script.",
        " */",
        "",
    ]
    for name, value in sizes().items():
        if name in docs:
            lines.append(f"/** {docs[name].replace('``', '`')} */")
        lines.append(f"export const {name} = {round(value, 6):g};")
    return "\n".join(lines) + "\n"


# ---- the cases ---------------------------------------------------------------------------------


def layouts() -> Iterator[tuple[str, Cards, Edges]]:
    """Yield the title, the cards and the edges of each case."""
    yield from pairs()
    yield from crowds()
    yield from ways_round()
    for seed in range(8):
        yield from random_layouts(seed)
    for name in ("bench", "delivery", "lighthouse", "archive"):
        world = samples.load(name)
        yield f"the sample world {name}", layout(world), [(move.source, move.target) for move in moves(world)]


def pairs() -> Iterator[tuple[str, Cards, Edges]]:
    """Yield two cards in every position to each other, with edges there and back."""
    positions = {
        "to the right": (COLUMN, 0),
        "to the right, a little lower": (COLUMN, 3),
        "to the right and below": (COLUMN, 300),
        "to the right and above": (COLUMN, -300),
        "just far enough to the right": (316, 40),
        "not quite far enough to the right": (315.5, 240),
        "far to the right and below": (2000, 900),
        "to the left and below": (-448, 300),
        "far back and below": (-1600, 700),
        "far back, without room for a band": (-1600, 190),
        "far back and above": (-1600, -700),
        "below": (0, ROW),
        "below, not straight": (60.5, ROW),
        "above": (-20, -ROW),
        "just far enough below": (0, 204),
        "not quite far enough below": (0, 203),
        "at the same height in the same column": (12, 0),
        "in the same place": (0, 0),
    }
    for title, place in positions.items():
        yield f"two cards: {title}", {"a": (0, 0), "b": place}, [("a", "b"), ("b", "a"), ("a", "b")]
    yield "loops of a card", {"a": (10, 20)}, [("a", "a")] * 5
    yield "edges that lead nowhere", {"a": (0, 0), "b": (COLUMN, 60)}, [("a", None), ("a", "b"), ("a", None)]
    yield "no edges", {"a": (0, 0)}, []
    yield "one edge and a loop", {"a": (0.25, -0.75), "b": (COLUMN, 0)}, [("b", "a"), ("b", "b")]


def crowds() -> Iterator[tuple[str, Cards, Edges]]:
    """Yield sides of cards with many ends."""
    two = {"a": (0.0, 0.0), "b": (float(COLUMN), 0.0)}
    yield "thirty edges side by side", two, [("a", "b")] * 20 + [("b", "a")] * 10
    fan = {"a": (0, 2 * ROW), **{f"t{row}": (COLUMN, row * ROW) for row in range(5)}}
    out = [("a", f"t{row}") for row in range(5)]
    yield "a fan", fan, out
    yield "a fan with ways back", fan, [*out, *[(b, a) for a, b in out], ("a", "t2")]
    yield "a fan into a card", fan, [(b, a) for a, b in reversed(out)]
    column = {f"c{row}": (0, row * ROW) for row in range(5)}
    edges = [("c0", "c2"), ("c0", "c3"), ("c0", "c4"), ("c4", "c0"), ("c3", "c1"), ("c1", "c2"), ("c2", "c1")]
    yield "bows inside one another", column, edges
    yield "names side by side between two rows", {"a": (0, 0), "b": (40, ROW)}, [("a", "b"), ("b", "a"), ("a", "b")] * 2
    bands = {"a": (2016, 0), "b": (0, 600), "c": (504, 620), "d": (1512, 0)}
    yield "edges that wrap side by side", bands, [("a", "b"), ("a", "b"), ("a", "c"), ("d", "b"), ("b", "a")]
    yield "ties in every order", fan, [("a", "t1"), ("t1", "a"), ("a", "t1"), ("t1", "t2"), ("t2", "t1"), ("t1", "t2")]


def ways_round() -> Iterator[tuple[str, Cards, Edges]]:
    """Yield cards in the way of edges."""
    there_and_back = [("a", "b"), ("a", "b"), ("b", "a")]
    ends = {"a": (0, 0), "b": (2 * COLUMN, 0)}
    yield "a card in between", {**ends, "wall": (COLUMN, 0)}, there_and_back
    yield (
        "a card that lets one of two bends through",
        {**ends, "b": (2 * COLUMN, 400), "wall": (COLUMN, 0)},
        there_and_back,
    )
    yield "a card just out of the way", {**ends, "wall": (COLUMN, 93)}, there_and_back
    yield "a card just in the way of the ports", {**ends, "wall": (COLUMN, 110)}, there_and_back
    wall = {f"w{row}": (COLUMN, row * ROW) for row in range(-3, 4)}
    yield "a column in between", {**ends, **wall}, there_and_back
    tight = {f"w{row}": (COLUMN, row * 190) for row in range(-8, 9)}
    yield "a column without gaps", {**ends, **tight}, there_and_back
    two = {
        "a": (0, 0),
        "b": (3 * COLUMN, 240),
        **wall,
        **{f"v{row}": (2 * COLUMN, row * ROW + 100) for row in range(-3, 4)},
    }
    yield "two columns that are not in line", two, there_and_back * 2
    grid = {f"g{index}": (index % 6 * COLUMN, index // 6 * ROW) for index in range(18)}
    long = [("g0", "g5"), ("g6", "g11"), ("g11", "g6"), ("g12", "g5"), ("g5", "g12"), ("g0", "g11"), ("g17", "g0")]
    yield "long edges over a grid", grid, long
    yield "lanes in a gap, more than it holds", grid, [("g6", "g10"), ("g10", "g6")] * 6
    band = {f"h{index}": (index % 4 * COLUMN, index // 4 * 500) for index in range(8)}
    yield "bands", band, [("h0", "h1"), ("h3", "h4"), ("h2", "h4"), ("h3", "h5"), ("h4", "h3"), ("h7", "h0")]
    full_band = {**band, "wall": (700, 250), "wall2": (900, 262.5)}
    yield "a band with a card in it", full_band, [("h3", "h4"), ("h3", "h4")]
    yield "cards over one another", {"a": (0, 0), "b": (100, 40), "c": (200, 80), "d": (900, 60)}, [
        ("a", "b"), ("b", "c"), ("a", "d"), ("d", "b"), ("c", "a"), ("c", "c"),
    ]  # fmt: skip


def random_layouts(seed: int) -> Iterator[tuple[str, Cards, Edges]]:
    """Yield cards anywhere, and on a grid some of whose cells are empty, with edges between any of them."""
    roll = random.Random(seed)
    step = (0.25, 8)[seed % 2]
    loose = {f"s{n}": (roll.randrange(12000) * step % 3000, roll.randrange(9000) * step % 1600) for n in range(12)}
    yield f"cards anywhere, {seed}", loose, some_edges(roll, list(loose), 14)
    cells = roll.sample(range(36), 20)
    grid = {f"s{n}": (float(cell % 6 * COLUMN), float(cell // 6 * ROW + cell % 3 * 40)) for n, cell in enumerate(cells)}
    yield f"a grid with holes, {seed}", grid, some_edges(roll, list(grid), 18)


def some_edges(roll: random.Random, ids: list[str], count: int) -> Edges:
    """Return edges between any cards, some of which lead nowhere."""
    return [(roll.choice(ids), roll.choice(ids) if roll.random() > 0.06 else None) for _ in range(count)]


def cases() -> list[dict[str, Any]]:
    """Return the cases."""
    return [
        {
            "title": title,
            "cards": {id: [plain(x), plain(y)] for id, (x, y) in cards.items()},
            "edges": [list(edge) for edge in edges],
            "routes": [route_as_json(route) for route in routes(cards, edges)],
        }
        for title, cards, edges in layouts()
    ]


def route_as_json(route: EdgeRoute) -> dict[str, Any]:
    """Return a route as JSON."""
    return {
        "kind": route.decision.kind,
        "ports": [plain(shift) for shift in route.shifts],
        "path": [[plain(value) for value in route.path.parts[0][0]], *map(segment, route.path.parts)],
        "lanes": [[where if where is None else plain(where), plain(y)] for where, y in route.lanes],
        "spots": [[plain(value) for value in spot] for spot in route.path.label_spots(LABEL_WIDTH)],
    }


def segment(part: Cubic) -> list[float]:
    """Return where a line ends, or the control points of a curve and where it ends."""
    points = part[3:] if is_straight(part) else part[1:]
    return [plain(value) for point in points for value in point]


def plain(value: float) -> float:
    """Return a number with at most three decimals, whole ones without any."""
    number = round(value, 3) + 0.0
    return int(number) if number == int(number) else number


def conformance() -> str:
    """Return the text of the file of cases, one route a line."""
    head = {"description": DESCRIPTION, "labelWidth": LABEL_WIDTH, "sizes": {k: plain(v) for k, v in sizes().items()}}
    parts = [json.dumps(head, indent=1)[:-2] + ',\n "cases": [']
    texts = []
    for case in cases():
        rows = ",\n   ".join(json.dumps(route, separators=(",", ":")) for route in case["routes"])
        start = ",\n  ".join(f"{json.dumps(key)}: {json.dumps(case[key])}" for key in ("title", "cards", "edges"))
        texts.append(f'  {{{start},\n  "routes": [{rows}]}}')
    return "\n".join([*parts, ",\n".join(texts), " ]", "}"]) + "\n"


def main() -> None:
    """Write the files, or check them."""
    for path, text in ((DIMENSIONS, dimensions()), (CASES, conformance())):
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif path.read_text("utf-8") != text:
            sys.exit(f"{path.relative_to(ROOT)} is not what src/worldkit/layout gives; run: python scripts/geometry.py")


if __name__ == "__main__":
    main()
