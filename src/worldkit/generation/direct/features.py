"""What a world may have beside places and moves: missions, timers, hidden events, variants, arrival evidence.

All of it is put into a plan that was proven, or a document made of one, and what changes the graph is proven again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from worldkit.core.argument_checks import refusal
from worldkit.core.json_values import Json
from worldkit.editing.naming import UnusedNames
from worldkit.generation.direct.naming import thing_seen
from worldkit.generation.direct.plan import PlaceOutline, WorldPlan
from worldkit.generation.direct.wording import bare

FEATURES = ("missions", "timers", "hidden", "variants", "evidence")
_EVIDENCE = {"minExtent": 0.1, "hits": 2, "timeoutMs": 10_000}
"""How much of a picture a thing takes, in how many looks, and how long one waits for it (docs/evidence.md)."""


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


def add_missions(raw: Json, plan: WorldPlan) -> None:
    """Add the missions of a plan to a document, each objective with its flag.

    A step that grants nothing yet grants a flag of its own, which nothing needs, so nothing closes behind it.
    """
    bodies = {event["name"]: event for event in raw["scene"]["events"]}
    flags = UnusedNames(flag for event in bodies.values() for flag in event.get("grants", ()))
    ids = UnusedNames()
    raw["missions"] = []
    for number, mission in enumerate(plan.missions):
        objectives = []
        for name, text in mission.objectives.items():
            event = bodies[name]
            if not event.get("grants"):
                event["grants"] = [flags.take(f"done_{name}")]
            flag = event["grants"][0]
            objectives.append({"id": ids.take(flag), "text": text, "location": event["from"][0], "grants": flag})
        id = f"way_{number + 1}" if number else "main"
        raw["missions"].append(
            {"id": id, "title": mission.title, "objectives": objectives, "complete": objectives[-1]["grants"]}
        )


def add_evidence(raw: Json, plan: WorldPlan) -> None:
    """Make the moves of a document land when the picture shows what stands at their end."""
    ids = plan.state_ids()
    labels: dict[str, str] = {}
    for place in plan.places:
        labels[ids[place.id]] = _label(place, labels.values())
    for id, body in raw["scene"]["states"].items():
        body["arriveLabel"] = labels[id]
    for event in raw["scene"]["events"]:
        if event["kind"] == "transition":
            event["landWhen"] = {"label": labels[event["to"]], **_EVIDENCE}


def _label(place: PlaceOutline, other_labels: Collection[str]) -> str:
    """Return what a picture of a place is known by: what stands there alone, without a name that no picture tells."""
    labels = [label for sight in place.sees if (label := thing_seen(sight))]
    unused_labels = [label for label in labels if label not in other_labels]
    every_label = [*unused_labels, *labels, bare(place.sees[0])]
    return next((label for label in every_label if label.islower()), every_label[0])
