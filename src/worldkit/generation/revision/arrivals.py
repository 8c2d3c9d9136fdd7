"""What lets events recognise a state by its new label, where they recognised it by the old one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from worldkit.core.document import json_of
from worldkit.core.errors import OpError
from worldkit.core.json_values import Json
from worldkit.editing.batch import apply
from worldkit.generation.revision.old_ids import old_ids
from worldkit.world import World


def arrival_ops(world: World, ops: Sequence[Json]) -> list[Json]:
    """Return what is to follow operations so that events look for the labels that states have after them.

    Args:
        world: The world before the operations.
        ops: The operations; where they are refused, nothing follows.
    """
    try:
        applied = apply(world, ops)
    except OpError:
        return []
    after = applied.world
    new_labels = _changed_labels(world, after, applied.ops)
    events = json_of(after)["scene"]["events"] if new_labels else []
    counts = Counter(event["name"] for event in events)
    result: list[Json] = []
    for index, event in enumerate(events):
        evidence = event.get("landWhen") or {}
        old, new = new_labels.get(after.landing(event.get("to")) or "", ("", ""))
        if not old or evidence.get("label") != old:
            continue
        # other words for the old thing say nothing of the new one
        new_evidence = {key: value for key, value in evidence.items() if key != "aliases"} | {"label": new}
        if counts[event["name"]] == 1:
            result.append({"op": "update_event", "name": event["name"], "patch": {"landWhen": new_evidence}})
        else:  # a name finds only the first event that has it
            body = {**event, "landWhen": new_evidence}
            result.append({"op": "put_event", "index": index, "event": body, "force": True})
    return result


def _changed_labels(before: World, after: World, ops: Sequence[Json]) -> dict[str, tuple[str, str]]:
    """Return the labels that states had and have, by the ids they have now, of those whose label changed."""
    ids = old_ids(after, ops)
    labels: dict[str, tuple[str, str]] = {}
    for id, state in after.states.items():
        was = before.states.get(ids[id])
        if was and was.arrive_label and state.arrive_label and was.arrive_label != state.arrive_label:
            labels[id] = was.arrive_label, state.arrive_label
    return labels
