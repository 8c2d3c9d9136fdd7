"""The worked example that a model is shown before its own world: the same for every world, so that servers cache it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache

from worldkit.generation.direct import basis_reading, draft, place_question, plan_form
from worldkit.generation.direct.basis import basis_question
from worldkit.generation.direct.naming import content_words
from worldkit.generation.direct.plan import WorldPlan, ids
from worldkit.generation.direct.schema import compact, prompt, texts_in
from worldkit.generation.text.data import read_data
from worldkit.generation.text.english import stem

Turn = dict[str, str]

_EXAMPLE = read_data("worked_example.json")


def system(*, is_weak: bool) -> str:
    """Return what a model is told that it does."""
    return "\n".join(prompt(name) for name in (("world",) if is_weak else ("world", "world_strong")))


@cache
def turns(*, is_weak: bool = True) -> tuple[Turn, ...]:
    """Return the worked example as the turns of a conversation; a weak model plans nothing, and tells no move."""
    plan, basis_answer, place_answer = _plan(), _EXAMPLE["basis"], _EXAMPLE["place"]
    if is_weak:
        plan = plan.with_moves([replace(move, is_told=True) for move in plan.moves])
        place_answer = {name: text for name, text in place_answer.items() if not isinstance(text, dict)}
    else:
        basis = replace(plan.basis, truth=_EXAMPLE["truth"])
        plan = replace(plan, basis=basis, details=_EXAMPLE["details"], is_weak=False)
        basis_answer = json.loads(plan.basis.as_json())
    question_of_basis = basis_question(_EXAMPLE["premise"], len(plan.ids.inner), is_weak=is_weak)
    # the shape that was suggested is the one that the plan follows
    plan_question = plan_form.question(plan.basis, plan.ids, plan.moves)
    plan_turns = [] if is_weak else exchange(plan_question, compact(plan_form.as_answer(plan)))
    question_of_place = place_question.question(plan, plan.place("p4"), ("k1",), ("k2",))
    return (
        *exchange(question_of_basis, compact(basis_answer)),
        *plan_turns,
        *exchange(question_of_place, compact(place_answer)),
    )


def exchange(question: str, answer: str) -> list[Turn]:
    """Return a question and its answer as two turns."""
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


@cache
def texts() -> tuple[str, ...]:
    """Return what the worked example says, which no answer may repeat."""
    return tuple(texts_in([_EXAMPLE[name] for name in ("basis", "truth", "plan", "details", "place")]))


def strange_stems(plan: WorldPlan) -> frozenset[str]:
    """Return the stems of who the worked example is about, but for those that a world has, too."""
    names = (plan.basis.as_json(), plan.basis.story, *plan.keys.values())
    own_texts = (*names, *(move.do for move in plan.moves), *(sight for place in plan.places for sight in place.sees))
    own_stems = {stem(word) for text in own_texts for word in re.findall(r"[a-z]+", text.lower())}
    return frozenset(stem(word) for word in content_words(_plan().basis.who)) - own_stems


@cache
def _plan() -> WorldPlan:
    plan_ids = ids(6)
    basis, _ = basis_reading.read(_EXAMPLE["basis"], _EXAMPLE["premise"], len(plan_ids.inner))
    return draft.read(_EXAMPLE["plan"], basis, plan_ids).plan
