"""The objectives of a mission: which moves on the way to a win count, and how a model tells the player of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from worldkit.exploration.counted import explore_counted
from worldkit.generation.direct import proof
from worldkit.generation.direct.judge import repeats_question
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.schema import TEXT, as_object, closed_object
from worldkit.generation.direct.wording import names_id, plain, the
from worldkit.generation.direct.writing_job import WritingJob
from worldkit.generation.text.english import capital

FEWEST, MOST = 3, 5
"""Objectives of a mission."""
LONGEST, TOKENS = 80, 25
"""Characters of an objective at most, and tokens that it may take with its key."""


def with_objectives(job: WritingJob, plan: WorldPlan) -> WorldPlan:
    """Return a plan with the objectives of its mission, in words that a model is asked for."""
    moves = objective_moves(plan)
    lines = [f"o{number}: {move.do} (at {the(plan.place(move.at).name)})" for number, move in enumerate(moves, 1)]
    answer = job.conversation.ask(
        "The player is shown objectives from the beginning. Say each of these as one of them, in three to ten words, "
        "begun with a verb: what is wanted, and no secret that is found out later.\n" + "\n".join(lines),
        closed_object(**{f"o{number}": TEXT for number in range(1, len(moves) + 1)}),
        max_tokens=20 + TOKENS * len(moves),
        what="the objectives",
        report_status=job.report,
    )
    return told(plan, answer.data)


def told(plan: WorldPlan, data: Any) -> WorldPlan:
    """Return a plan with the objectives of its mission, in the words of an answer, else in those of its moves."""
    words = as_object(data)
    objectives: dict[str, str] = {}
    names = dict(zip(plan.moves, plan.event_names(), strict=True))
    for number, move in enumerate(objective_moves(plan), 1):
        text = capital(plain(words.get(f"o{number}")).rstrip("."))
        is_fit = 2 < len(text) <= LONGEST and not repeats_question(text) and not names_id(text, plan.ids.every_id)
        objectives[names[move]] = text if is_fit and text not in objectives.values() else capital(move.do)
    return replace(plan, objectives=objectives)


def objective_moves(plan: WorldPlan) -> Sequence[MoveOutline]:
    """Return what counts on the shortest way to a win: keys that are got and used, and the win itself.

    Of too many, the getting of a key is left out first: its use stays.
    """
    route = explore_counted(proof.skeleton(plan)).route_to(plan.ids.wins[0])
    if route is None:
        return []
    moves_by_name = dict(zip(plan.event_names(), plan.moves, strict=True))
    moves = list(dict.fromkeys(moves_by_name[step.event] for step in route.steps if step.event is not None))
    with_keys = {move for move in moves if move.takes or move.needs or move == moves[-1]}
    others = [move for move in moves if move not in with_keys]
    chosen_moves = with_keys.union(others[: max(0, FEWEST - len(with_keys))])
    objectives = [move for move in moves if move in chosen_moves]
    while len(objectives) > MOST:
        dispensable = next((move for move in objectives if move.takes), objectives[-2])
        objectives.remove(dispensable)
    return objectives
