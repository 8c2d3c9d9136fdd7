"""Tables of what can be done in a group, by the bits that matter for it; explicit search looks them up.

A group's edges and guards look at few bits each. Those that look at the same bits are put into one table, and what they
come to is worked out once for every combination of those bits that occurs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from worldkit.exploration.quotient import Edge, QuotientSystem

MAX_TABLE_BITS = 8
"""Edges share a table while it looks at no more bits than this: 256 rows at most."""

MAX_COMPARED_TABLES = 16
"""A table is looked for among so many: those that look at the nearest bits."""


Row = tuple[int, tuple[tuple[int, int], ...]]
"""The groups entered with the same mask, as bits; then the bits gained otherwise, and the groups entered, as bits."""


class GuardedTable:
    """Some of the edges and guards of a group, by the bits they look at.

    Args:
        group: The group.
        bits: The bits that matter, as a mask.
        edges: The edges.
        guards: What can be fired: need and bar.
        fired_guards: The guards that held once, by group: added to.
    """

    def __init__(
        self,
        group: int,
        bits: int,
        edges: list[Edge],
        guards: list[tuple[int, int]],
        fired_guards: set[tuple[int, int, int]],
    ) -> None:
        self.bits = bits
        self.rows: dict[int, Row] = {}
        self._group = group
        self._edges = edges
        self._guards = guards
        self._fired_guards = fired_guards

    def add_row(self, held_bits: int) -> Row:
        """Work out the row of some bits, of those that matter."""
        stays = 0
        gains: dict[int, int] = {}
        for target, requires, sets, forbids in self._edges:
            if held_bits & requires == requires and not held_bits & forbids:
                gained_bits = sets & ~held_bits
                if gained_bits:
                    gains[gained_bits] = gains.get(gained_bits, 0) | 1 << target
                else:
                    stays |= 1 << target
        for requires, forbids in self._guards:
            if held_bits & requires == requires and not held_bits & forbids:
                self._fired_guards.add((self._group, requires, forbids))
        row = self.rows[held_bits] = (stays & ~(1 << self._group), tuple(gains.items()))
        return row


def group_tables(world: QuotientSystem, group: int, fired_guards: set[tuple[int, int, int]]) -> list[GuardedTable]:
    """Return the tables of a group.

    Args:
        fired_guards: The guards that hold with some mask a row was asked for, by group: added to.
    """
    parts: dict[int, _Part] = {}
    for edge in world.edges[group]:
        _, requires, sets, forbids = edge
        _part(parts, requires | sets | forbids).edges.append(edge)
    for guard in world.labels[group]:
        _part(parts, guard[0] | guard[1]).guards.append(guard)
    tables: list[_Part] = []
    for part in sorted(parts.values(), key=lambda part: (part.bits.bit_length(), part.bits)):
        for table in tables[-MAX_COMPARED_TABLES:]:
            bits = table.bits | part.bits
            if bits == table.bits or bits.bit_count() <= MAX_TABLE_BITS:
                table.bits = bits
                table.edges += part.edges
                table.guards += part.guards
                break
        else:
            tables.append(part)
    return [GuardedTable(group, part.bits, part.edges, part.guards, fired_guards) for part in tables]


@dataclass
class _Part:
    bits: int
    edges: list[Edge] = field(default_factory=list)
    guards: list[tuple[int, int]] = field(default_factory=list)


def _part(parts: dict[int, _Part], bits: int) -> _Part:
    return parts.setdefault(bits, _Part(bits))
