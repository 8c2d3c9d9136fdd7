"""The groups for which the fixpoint is computed; the others follow from them in one step each.

A group without a loop is eliminated by composing every transition into it with every transition out of it, as long
as that adds no more transitions than it removes. A hub with a hundred side rooms becomes a hub with a hundred
loops.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from worldkit.exploration.budget import Meter
from worldkit.exploration.quotient import QuotientSystem

Transition = tuple[int, int, int]
"""Need, gain and bar of a move."""


@dataclass(frozen=True, eq=False)
class FixpointCore:
    """A quotient system without the groups that are only passed through.

    Attributes:
        remaining_groups: The groups that are left, in order.
        edges: What can be done in each group that is left, as ``(target, kind)``; empty for the others.
        eliminated_groups: The groups taken out, in the order they went, each with the moves into it and out of it as
            they stood then: between it and groups that were still there.
    """

    remaining_groups: list[int]
    edges: list[list[tuple[int, Transition]]]
    eliminated_groups: list[tuple[int, list[tuple[int, Transition]], list[tuple[int, Transition]]]]


def reduce_to_core(world: QuotientSystem, meter: Meter) -> FixpointCore:
    """Return the core of a quotient system; the start and the endings are always in it.

    Raises:
        BudgetSpent: The time is up.
    """
    out: list[dict[int, list[Transition]]] = [{} for _ in world.edges]
    into: list[dict[int, None]] = [{} for _ in world.edges]
    for number, edges in enumerate(world.edges):
        for target, requires, sets, forbids in edges:
            out[number].setdefault(target, []).append((requires, sets, forbids))
            into[target][number] = None
    ins_count, outs_count = [0] * len(out), [0] * len(out)
    for number, targets in enumerate(out):
        for target, kinds in targets.items():
            ins_count[target] += len(kinds)
            outs_count[number] += len(kinds)

    def cost(number: int) -> int:
        return ins_count[number] * outs_count[number] - ins_count[number] - outs_count[number]

    kept_groups = {world.start, *world.endings}
    queue = [(cost(number), number) for number in range(len(out)) if number not in kept_groups]
    heapify(queue)
    eliminated_groups: set[int] = set()
    left_out = []
    while queue:
        queued_cost, number = heappop(queue)
        if number in eliminated_groups or number in out[number]:
            continue
        current_cost = cost(number)
        meter.work(len(into[number]) + len(out[number]))
        if current_cost > 0:
            continue
        if current_cost > queued_cost:
            heappush(queue, (current_cost, number))
            continue
        eliminated_groups.add(number)
        ins = [(before, kind) for before in into[number] for kind in out[before].pop(number)]
        outs = [(after, kind) for after, kinds in out[number].items() for kind in kinds]
        left_out.append((number, ins, outs))
        for before, _ in ins:
            outs_count[before] -= 1
        for after, _ in outs:
            into[after].pop(number, None)
            ins_count[after] -= 1
        neighbours = {before for before, _ in ins} | {after for after, _ in outs}
        for before, first in ins:
            for after, second in outs:
                composed_kind = _compose(first, second)
                if composed_kind is not None and (composed_kind[1] or before != after):
                    kinds = out[before].setdefault(after, [])
                    meter.work(len(kinds))
                    growth = -len(kinds)
                    _add_undominated(kinds, composed_kind)
                    growth += len(kinds)
                    outs_count[before] += growth
                    ins_count[after] += growth
                    into[after][before] = None
        for neighbour in neighbours - kept_groups - eliminated_groups:
            heappush(queue, (cost(neighbour), neighbour))
    remaining = [number for number in range(len(out)) if number not in eliminated_groups]
    core_edges = [
        []
        if number in eliminated_groups
        else [(target, kind) for target, kinds in group_edges.items() for kind in kinds]
        for number, group_edges in enumerate(out)
    ]
    return FixpointCore(remaining, core_edges, left_out)


def _compose(first: Transition, second: Transition) -> Transition | None:
    """Return one move after another as one; None when they exclude each other."""
    requires, sets, forbids = first
    if second[2] & (requires | sets) or second[0] & ~sets & forbids:
        return None
    return requires | (second[0] & ~sets), sets | second[1], forbids | second[2]


def _add_undominated(kinds: list[Transition], transition: Transition) -> None:
    requires, sets, forbids = transition
    for n, g, b in kinds:
        if g == sets and n & requires == n and b & forbids == b:
            return
    kinds[:] = [
        (n, g, b) for n, g, b in kinds if not (g == sets and requires & n == requires and forbids & b == forbids)
    ]
    kinds.append(transition)
