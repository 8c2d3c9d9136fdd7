"""Asks a model for the words of the moves that code added to its plan, so that they belong to its story as well."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from worldkit.generation.direct.deeds import agrees_with_target, is_repeated, visible_phrase
from worldkit.generation.direct.example import exchange
from worldkit.generation.direct.naming import mentions
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.plan_form import as_answer
from worldkit.generation.direct.schema import TEXT, as_object, closed_object, compact
from worldkit.generation.direct.verbs import verb_phrase
from worldkit.generation.direct.wording import TAKING, names_id, the
from worldkit.generation.direct.writing_job import WritingJob
from worldkit.generation.text.english import listing

LONGEST, TOKENS = 70, 25
"""Characters of what is done at most, and tokens that it may take with its key."""


def in_own_words(
    job: WritingJob, plan: WorldPlan, model_moves: Collection[MoveOutline], plan_question: str
) -> WorldPlan:
    """Return a plan whose moves that no model wrote are told in words that it is asked for, after its plan."""
    moves = [move for move in plan.moves if move not in model_moves and _says_little(plan, move)]
    if not moves:
        return plan
    answer = job.conversation.ask(
        _question(plan, moves),
        closed_object(**{f"m{number}": TEXT for number in range(1, len(moves) + 1)}),
        max_tokens=20 + TOKENS * len(moves),
        what="the words of the plan",
        report_status=job.report,
        before=exchange(plan_question, compact(as_answer(plan))),
    )
    return with_words(plan, moves, answer.data)


def _says_little(plan: WorldPlan, move: MoveOutline) -> bool:
    """Say whether code's words do not tell what a move is: what takes a key, goes back or wins does so by itself."""
    kind = plan.kind(move)
    return kind in ("lock", "act", "lose") or (kind == "way" and not plan.leads_back(move))


def _question(plan: WorldPlan, moves: Sequence[MoveOutline]) -> str:
    lines = []
    for number, move in enumerate(moves, 1):
        place = plan.place(move.at)
        lines.append(f"m{number}: at {the(place.name)} ({listing(place.sees)}): {_purpose(plan, move)}")
    return (
        "These moves are added to the plan. Say of each what the hero does, begun with a verb, in three to eight "
        "words, with what stands there.\n" + "\n".join(lines)
    )


def _purpose(plan: WorldPlan, move: MoveOutline) -> str:
    kind = plan.kind(move)
    if kind == "act":
        return "something to do on the spot"
    if kind == "lose":
        return f"a mistake by which the story is lost ({plan.basis.stake})"
    keys = listing([the(plan.keys[key]) for key in move.needs])
    return f"the way{f' with {keys}' if keys else ''} to {the(plan.place(move.to or move.at).name)}"


def with_words(plan: WorldPlan, moves: Sequence[MoveOutline], data: Any) -> WorldPlan:
    """Return a plan whose moves are told in the words of an answer, which may be anything, where they agree with it."""
    words = as_object(data)
    for number, move in enumerate(moves, 1):
        do = verb_phrase(visible_phrase(words.get(f"m{number}"), LONGEST, plan.basis.names), plan.basis.who)
        worded = replace(move, do=do)
        others = [other for other in plan.moves if other != move]
        is_fit = (
            len(do.split()) > 1
            and not names_id(do, plan.ids.every_id)
            and agrees_with_target(plan, worded)
            and not any(is_repeated(other, worded) for other in others)
            and not (plan.kind(move) == "act" and TAKING.match(do))
            and all(mentions(do, plan.keys[key]) for key in move.needs)
        )
        if is_fit:
            plan = plan.with_moves([worded if other == move else other for other in plan.moves])
    return plan
