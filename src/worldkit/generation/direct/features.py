"""What a world may have beside places and moves, and the words of its missions, which a model is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from worldkit.core.argument_checks import refusal
from worldkit.exploration.counted import explore_counted
from worldkit.generation.direct import proof
from worldkit.generation.direct.conversation import WritingJob
from worldkit.generation.direct.forbidden import repeats_question
from worldkit.generation.direct.plan import MissionOutline, MoveOutline, WorldPlan
from worldkit.generation.direct.schema import TEXT, as_object, closed_object, prompt
from worldkit.generation.direct.wording import names_id, plain, the
from worldkit.generation.text.english import capital
from worldkit.ruleset.vocabulary import LETHAL

FEATURES = ("missions", "timers", "hidden", "variants", "evidence")
MOST = 5
"""Objectives of a mission."""
LONGEST, TOKENS = 80, 25
"""Characters of an objective at most, and tokens that it may take with its key."""


def check_features(features: Iterable[str]) -> frozenset[str]:
    """Return features, which are names out of ``FEATURES``, as a set.

    Raises:
        WrongArgument: One of them is not known.
    """
    names = [features] if isinstance(features, str) else list(features)
    for name in names:
        if name not in FEATURES:
            raise refusal("features", f"some of {', '.join(map(repr, FEATURES))}", name)
    return frozenset(names)


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
        max_tokens=20 + TOKENS * count,
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
        title = _text(plan, words.get("title"), used_titles) or capital(own_title)
        objectives: dict[str, str] = {}
        for number, move in enumerate(objective_moves(plan, win), 1):
            text = _text(plan, words.get(f"o{number}"), objectives.values())
            objectives[names[move]] = text or capital(move.do)
        if objectives:
            missions.append(MissionOutline(title, objectives))
    return replace(plan, missions=tuple(missions))


def _text(plan: WorldPlan, value: Any, others: Collection[str]) -> str:
    """Return what a model says of an objective; empty where it says nothing of its own."""
    text = capital(plain(value).rstrip("."))
    is_words = 2 < len(text) <= LONGEST and " " in text and not LETHAL.words(text) and text not in others
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
    while len(objectives) > MOST:
        before_win = objectives[:-1]
        objectives.remove(next((move for move in before_win if not move.takes), before_win[0]))
    return objectives
