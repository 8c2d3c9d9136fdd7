"""Puts a plan, its prose and its features together into a world document."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from worldkit.core.json_values import Json
from worldkit.core.progress import Address
from worldkit.editing.hotkeys import assign_hotkeys
from worldkit.editing.naming import UnusedNames
from worldkit.generation.direct.naming import kind_of_somebody, label, label_named, mentions, thing_seen, without_names
from worldkit.generation.direct.passages import PHASE_COUNT
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.wording import bare
from worldkit.generation.planning.plan import PlanPlace, graph_event
from worldkit.generation.prose.assembly import ANCHOR_PROXIMITY, document_of, state_body
from worldkit.generation.text.english import capital

_EVIDENCE = {"minExtent": 0.1, "hits": 2, "timeoutMs": 10_000}
"""How much of a picture a thing takes, in how many looks, and how long one waits for it (docs/evidence.md)."""


def document(plan: WorldPlan, texts: Mapping[Address, str], features: Collection[str] = ()) -> Json:
    """Return the world document of a plan; every base holds subject and style tail, which hosted players omit."""
    basis, ids = plan.basis, plan.state_ids
    moves = plan.events
    hotkeys = assign_hotkeys((name, move.at, move.do) for name, move in moves.items())
    scene = {
        "states": {ids[place.id]: state_body(ids[place.id], place.end, texts) for place in plan.places},
        "events": [_event(plan, move, name, texts, hotkeys.get(name)) for name, move in moves.items()],
    }
    raw = document_of(basis.title, basis.logline, scene, basis.look, basis.air, basis.logline)
    if "evidence" in features:
        _add_evidence(raw, plan)
    if "missions" in features:
        _add_missions(raw, plan)
    return raw


def _event(plan: WorldPlan, move: MoveOutline, name: str, texts: Mapping[Address, str], hotkey: str | None) -> Json:
    ids = plan.state_ids
    body = graph_event(name, ids[move.at], ids[move.to] if move.to else None)
    body["detail"] = capital(move.do)
    body["base"] = texts["event", name, "base"]
    if narration := texts.get(("event", name, "narration")):
        body["narration"] = narration
    phases = [
        {"base": texts["event", name, f"phases.{n}.base"], "camera": texts["event", name, f"phases.{n}.camera"]}
        for n in range(PHASE_COUNT)
        if ("event", name, f"phases.{n}.base") in texts
    ]
    if phases:
        body["phases"] = phases
    if move.after_s:
        body |= {"hidden": True, "autoAfterMs": move.after_s * 1000}
    elif hotkey:
        body["hotkey"] = hotkey
    flags = plan.flags()
    if move.takes:
        body |= {"oneShot": True, "grants": [flags[move.takes]]}
    elif move.to is None:
        body["oneShot"] = True  # its text would tell the same once more
    if move.needs:
        body["requires"] = [flags[key] for key in move.needs]
    if hint := texts.get(("event", name, "hint")):
        body["lockedHint"] = hint
    if thing := _anchor(plan, move, texts["state", ids[move.at], "base"]):
        body["anchor"] = {"label": thing, "minProximity": ANCHOR_PROXIMITY}
    return body


def _anchor(plan: WorldPlan, move: MoveOutline, base: str) -> str:
    """Return the thing to click, which the base shows: what is taken, or what the words of the move name of it."""
    place = plan.place(move.at)
    # a locked move with an anchor shows no hint in the hosted player, and where something can be lost, the hosted
    # platform counts a move with an anchor as none: there, what leads on has none, or else the first thing to do
    free_moves = [other for other in plan.at(move.at) if not (other.needs or other.after_s)]
    safe_moves = sorted((other for other in free_moves if plan.kind(other) != "lose"), key=lambda other: not other.to)
    is_risky = len(safe_moves) < len(free_moves)
    if move not in safe_moves or plan.kind(move) == "win" or (is_risky and (move.to or move == safe_moves[0])):
        return ""
    shown = without_names(base, [place.name])
    if (key := plan.thing_taken(move)) and mentions(shown, key):
        return label(key)
    thing = label_named(without_names(move.do, (other.name for other in plan.places)), place.sees)
    return kind_of_somebody(thing, plan.basis.others) if mentions(shown, thing) else ""


def _add_missions(raw: Json, plan: WorldPlan) -> None:
    """Add the missions of a plan to a document, each objective with its flag."""
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


def _add_evidence(raw: Json, plan: WorldPlan) -> None:
    """Make the moves of a document land when the picture shows what stands at their end."""
    ids = plan.state_ids
    labels: dict[str, str] = {}
    for place in plan.places:
        labels[ids[place.id]] = _label(place, plan.basis.others, labels.values())
    for id, body in raw["scene"]["states"].items():
        body["arriveLabel"] = labels[id]
    for event in raw["scene"]["events"]:
        if event["kind"] == "transition":
            event["landWhen"] = {"label": labels[event["to"]], **_EVIDENCE}


def _label(place: PlanPlace, others: Collection[str], other_labels: Collection[str]) -> str:
    """Return what a picture of a place is known by: what stands there alone, without a name that no picture tells."""
    labels = [kind_of_somebody(label, others) for sight in place.sees if (label := thing_seen(sight))]
    unused_labels = [label for label in labels if label not in other_labels]
    every_label = [*unused_labels, *labels, bare(place.sees[0])]
    return next((label for label in every_label if label.islower()), every_label[0])
