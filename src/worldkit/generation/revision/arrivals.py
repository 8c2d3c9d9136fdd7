"""What lets events recognise where they lead: a new or changed state by its label, another state by its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from worldkit.core.document import json_of
from worldkit.core.errors import OpError
from worldkit.core.json_values import Json
from worldkit.editing.batch import apply
from worldkit.generation.planning.sketch import name
from worldkit.generation.revision.layers import old_ids
from worldkit.world import World


def label_of_new_place(world: World, id: str) -> str:
    """Return the label by which a new state is recognised, its name; empty where most of the others have none."""
    count = sum(state.arrive_label is not None for state in world.states.values())
    return name(id) if 2 * count > len(world.states) else ""


def arrival_ops(world: World, ops: Sequence[Json]) -> list[Json]:
    """Return what is to follow operations so that new states have labels, and events look for those they lead to.

    Where the operations are refused, nothing follows.
    """
    try:
        edit = apply(world, ops)
    except OpError:
        return []
    after = edit.world
    ids = old_ids(after, edit.ops)
    new_labels = _changed_labels(world, after, ids)
    events = json_of(after)["scene"]["events"]
    counts = Counter(event["name"] for event in events)
    events_before = {event["name"]: event for event in json_of(world)["scene"]["events"]}
    result: list[Json] = []
    for id, old_id in ids.items():
        if not old_id and after.states[id].arrive_label is None and (label := label_of_new_place(world, id)):
            result.append({"op": "update_state", "id": id, "patch": {"arriveLabel": label}})
    for index, event in enumerate(events):
        evidence = event.get("landWhen") or {}
        target = after.landing(event.get("to")) or ""
        old, new = new_labels.get(target, ("", ""))
        before = events_before.get(event["name"], {}) if counts[event["name"]] == 1 else {}
        if evidence and evidence == before.get("landWhen") and world.landing(before.get("to")) != ids.get(target):
            old, new = evidence.get("label", ""), after.states[target].arrive_label or "" if target else ""
        # what happens by itself by what is seen would not happen without it
        if not old or evidence.get("label") != old or new == old or (not new and evidence.get("auto")):
            continue
        # other words for the old thing say nothing of the new one
        kept_evidence = {key: value for key, value in evidence.items() if key != "aliases"}
        new_evidence = kept_evidence | {"label": new} if new else None
        if counts[event["name"]] == 1:
            result.append({"op": "update_event", "name": event["name"], "patch": {"landWhen": new_evidence}})
        else:  # a name finds only the first event that has it
            body = {**event, "landWhen": new_evidence}
            result.append({"op": "put_event", "index": index, "event": body, "force": True})
    return result


def _changed_labels(before: World, after: World, ids: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return the labels that states had and have, by the ids they have now, of those whose label changed."""
    labels: dict[str, tuple[str, str]] = {}
    for id, state in after.states.items():
        was = before.states.get(ids[id])
        if was and was.arrive_label and state.arrive_label and was.arrive_label != state.arrive_label:
            labels[id] = was.arrive_label, state.arrive_label
    return labels
