"""Completes a plan by code: what a model wrote stays as far as it holds, and a drawn graph fills what is missing.

The drawn graph (``shape``) holds by itself, and any move may be added to it. So the moves of the model are taken first,
and edges of the graph are added to them one by one while something does not hold. A plan that was cut off, or whose
moves lead nowhere, becomes one that can be played, in the words of its own places and things.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worldkit.generation.direct import proof
from worldkit.generation.direct.plan import Ids, Move, Place, WorldPlan
from worldkit.generation.direct.shape import Edge
from worldkit.generation.direct.wording import bare, mentions, the
from worldkit.generation.text.english import stem

ACTS = 1
"""Things to do on the spot in a place at most."""


def completed(plan: WorldPlan, edges: Sequence[Edge], ids: Ids) -> tuple[WorldPlan, int]:
    """Return a plan that holds, and how many moves had to be added or left out.

    Args:
        plan: What a model wrote; its moves may be none.
        edges: A drawn graph of the same ids.
        ids: The ids.
    """
    plan = _with_sights(plan)
    own = _sound(plan, ids)
    changes = len(plan.moves) - len(own)
    plan = plan.with_moves(own)
    wrong = proof.problems(plan)
    for edge in edges if wrong else ():
        move = _worded(plan, edge, ids)
        if any(other.edge == move.edge for other in plan.moves) or (move.takes and plan.source(move.takes)):
            continue
        longer = plan.with_moves([*plan.moves, move])
        found = proof.problems(longer)
        # a key without its lock cures nothing yet, and neither does a place that nothing leads on from
        if len(found) < len(wrong) or edge.kind in ("take", "lock", "way"):
            plan, wrong, changes = longer, found, changes + 1
        if not wrong:
            break
    if wrong:
        plan, changes = _with_all(plan, edges, ids)
    return plan.with_moves(sorted(plan.moves, key=lambda move: ids.inner.index(move.at))), changes


def _with_all(plan: WorldPlan, edges: Sequence[Edge], ids: Ids) -> tuple[WorldPlan, int]:
    """Return the drawn graph, with those of the model's moves that it can take."""
    words = {move.edge: move for move in plan.moves}
    drawn = []
    for edge in edges:
        move = _worded(plan, edge, ids)
        drawn.append(words.get(move.edge, move))
    return plan.with_moves(drawn), len(drawn)


def _with_sights(plan: WorldPlan) -> WorldPlan:
    """Return a plan in which something is seen in every place, and the keys of a place stand among it."""
    spare = [*plan.bible.things, *plan.bible.others]
    places = []
    for place in plan.places:
        sights = place.sees
        if not sights:
            thing = next((one for one in spare if not mentions(place.name, one)), "")
            sights = (thing,) if thing else (f"the {place.name}",)
            spare = [one for one in spare if one != thing]
        places.append(replace(place, sees=sights))
    return replace(plan, places=tuple(places))


def _sound(plan: WorldPlan, ids: Ids) -> list[Move]:
    """Return the moves that can stand: none twice, every key taken once, every win earned, dangers the exception."""
    kept: list[Move] = []
    said: set[tuple[str, str]] = set()
    losses = 0
    for move in plan.moves:
        kind = plan.kind(move)
        here = [other for other in kept if other.at == move.at]
        wording = " ".join(stem(word) for word in move.do.lower().split())
        if kind == "win" and not move.needs:
            move = replace(move, needs=ids.keys[1])
        others = [place for place in plan.places if place.id not in (move.to, move.at)]
        if (
            (move.edge in {other.edge for other in here} and kind != "act")
            or ("", wording) in said
            or (kind == "take" and any(other.takes == move.takes for other in kept))
            or (kind == "act" and sum(plan.kind(other) == "act" and not other.after_s for other in here) >= ACTS)
            or (kind == "lose" and not move.after_s and losses >= max(1, len(ids.inner) // 3))
            or (kind in ("way", "lock") and move.to and _leads_elsewhere(move, plan.place(move.to), others))
        ):
            continue
        if kind == "take" and move.takes and not mentions(move.do, plan.keys[move.takes]):
            move = replace(move, do=f"take {the(plan.keys[move.takes])}")
        losses += kind == "lose" and not move.after_s
        said.add(("", wording))
        kept.append(move)
    return kept


def _leads_elsewhere(move: Move, to: Place, others: Sequence[Place]) -> bool:
    """Say whether the words of a move name another place than the one it leads to."""
    text = move.do.lower()
    named = [place for place in others if bare(place.name).lower() in text]
    return bool(named) and bare(to.name).lower() not in text


def _worded(plan: WorldPlan, edge: Edge, ids: Ids) -> Move:
    """Return an edge of a drawn graph as a move, in the words of the plan."""
    key = the(plan.keys[edge.key]) if edge.key else ""
    place = plan.place(edge.at)
    to = the(plan.place(edge.to).name) if edge.to else ""
    if edge.kind == "take":
        return Move(f"take {key}", edge.at, None, takes=edge.key)
    if edge.kind == "act":
        return Move(f"look closely at {the(place.sees[0])}", edge.at)
    if edge.kind == "win":
        return Move(f"use {key} to {_goal(plan)}", edge.at, edge.to, needs=edge.key)
    if edge.kind == "lose":
        return Move(f"take the risk at {the(place.sees[-1])}", edge.at, edge.to)
    if edge.kind == "lock":
        return Move(f"use {key} to reach {to}", edge.at, edge.to, needs=edge.key)
    is_back = edge.to is not None and ids.inner.index(edge.to) < ids.inner.index(edge.at)
    return Move(f"{'go back' if is_back else 'go on'} to {to}", edge.at, edge.to)


def _goal(plan: WorldPlan) -> str:
    return plan.bible.goal.removeprefix("to ")
