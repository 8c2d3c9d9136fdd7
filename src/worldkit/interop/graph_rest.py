"""The rest of a world beside its graph: what ``to_networkx`` puts in the graph's attribute ``world``.

The graph may have been edited since. So what refers to states that it has no more is left out; what named no state of
the world in the first place stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from worldkit.core import json_values
from worldkit.core.document import Document, from_json
from worldkit.core.json_values import Json
from worldkit.editing import refs


def holds_world(value: Any) -> bool:
    """Say whether a graph's attribute ``world`` is one, as far as that can be told without checking it."""
    return isinstance(value, dict) and isinstance(value.get("scene"), dict)


def rest_of_world(value: Any, nodes: Collection[str]) -> Json:
    """Return the document beside the graph, without references to states that are gone; an empty one for another graph.

    Locations of objectives stay: they are made where they are missing.

    Args:
        value: The graph's attribute ``world``.
        nodes: The ids of the graph's nodes.

    Returns:
        The document; its events are as in the attribute, those of edges as their names.

    Raises:
        InvalidWorld: It is no world.
    """
    if not holds_world(value):
        return {"scene": {}}
    json_values.check_json(value, "the graph's world")
    rest: Json = json_values.deep_copy(value)
    events = rest["scene"].get("events", [])
    others = [entry for entry in events if not isinstance(entry, str)] if isinstance(events, list) else events
    from_json(Document, {**rest, "scene": {**rest["scene"], "states": {}, "events": others}}, "the graph's world")
    states = rest["scene"].pop("states", None)
    states_before = {id for id in states if isinstance(id, str)} if isinstance(states, list) else None

    def is_gone(id: str) -> bool:
        return id not in nodes and (states_before is None or id in states_before)

    _prune_fields(rest, is_gone, set(nodes) - (states_before or set()))
    lost_cutscenes = refs.cutscene_ids(value) - refs.cutscene_ids(rest)
    if "events" in rest["scene"]:
        rest["scene"]["events"] = list(
            _pruned_events(events, is_gone, lambda id: is_gone(id) or (id in lost_cutscenes and id not in nodes))
        )
    return rest


def _prune_fields(rest: Json, is_gone: Callable[[str], bool], new_nodes: Collection[str]) -> None:
    if "entrance" in rest and is_gone(rest["entrance"]["state"]):
        del rest["entrance"]["state"]
    if "cutscenes" in rest:
        rest["cutscenes"] = [
            cutscene
            for cutscene in rest["cutscenes"]
            if cutscene["id"] not in new_nodes and not is_gone(cutscene["from"]) and not is_gone(cutscene["to"])
        ]
    if "sequences" in rest:
        rest["sequences"] = list(_pruned_sequences(rest["sequences"], is_gone))
    for beat in rest.get("story", {}).get("beats", ()):
        if "states" in beat:
            beat["states"] = [id for id in beat["states"] if not is_gone(id)]
    if "state" in rest.get("outro", {}) and is_gone(rest["outro"]["state"]):
        del rest["outro"]


def _pruned_sequences(sequences: Iterable[Json], is_gone: Callable[[str], bool]) -> Iterable[Json]:
    for sequence in sequences:
        beats = [beat for beat in sequence["beats"] if not is_gone(beat["state"])]
        if beats or not sequence["beats"]:
            yield {**sequence, "beats": beats}


def _pruned_events(
    events: Iterable[Any], is_gone: Callable[[str], bool], is_target_gone: Callable[[str], bool]
) -> Iterable[Any]:
    for event in events:
        if isinstance(event, str):
            yield event
            continue
        sources = refs.sources(event)
        remaining = [source for source in sources if not is_gone(source)]
        if sources and not remaining:
            continue
        to = event.get("to")
        if to is not None and is_target_gone(to):
            if event["kind"] == "transition":
                continue
            del event["to"]
        yield event if len(remaining) == len(sources) else {**event, "from": remaining}
