"""A plan as a progress display draws it while its prose is still to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worldkit.generation.direct.passages import Passage
from worldkit.generation.direct.plan import Kind as MoveKind
from worldkit.generation.direct.plan import WorldPlan
from worldkit.generation.direct.wording import the
from worldkit.generation.planning.plan import Kind, Plan, PlanEnding, PlanPlace, PlanStep
from worldkit.generation.planning.stock import Thing
from worldkit.generation.prose.partial_world import COMING
from worldkit.generation.prose.requests import Field

_KINDS: Mapping[MoveKind, Kind] = {
    "way": "way",
    "lock": "lock",
    "take": "take",
    "act": "act",
    "win": "goal",
    "lose": "fall",
}


def preview(plan: WorldPlan, texts: Sequence[Passage]) -> tuple[Plan, list[Field]]:
    """Return a plan and the texts that are to come, in the form that ``Watch.planned`` takes.

    Args:
        plan: The plan.
        texts: The texts that are to come.
    """
    basis, ids, flags = plan.basis, plan.state_ids(), plan.flags()
    places = tuple(
        PlanPlace(ids[place.id], place.name, tuple(map(Thing, place.sees)), _end(place.ending, place.title))
        for place in plan.places
    )
    steps = tuple(
        PlanStep(
            name=name,
            do=move.do,
            kind=_KINDS[plan.kind(move)],
            at=ids[move.at],
            to=ids[move.to] if move.to else None,
            thing=Thing(plan.place(move.at).sees[0]),
            requires=(flags[move.needs],) if move.needs else (),
            grants=(flags[move.takes],) if move.takes else (),
            hint=f"Needs {the(plan.keys[move.needs])}." if move.needs else "",
        )
        for name, move in zip(plan.event_names(), plan.moves, strict=True)
    )
    preview_plan = Plan(
        premise=basis.premise,
        name=basis.title,
        logline=basis.logline,
        who=basis.who,
        look=basis.look.rstrip("."),
        air=basis.air,
        motions=(),
        setting=places[0].name,
        goal=basis.goal,
        deadline="",
        places=places,
        steps=steps,
    )
    return preview_plan, [Field(passage.at, (COMING,)) for passage in texts]


def _end(ending: str | None, title: str) -> PlanEnding | None:
    if ending is None:
        return None
    return PlanEnding("win" if ending == "win" else "lose", title, title)
