"""Plans and texts for tests of what a strong model writes: those of the worked example, and answers that hold."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from tests.generate import storyteller
from tests.generate.storyteller import PREMISE
from worldkit.generation.direct import (
    basis_reading,
    draft,
    example,
    passages,
    plan_form,
    shape,
)
from worldkit.generation.direct.basis import Basis, basis_schema
from worldkit.generation.direct.passages import Passage
from worldkit.generation.direct.plan import WorldPlan, ids

Body = dict[str, Any]
PLAN = example._plan()
STRONG_PLAN = replace(PLAN, is_weak=False)


def passage(path: str, place_id: str = "p4", plan: WorldPlan = PLAN) -> Passage:
    """Return a passage of the worked example."""
    [match] = [each for each in passages.passages(plan, plan.place(place_id)) if each.path == path]
    return match


def read_plan(
    data: Body, states: int = 6, features: frozenset[str] = frozenset(), *, is_weak: bool = True
) -> WorldPlan:
    """Return the plan in an answer of a model."""
    return draft.read(data, basis_of(states), ids(states), features, is_weak=is_weak).plan


def basis_of(states: int) -> Basis:
    """Return the basis of a world of so many states."""
    places = len(ids(states).inner)
    return basis_reading.read(storyteller.basis(asked(places)), PREMISE, places)[0]


def asked(places: int) -> Body:
    """Return a request for a basis of so many places."""
    return {"response_format": {"json_schema": {"schema": basis_schema(places)}}}


def whole_plan(states: int = 6, **changes: Any) -> Body:
    """Return an answer with a plan that holds, and some of its parts in other words."""
    plan_ids = ids(states)
    basis, _ = basis_reading.read(storyteller.basis(asked(len(plan_ids.inner))), PREMISE, len(plan_ids.inner))
    moves = shape.draw_shape(plan_ids, random.Random(5))
    question = plan_form.question(basis, plan_ids, moves)
    form = plan_form.schema(plan_ids)
    body = {"messages": [{"content": question}], "response_format": {"json_schema": {"schema": form}}}
    return storyteller.plan(body) | changes
