"""What moves can reach from the start, and how that follows an edit without visiting all of the graph.

Every state that can be reached has a rank: the start has 0, and any other state has a higher one than some state that
leads to it. As long as that holds, all of them can be reached. An edit breaks it at the states that lost a way in;
these, and those that were reached through them alone, are looked at again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain


def ranks_from(starts: Iterable[str], moves: Mapping[str, list[str]]) -> dict[str, int]:
    """Return the ranks of the states that can be reached: how many moves away each is.

    Args:
        starts: The states that are reached without a move.
        moves: The states one move away from each state.
    """
    newest, rank = set(starts), 0
    ranks = dict.fromkeys(newest, rank)
    while newest:
        rank += 1
        newest = set(chain.from_iterable(moves[id] for id in newest if id in moves)).difference(ranks)
        ranks |= dict.fromkeys(newest, rank)
    return ranks


def ranks_after(
    before: Mapping[str, int],
    old_moves: Mapping[str, list[str]],
    moves: Mapping[str, list[str]],
    changed_ids: Iterable[str],
    sources_of: Callable[[str], Collection[str]],
) -> dict[str, int] | None:
    """Return the ranks after an edit that did not change the start; None when it affects too much.

    Args:
        before: The ranks before.
        old_moves: The states one move away from each state, before.
        moves: The same after.
        changed_ids: The states whose moves changed, came or went; the start did neither.
        sources_of: Returns the states from which a move leads to a state, after the edit.
    """
    ranks = dict(before)
    sources = [id for id in changed_ids if id in before]
    # those that lost a way in
    doubtful_ids = list(dict.fromkeys(id for source in sources for id in _only_in(old_moves, moves, source)))
    unsupported_ids: set[str] = set()
    visits = 0
    while doubtful_ids:
        id = doubtful_ids.pop()
        rank = ranks.get(id)
        if not rank:
            continue  # the start, or not reached in any case
        ways_in = sources_of(id)
        visits += 1 + len(ways_in)
        if visits > len(before):
            return None
        if any(ranks.get(source, rank) < rank for source in ways_in):
            continue
        del ranks[id]
        unsupported_ids.add(id)
        doubtful_ids.extend(moves.get(id, ()))
    new_targets = [target for id in sources if id in ranks for target in _only_in(moves, old_moves, id)]
    queue = deque[tuple[str, int]]((id, -1) for id in chain(unsupported_ids, new_targets))
    while queue:
        id, rank = queue.popleft()
        if id in ranks:
            continue
        if rank < 0:
            rank = min((ranks[source] for source in sources_of(id) if source in ranks), default=-1) + 1
            if not rank:
                continue
        ranks[id] = rank
        queue.extend((target, rank + 1) for target in moves.get(id, ()) if target not in ranks)
    return ranks


def _only_in(first: Mapping[str, list[str]], second: Mapping[str, list[str]], id: str) -> list[str]:
    """Return the targets of a state in the first mapping that it does not have in the second."""
    targets, others = first.get(id, ()), second.get(id, ())
    if targets == others:
        return []
    other_targets = set(others)
    return [target for target in targets if target not in other_targets]
