"""Operations that rename an event or a flag wherever the world names it.

**Choice:** they are worldkit's own. A server that does not know them is sent the equivalent operations.
"""

from __future__ import annotations

from typing import Any

from worldkit.core.json_values import Json, quote
from worldkit.editing import checks, flag_refs
from worldkit.editing.allowances import follow_event_rename
from worldkit.editing.draft import Draft
from worldkit.editing.flag_refs import FLAG_REFS
from worldkit.editing.refs import replace_at
from worldkit.editing.refusals import OpRefused, already_used, unknown_name
from worldkit.editing.registry import EVENT_SPELLINGS, Argument, op

RENAMES = ("rename_event", "rename_flag")


@op(
    "rename_event",
    "Rename event {from} to {to}",
    Argument("from", "id", EVENT_SPELLINGS),
    Argument("to", "text", ("newName",)),
)
def rename_event(draft: Draft, args: Json) -> None:
    """Give an event another name at the same position, and rename it where the world names it."""
    old, new = args["from"], args["to"]
    index = draft.event_index(old)
    if old == new:
        return
    checks.require_unused_event_name(draft, new)
    mark = len(draft.undo)
    is_clear = not draft.has_allowances(new)
    draft.put_event(index, {**draft.events[index], "name": new})
    follow_event_rename(draft, old, new)
    if is_clear and old.strip() and draft.find_event(old) is None:
        draft.replace_undo_since(mark, {"op": "rename_event", "from": new, "to": old})


@op(
    "rename_flag",
    "Rename flag {from} to {to}",
    Argument("from", "text", ("flag",)),
    Argument("to", "text", ("newFlag",)),
)
def rename_flag(draft: Draft, args: Json) -> None:
    """Give a flag another name in every event, cutscene, mission and console fact, and in the outro."""
    old, new = args["from"], args["to"]
    own_fields = set(_own_flags(draft))
    is_default = old in set(flag_refs.default_flags(draft.fields))
    if old not in own_fields and not draft.events_with_flag(old):
        raise unknown_name(
            "flag", old, [*own_fields, *(f for event in draft.events for _, f in flag_refs.event_flags(event))]
        )
    if old == new:
        return
    if not new.strip():
        raise OpRefused(f"a flag's name has at least one visible character, got {quote(new)}")
    if new in own_fields or draft.events_with_flag(new):
        raise already_used("flag", new)
    mark = len(draft.undo)

    def change(flag: str) -> str:
        return new if flag == old else flag

    for index, event in draft.events_with_flag(old):
        draft.put_event(index, flag_refs.rename_in_event(event, change))
    for field, paths in FLAG_REFS.items():
        if field in draft.fields:
            value: Any = draft.fields[field]
            if field == "missions" and is_default:
                value = flag_refs.with_explicit_flags(value, {old})
            for path in paths:
                value = replace_at(value, path, change)
            if value is not draft.fields[field]:
                draft.set_field(field, value)
    if old.strip() and not is_default:
        draft.replace_undo_since(mark, {"op": "rename_flag", "from": new, "to": old})


def _own_flags(draft: Draft) -> list[str]:
    return [*(flag for _, flag in flag_refs.field_flags(draft.fields)), *flag_refs.default_flags(draft.fields)]
