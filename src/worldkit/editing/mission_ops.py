"""The operation that compiles a mission into the graph."""

from __future__ import annotations

from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.editing.draft import Draft
from worldkit.editing.missions import MissionContext, compile_into, start_state
from worldkit.editing.registry import OPS, Argument, OperationPart, op

_WIN = Argument("win", "object", is_required=False, null=True)


@op("add_mission", "Add mission {mission.title}", body=OperationPart("mission", key=_WIN))
def add_mission(draft: Draft, args: Json) -> None:
    """Compile a mission into states and events, and record it."""
    state_numbers, event_numbers = draft.name_numbers()
    context = MissionContext(
        states=draft.states,
        start=start_state(draft.states, draft.field("entrance"), draft.first_state()),
        event_names=draft.event_names,
        cutscene_ids=draft.cutscene_ids(),
        mission_ids=draft.records("missions"),
        texts=draft.objective_texts(),
        subject=draft.field("subject", ""),
        state_numbers=state_numbers,
        event_numbers=event_numbers,
    )
    compiled_mission = compile_into(context, args["mission"])
    for step in compiled_mission.ops:
        OPS[step["op"]].run(draft, deep_copy(step))
    draft.append_record("missions", deep_copy(compiled_mission.record))
    for name, unique_name in compiled_mission.new_names.items():
        message = f"{quote(name)} was already used, so the mission uses {quote(unique_name)}"
        draft.note(message, "mission", compiled_mission.record["id"])
