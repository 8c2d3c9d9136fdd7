"""What a world may have beside places and moves: missions, timers, hidden events, variants, arrival evidence.

All of it is put into a plan that was proven, or a document made of one, and what changes the graph is proven again.
"""

from __future__ import annotations

from collections.abc import Iterable

from worldkit.core.argument_checks import refusal
from worldkit.core.json_values import Json
from worldkit.editing.naming import UnusedNames
from worldkit.exploration.counted import explore_counted
from worldkit.generation.direct.plan import WorldPlan
from worldkit.generation.direct.wording import bare
from worldkit.generation.text.english import capital
from worldkit.world import World

FEATURES = ("missions", "timers", "hidden", "variants", "evidence")
FEWEST, MOST = 3, 5
"""Objectives of a mission."""
_EXTENT, _HITS = 0.1, 2


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


def add_mission(raw: Json, plan: WorldPlan) -> None:
    """Add a mission to a document: three to five things on the shortest way to a win, each with its flag.

    A step that grants nothing yet grants a flag of its own. It can be done again, so nothing closes behind it.
    """
    ids = plan.state_ids()
    win = next(place for place in plan.places if place.ending == "win")
    route = explore_counted(World.from_dict(raw, source="the generated world")).route_to(ids[win.id])
    if route is None:
        return
    names = list(dict.fromkeys(step.event for step in route.steps if step.event is not None))
    bodies = {event["name"]: event for event in raw["scene"]["events"]}
    with_flags = {name for name in names if bodies[name].get("grants") or bodies[name].get("requires")}
    with_flags.add(names[-1])
    others = [name for name in names if name not in with_flags]
    chosen_names = with_flags.union(others[: max(0, FEWEST - len(with_flags))])
    objective_names = [name for name in names if name in chosen_names]
    objective_names[MOST - 1 : -1] = []
    objectives = []
    flags = UnusedNames(flag for event in raw["scene"]["events"] for flag in event.get("grants", ()))
    for name in objective_names:
        event = bodies[name]
        if not event.get("grants"):
            event["grants"] = [flags.take(f"done_{name}")]
        flag = event["grants"][0]
        text = event.get("detail") or name.replace("_", " ")
        objectives.append({"id": flag, "text": text, "location": event["from"][0], "grants": flag})
    title, last_flag = capital(plan.basis.goal), objectives[-1]["grants"]
    raw["missions"] = [{"id": "main", "title": title, "objectives": objectives, "complete": last_flag}]


def add_evidence(raw: Json, plan: WorldPlan) -> None:
    """Make the moves of a document land when the picture shows what stands at their end."""
    ids = plan.state_ids()
    labels = {ids[place.id]: bare(place.sees[0]) for place in plan.places}
    for id, body in raw["scene"]["states"].items():
        body["arriveLabel"] = labels[id]
    for event in raw["scene"]["events"]:
        if event["kind"] == "transition":
            event["landWhen"] = {"label": labels[event["to"]], "minExtent": _EXTENT, "hits": _HITS}
