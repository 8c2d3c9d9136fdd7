"""The groups a fixed point has to be found for; the rest follows from them in one step each.

A group in which nothing can be repeated is passed through: going in and coming out is one move with the
conditions and effects of both. Where that makes no more moves than it saves, the group is taken out. A hub
with a hundred side rooms becomes a hub with a hundred loops.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from worldkit.exploration.budget import Meter
from worldkit.exploration.quotient import Contracted

Kind = tuple[int, int, int]
"""Need, gain and bar of a move."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """A contracted world without the groups that are only passed through.

    Attributes:
        kept: The groups that are left, in order.
        edges: What can be done in each group that is left, as ``(target, kind)``; empty for the others.
        left_out: The groups taken out, in the order they went, each with the moves into it and out of it as they
            stood then: between it and groups that were still there.
    """

    kept: list[int]
    edges: list[list[tuple[int, Kind]]]
    left_out: list[tuple[int, list[tuple[int, Kind]], list[tuple[int, Kind]]]]


def kernel(world: Contracted, meter: Meter) -> Kernel:
    """Return the kernel of a contracted world; the start and the endings are always in it.

    Args:
        world: The contracted world.
        meter: The clock.

    Raises:
        Spent: The time is up.
    """
    out: list[dict[int, list[Kind]]] = [{} for _ in world.edges]
    into: list[dict[int, None]] = [{} for _ in world.edges]
    for number, edges in enumerate(world.edges):
        for target, need, gain, bar in edges:
            out[number].setdefault(target, []).append((need, gain, bar))
            into[target][number] = None

    def cost(number: int) -> int:
        ins = sum(len(out[before][number]) for before in into[number])
        outs = sum(map(len, out[number].values()))
        return ins * outs - ins - outs

    fixed = {world.start, *world.endings}
    queue = [(cost(number), number) for number in range(len(out)) if number not in fixed]
    heapify(queue)
    gone: set[int] = set()
    left_out = []
    while queue:
        known, number = heappop(queue)
        if number in gone or number in out[number]:
            continue
        now = cost(number)
        meter.work(len(into[number]) + len(out[number]))
        if now > 0:
            continue
        if now > known:
            heappush(queue, (now, number))
            continue
        gone.add(number)
        ins = [(before, kind) for before in into[number] for kind in out[before].pop(number)]
        outs = [(after, kind) for after, kinds in out[number].items() for kind in kinds]
        left_out.append((number, ins, outs))
        for after in out[number]:
            into[after].pop(number, None)
        touched = {before for before, _ in ins} | {after for after, _ in outs}
        for before, first in ins:
            for after, second in outs:
                both = _after(first, second)
                if both is not None and (both[1] or before != after):
                    meter.work(len(out[before].get(after, ())))
                    _add(out[before].setdefault(after, []), both)
                    into[after][before] = None
        for other in touched - fixed - gone:
            heappush(queue, (cost(other), other))
    kept = [number for number in range(len(out)) if number not in gone]
    left = [
        [] if number in gone else [(target, kind) for target, kinds in here.items() for kind in kinds]
        for number, here in enumerate(out)
    ]
    return Kernel(kept, left, left_out)


def _after(first: Kind, second: Kind) -> Kind | None:
    """Return one move after another as one; None when they exclude each other."""
    need, gain, bar = first
    if second[2] & (need | gain) or second[0] & ~gain & bar:
        return None
    return need | (second[0] & ~gain), gain | second[1], bar | second[2]


def _add(kinds: list[Kind], made: Kind) -> None:
    need, gain, bar = made
    for n, g, b in kinds:
        if g == gain and n & need == n and b & bar == b:
            return
    kinds[:] = [(n, g, b) for n, g, b in kinds if not (g == gain and need & n == need and bar & b == bar)]
    kinds.append(made)
