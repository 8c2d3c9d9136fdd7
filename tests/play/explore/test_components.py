"""Strong components, against what can be reached from where."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from worldkit.exploration.components import strong_components


@st.composite
def graphs(draw: st.DrawFn) -> list[list[int]]:
    count = draw(st.integers(1, 8))
    return draw(st.lists(st.lists(st.integers(0, count - 1), max_size=3), min_size=count, max_size=count))


def reachable(out: list[list[int]], root: int) -> set[int]:
    nodes, stack = {root}, [root]
    while stack:
        new = set(out[stack.pop()]) - nodes
        nodes |= new
        stack += new
    return nodes


@settings(deadline=None)
@given(graphs(), st.data())
def test_nodes_of_one_component_lead_to_each_other_and_edges_to_no_higher_one(
    out: list[list[int]], data: st.DataObject
) -> None:
    root = data.draw(st.integers(0, len(out) - 1))
    reach = [reachable(out, node) for node in range(len(out))]
    everything, from_root = strong_components(out), strong_components(out, [root])
    for a in range(len(out)):
        assert (from_root[a] >= 0) == (a in reach[root])
        for b in range(len(out)):
            is_mutual = b in reach[a] and a in reach[b]
            assert (everything[a] == everything[b]) == is_mutual
            if from_root[a] >= 0 <= from_root[b]:
                assert (from_root[a] == from_root[b]) == is_mutual
        for component in (everything, from_root):
            assert component[a] < 0 or all(component[b] <= component[a] for b in out[a])
