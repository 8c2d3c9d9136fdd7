"""A world as a networkx graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core import json_values
from worldkit.core.document import Document, json_of
from worldkit.layout.moves import moves

if TYPE_CHECKING:
    import networkx


def to_networkx(world: Document) -> networkx.MultiDiGraph[str]:
    """Return the graph of a world.

    Nodes are state ids and edges are moves, both in world order. A node has the fields of its state, and
    ``start``, which is true where play starts. An edge is keyed by its event's name and has the event's fields
    but ``name``; ``to`` is as written, ``cutscene`` is the id of the cutscene on the way or ``None``, and the
    edge leads where that lands. Should two moves between the same states share a name, the later key is
    ``"<name> (2)"`` and so on; ``event`` always holds the name itself. Overrides, terminals and transitions without a
    target are not edges. The graph's attribute ``world`` is the rest of the document: its fields, with the ids of
    the states in place of them, and the events in order, each that is an edge as its name and each other one whole.

    Returns:
        A graph that owns its attributes: changing it changes no world. The edges of one event share their lists
        and objects.
    """
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(name=world.name or "", entrance=world.start)
    bodies, events = json_of(world)["scene"]["states"], json_of(world)["scene"]["events"]
    for id in world.states:
        graph.add_node(id)
        # not passed as keywords: a field may have the name of a parameter
        graph.nodes[id].update(json_values.deep_copy(bodies[id]), start=id == world.start)
    last_number: dict[tuple[str, str, str], int] = {}
    # an event with many sources makes as many edges, which share their values to save memory
    fields_of: dict[int, json_values.Json] = {}
    for move in moves(world):
        name = key = move.event.name
        while graph.has_edge(move.source, move.target, key):
            number = last_number[move.source, move.target, name] = (
                last_number.get((move.source, move.target, name), 1) + 1
            )
            key = f"{name} ({number})"
        graph.add_edge(move.source, move.target, key)
        if move.index not in fields_of:
            body = events[move.index]
            fields_of[move.index] = json_values.deep_copy(
                {field: value for field, value in body.items() if field != "name"}
            )
        graph.edges[move.source, move.target, key].update(fields_of[move.index], event=name, cutscene=move.cutscene)
    rest = [body["name"] if index in fields_of else body for index, body in enumerate(events)]
    scene = {**json_of(world)["scene"], "states": list(bodies), "events": rest}
    graph.graph["world"] = json_values.deep_copy({**json_of(world), "scene": scene})
    return graph
