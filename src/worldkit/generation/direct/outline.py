"""The questions before the prose: basis, plan, objectives. What is wrong goes back once; code completes the rest."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from worldkit.core.quoting import format_count
from worldkit.exploration.counted import explore_counted
from worldkit.generation.direct import basis_reading, completion, draft, plan_form, proof
from worldkit.generation.direct.basis import Basis, basis_question, basis_schema
from worldkit.generation.direct.completion import agrees_with_target, is_repeated
from worldkit.generation.direct.conversation import WritingJob, correction
from worldkit.generation.direct.example import Turn, exchange
from worldkit.generation.direct.forbidden import repeats_question, visible_phrase
from worldkit.generation.direct.naming import mentions
from worldkit.generation.direct.person import verb_phrase
from worldkit.generation.direct.plan import MissionOutline, MoveOutline, WorldPlan
from worldkit.generation.direct.plan_form import as_answer
from worldkit.generation.direct.schema import TEXT, as_object, closed_object, compact, prompt
from worldkit.generation.direct.wording import TAKING_VERB, names_id, plain, the
from worldkit.generation.text.english import capital, listing
from worldkit.ruleset.vocabulary import LETHAL

MAX_DEED_CHARACTERS, MAX_OBJECTIVE_CHARACTERS, TOKENS_PER_LINE = 70, 80, 25
"""Characters of what is done and of an objective at most, and tokens that either may take with its key."""
MAX_OBJECTIVES = 5
"""Objectives of a mission."""


def ask_basis(job: WritingJob) -> Basis:
    """Ask for the basis, and once more for what is wrong with it; the conversation goes on with it."""
    place_count = len(job.ids.inner)
    question = basis_question(job.premise, place_count, job.chapter, is_weak=False)
    ask = partial(job.ask, schema=basis_schema(place_count), max_tokens=500 + 100 * place_count)
    read = partial(basis_reading.read, premise=job.premise, places=place_count, chapter=job.chapter)
    answer = ask(question, what="the basis")
    first_data = answer.data
    readings = [read(first_data)]
    if (refusals := readings[0][1]) and not answer.is_failure:
        turns = exchange(question, answer.text[:4_000] or "{}")
        answer = ask(correction(refusals), what="the basis, again", before=turns)
        # a model may give only what it was asked to put right
        readings.append(read({**as_object(first_data), **as_object(answer.data)}))
    basis, refusals = min(reversed(readings), key=lambda reading: len(reading[1]))
    if refusals:
        source = "the chapter" if job.chapter else "the premise"
        job.notes.append(f"the basis was completed from {source}: {'; '.join(refusals[:3])}")
    job.turns += exchange(question, basis.as_json())
    return basis


def ask_plan(job: WritingJob, basis: Basis) -> tuple[WorldPlan, int]:
    """Ask for the plan, hand it back once with what is wrong, and return it completed, with how much is its own."""
    ids, feature_names = job.ids, job.feature_names
    question = plan_form.question(basis, ids, job.drawn_moves(), feature_names)
    max_tokens = 80 + 160 * job.states + 60 * len(ids.keys)
    ask = partial(job.ask, schema=plan_form.schema(ids, feature_names), max_tokens=max_tokens)
    prompt, turns = question, list[Turn]()
    read = partial(draft.read, basis=basis, ids=ids, features=feature_names, is_weak=job.chat.is_weak)
    best_draft, fewest_faults = read(None), math.inf
    for what in ("the plan", "the plan, correction 1"):
        answer = ask(prompt, what=what, before=turns)
        plan_draft = read(answer.data)
        problems = proof.problems(plan_draft.plan)
        fault_count = len(problems) + len(plan_draft.refusals)
        is_better = bool(plan_draft.words) and fault_count < fewest_faults
        if is_better:
            best_draft, fewest_faults = plan_draft, fault_count
        if answer.interruption and answer.data is not None:
            job.notes.append(f"the plan was cut off ({answer.interruption}); what had arrived was completed by code")
        # what a model did not make better when it was told is filled by code
        if answer.interruption or answer.data is None or not fault_count or not is_better:
            break
        turns = exchange(question, answer.text[:8_000])
        prompt = correction([*problems, *plan_draft.refusals])
    plan, changes = completion.complete(best_draft.plan, job.drawn_moves())
    if best_draft.words:  # a model that planned nothing has no words either
        if changes:
            were = "was" if changes == 1 else "were"
            moves = format_count(changes, "move")
            job.notes.append(f"{moves} of the plan {were} added or left out by code, so that it can be played")
        plan = in_own_words(job, plan, best_draft.plan.moves, question)
    for feature, is_hidden in (("timers", False), ("hidden", True)):
        if feature in feature_names and not any(move.after_s and move.is_hidden == is_hidden for move in plan.moves):
            job.notes.append(f"the world has no event for features={feature!r}: what was planned could not be played")
    if best_draft.words and best_draft.refusals:
        job.notes.append(f"of the plan was left out or replaced: {'; '.join(best_draft.refusals[:3])}")
    job.turns += exchange(question, compact(plan_form.as_answer(plan)))
    return plan, best_draft.words


def in_own_words(
    job: WritingJob, plan: WorldPlan, model_moves: Collection[MoveOutline], plan_question: str
) -> WorldPlan:
    """Return a plan whose moves that no model wrote are told in words that it is asked for, after its plan."""
    moves = [move for move in plan.moves if move not in model_moves and _says_little(plan, move)]
    if not moves:
        return plan
    answer = job.ask(
        _question(plan, moves),
        closed_object(**{f"m{number}": TEXT for number in range(1, len(moves) + 1)}),
        max_tokens=20 + TOKENS_PER_LINE * len(moves),
        what="the words of the plan",
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
    return prompt("plan_words", moves="\n".join(lines))


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
        do = verb_phrase(visible_phrase(words.get(f"m{number}"), MAX_DEED_CHARACTERS, plan.basis.names), plan.basis.who)
        worded = replace(move, do=do)
        others = [other for other in plan.moves if other != move]
        is_fit = (
            len(do.split()) > 1
            and not names_id(do, plan.ids.every_id)
            and agrees_with_target(plan, worded)
            and not any(is_repeated(other, worded) for other in others)
            and not (plan.kind(move) == "act" and TAKING_VERB.match(do))
            and all(mentions(do, plan.keys[key]) for key in move.needs)
        )
        if is_fit:
            plan = plan.with_moves([worded if other == move else other for other in plan.moves])
    return plan


def with_missions(job: WritingJob, plan: WorldPlan) -> WorldPlan:
    """Return a plan with a mission for each way to win, in words that a model is asked for."""
    lines, forms, count = [], {}, 0
    for win in plan.ids.wins:
        moves = objective_moves(plan, win)
        lines.append(f'{win}: {the(plan.place(win).name)}, "{plan.place(win).title}"')
        lines += [f"o{at}: {move.do} (at {the(plan.place(move.at).name)})" for at, move in enumerate(moves, 1)]
        forms[win] = closed_object(title=TEXT, **{f"o{number}": TEXT for number in range(1, len(moves) + 1)})
        count += len(moves) + 1
    rule = prompt("objectives_weak" if plan.is_weak else "objectives_strong")
    answer = job.ask(
        prompt("objectives", rule=rule, steps="\n".join(lines)),
        closed_object(**forms),
        max_tokens=20 + TOKENS_PER_LINE * count,
        what="the objectives",
    )
    return with_mission_words(plan, answer.data)


def with_mission_words(plan: WorldPlan, data: Any) -> WorldPlan:
    """Return a plan with its missions in the words of an answer, else in those of the plan."""
    names = {move: name for name, move in plan.events.items()}
    missions: list[MissionOutline] = []
    for win in plan.ids.wins:
        words = as_object(as_object(data).get(win))
        own_title = plan.basis.goal if not missions else plan.place(win).title
        used_titles = [mission.title for mission in missions]
        title = _objective(plan, words.get("title"), used_titles) or capital(own_title)
        objectives: dict[str, str] = {}
        for number, move in enumerate(objective_moves(plan, win), 1):
            text = _objective(plan, words.get(f"o{number}"), objectives.values())
            objectives[names[move]] = text or capital(move.do)
        if objectives:
            missions.append(MissionOutline(title, objectives))
    return replace(plan, missions=tuple(missions))


def _objective(plan: WorldPlan, value: Any, others: Collection[str]) -> str:
    """Return what a model says of an objective; empty where it says nothing of its own."""
    text = capital(plain(value).rstrip("."))
    is_words = (
        2 < len(text) <= MAX_OBJECTIVE_CHARACTERS and " " in text and not LETHAL.words(text) and text not in others
    )
    is_echo = names_id(text, plan.ids.every_id) or (plan.is_weak and repeats_question(text))
    return text if is_words and not is_echo else ""


def objective_moves(plan: WorldPlan, win: str) -> Sequence[MoveOutline]:
    """Return what counts on the shortest way to an ending that is won: keys that are got and used, and the win itself.

    Of too many, the use of a key is left out first, then what is done first.
    """
    route = explore_counted(proof.skeleton(plan)).route_to(win)
    if route is None:
        return []
    events = plan.events
    moves = list(dict.fromkeys(events[step.event] for step in route.steps if step.event is not None))
    objectives = [move for move in moves if move.takes or move.needs or move == moves[-1]]
    while len(objectives) > MAX_OBJECTIVES:
        before_win = objectives[:-1]
        objectives.remove(next((move for move in before_win if not move.takes), before_win[0]))
    return objectives
