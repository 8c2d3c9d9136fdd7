"""The operation that compiles a mission into the graph."""

from __future__ import annotations

from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.editing.draft import Draft
from worldkit.editing.missions import compile_mission
from worldkit.editing.registry import OPS, Body, op


@op("add_mission", "Add mission {mission.title}", body=Body("mission"))
def add_mission(draft: Draft, args: Json) -> None:
    """Compile a mission into states and events, and record it."""
    scene = {"states": draft.ordered_states(), "events": draft.events}
    compiled = compile_mission({**draft.top, "scene": scene}, args["mission"])
    for step in compiled.ops:
        OPS[step["op"]].run(draft, deep_copy(step))
    draft.set_top("missions", [*draft.top.get("missions", ()), deep_copy(compiled.record)])
    for wanted, used in compiled.renamed.items():
        said = f"{quote(wanted)} was taken, so the mission uses {quote(used)}"
        draft.note(said, "mission", compiled.record["id"])
