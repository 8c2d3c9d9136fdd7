"""The operation that compiles a mission into the graph."""

from __future__ import annotations

from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.editing.draft import Draft
from worldkit.editing.missions import compile_mission
from worldkit.editing.registry import OPS, Argument, OperationPart, op

_WIN = Argument("win", "object", required=False, null=True)


@op("add_mission", "Add mission {mission.title}", body=OperationPart("mission", key=_WIN))
def add_mission(draft: Draft, args: Json) -> None:
    """Compile a mission into states and events, and record it."""
    scene = {"states": draft.ordered_states(), "events": draft.events}
    compiled = compile_mission({**draft.fields, "scene": scene}, args["mission"])
    for step in compiled.ops:
        OPS[step["op"]].run(draft, deep_copy(step))
    draft.set_field("missions", [*draft.fields.get("missions", ()), deep_copy(compiled.record)])
    for name, unique_name in compiled.new_names.items():
        message = f"{quote(name)} was already used, so the mission uses {quote(unique_name)}"
        draft.note(message, "mission", compiled.record["id"])
