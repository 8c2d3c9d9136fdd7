"""The order in which decision diagrams test their bits, beside the order that sifting finds; counters. Prints tables.

python bench/orders.py         needs dd (pip install dd), whose sifting (Rudell 1993) is in Python as our diagrams are

For each world: the nodes that are in use at the end and those after sifting, what our search takes in its own order
and in the sifted one, and what sifting took. For each number of counters, every one a ladder of flags: what exploring
takes. Processor time, in one process.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parent))

from dd import bdd as dd

import worldkit as wk
from explore import document
from shapes import counters
from worldkit.exploration import symbolic_search
from worldkit.exploration.bdd import ALL, EMPTY, Diagrams
from worldkit.exploration.budget import Meter, run_to_end
from worldkit.exploration.diagram_order import order_bits
from worldkit.exploration.quotient import QuotientSystem, quotient_of
from worldkit.exploration.transition_system import build_system

ROWS: list[tuple[Any, ...]] = [
    ("hub", 200, 800, 30),
    ("hub", 1000, 5000, 20),
    ("chapters", 500, 2500, 60),
    ("acyclic", 200, 800, 30),
    ("random", 40, 160, 24, 0, 0),
    ("random", 60, 220, 22, 0, 3),
    ("random", 60, 200, 20, 15, 1),
]
COUNTERS = [(6, 10), (12, 10), (24, 10), (10, 20), (10, 40), (4, 200)]
"""How many, and the steps of each."""
TIMEOUT_SECONDS = 300.0
"""Seconds until a search is given up."""


def search(world: QuotientSystem, order: list[int]) -> tuple[float, Diagrams, set[int]]:
    """Return what a search in an order of the bits takes, its diagrams, and the sets of masks it comes to."""
    began = time.process_time()
    meter = Meter("search", time.perf_counter() + TIMEOUT_SECONDS)
    with patch.object(symbolic_search, "order_bits", lambda *_: order):
        under_way = symbolic_search.SymbolicSearch(world, meter, lambda width, tick: Diagrams(width, tick=tick))
        run_to_end(under_way.solve())
    seconds = time.process_time() - began
    assert isinstance(under_way.diagrams, Diagrams)
    return seconds, under_way.diagrams, {*under_way.masks_of} - {EMPTY, ALL}


def sift(diagrams: Diagrams, roots: set[int]) -> tuple[int, int, list[int]]:
    """Return the nodes before and after sifting, and the levels in the order that it found."""
    manager = dd.BDD({f"x{level}": level for level in range(diagrams.width)})
    copies = {EMPTY: -1, ALL: 1}
    pending, nodes = list(roots), set()
    while pending:
        node = pending.pop()
        if node not in copies and node not in nodes:
            nodes.add(node)
            pending += [diagrams.low[node], diagrams.high[node]]
    for node in sorted(nodes, key=lambda node: -diagrams.level[node]):
        copies[node] = manager.find_or_add(
            diagrams.level[node], copies[diagrams.low[node]], copies[diagrams.high[node]]
        )
    for root in roots:
        manager.incref(copies[root])
    manager.collect_garbage()
    before = len(manager)
    dd.reorder(manager)
    order = [int(name[1:]) for name in sorted(manager.vars, key=manager.vars.__getitem__)]
    after = len(manager)
    for root in roots:
        manager.decref(copies[root])
    return before, after, order


def main() -> None:
    """Print a row for each world, and one for each number of counters."""
    sys.setrecursionlimit(100_000)
    print("| world | nodes | sifted | search | in the sifted order | sifting itself |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for row in ROWS:
        system = quotient_of(build_system(wk.World.from_dict(document(*row))))
        order = order_bits(system, Meter("order", time.perf_counter() + TIMEOUT_SECONDS))
        seconds, diagrams, roots = search(system, order)
        began = time.process_time()
        before, after, levels = sift(diagrams, roots)
        sifting = time.process_time() - began
        sifted_seconds, _, _ = search(system, [order[level] for level in levels])
        name = " ".join(map(str, row))
        print(
            f"| {name} | {before:,} | {after:,} | {seconds:.2f} s | {sifted_seconds:.2f} s | {sifting:.1f} s |",
            flush=True,
        )
    print("\n| counters | steps of each | positions | search |\n| ---: | ---: | ---: | ---: |")
    for count, steps in COUNTERS:
        world = wk.World.from_dict(counters(count, steps))
        began = time.process_time()
        exploration = wk.explore(world)
        seconds = time.process_time() - began
        assert not exploration.positions_complete or exploration.positions == (steps + 1) ** count + 1
        took = f"{seconds:.2f} s" if exploration.positions_complete else f"not decided in {seconds:.2f} s"
        print(f"| {count} | {steps} | {(steps + 1) ** count + 1:.2g} | {took} |", flush=True)


if __name__ == "__main__":
    main()
