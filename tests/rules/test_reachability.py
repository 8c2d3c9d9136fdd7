"""What can be reached follows an edit, and is what a search of the whole graph finds."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from worldkit.ruleset.reachability import ranks_after, ranks_from

Moves = dict[str, list[str]]
IDS = [f"s{number}" for number in range(12)]
graphs = st.dictionaries(st.sampled_from(IDS), st.lists(st.sampled_from(IDS), max_size=3), max_size=12)
edits = st.dictionaries(st.sampled_from(IDS), st.lists(st.sampled_from(IDS), max_size=3), min_size=1, max_size=3)


def after(ranks: dict[str, int], old_moves: Moves, moves: Moves, changed_ids: list[str]) -> dict[str, int] | None:
    return ranks_after(
        ranks, old_moves, moves, changed_ids, lambda id: [source for source in moves if id in moves[source]]
    )


@settings(max_examples=600)
@given(graphs, st.lists(edits, max_size=6))
def test_ranks_after_edits_reach_what_a_search_reaches(graph: Moves, changes: list[Moves]) -> None:
    old_moves, ranks = graph, ranks_from([IDS[0]], graph)
    for change in changes:
        moves = {**old_moves, **change}
        new_ranks = after(ranks, old_moves, moves, list(change))
        expected = ranks_from([IDS[0]], moves)
        if new_ranks is not None:
            assert new_ranks.keys() == expected.keys()
            for id, rank in new_ranks.items():
                assert rank == 0 or any(id in moves.get(source, ()) for source in new_ranks if new_ranks[source] < rank)
        old_moves, ranks = moves, expected if new_ranks is None else new_ranks


def test_a_small_edit_is_followed_and_one_that_affects_most_of_a_graph_is_not() -> None:
    ids = [f"s{number}" for number in range(1000)]
    chain: Moves = {id: [following] for id, following in pairwise(ids)}
    ranks = ranks_from(ids[:1], chain)
    assert after(ranks, chain, {**chain, ids[990]: []}, [ids[990]]) == dict(list(ranks.items())[:991])
    assert after(ranks, chain, {**chain, ids[5]: []}, [ids[5]]) is None
