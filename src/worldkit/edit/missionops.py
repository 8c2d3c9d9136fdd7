"""The operation that compiles a mission into the graph."""

from __future__ import annotations

from worldkit.edit.draft import Draft
from worldkit.edit.missions import compile_mission
from worldkit.edit.spec import OPS, Body, op
from worldkit.jsonish import Json, copied, shown


@op("add_mission", "Add mission {mission.title}", body=Body("mission"))
def add_mission(draft: Draft, args: Json) -> None:
    """Compile a mission into states and events, and record it."""
    scene = {"states": draft.ordered_states(), "events": draft.events}
    compiled = compile_mission({**draft.top, "scene": scene}, args["mission"])
    for step in compiled.ops:
        OPS[step["op"]].run(draft, copied(step))
    draft.set_top("missions", [*draft.top.get("missions", ()), copied(compiled.record)])
    for wanted, used in compiled.renamed.items():
        said = f"{shown(wanted)} was taken, so the mission uses {shown(used)}"
        draft.note(said, "mission", compiled.record["id"])
