"""Operations that rename an event or a flag wherever the world names it.

**Choice:** they are worldkit's own. A server that does not know them is sent the equivalent operations.
"""

from __future__ import annotations

from worldkit.core.json_values import Json, quote
from worldkit.core.profile import HOSTED
from worldkit.editing import checks, flag_refs
from worldkit.editing.allowances import follow_event_rename
from worldkit.editing.draft import Draft
from worldkit.editing.draft_fields import LIST_FIELDS
from worldkit.editing.mentions import MentionKind, renamed_in_item
from worldkit.editing.refusals import OpRefused, already_used, unknown_name
from worldkit.editing.registry import EVENT_SPELLINGS, Argument, op

RENAME_OPS = ("rename_event", "rename_flag")
_FLAG_KINDS: tuple[MentionKind, ...] = ("flag", "default flag")


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
    mark = draft.undo.mark()
    is_clear = not draft.has_allowances(HOSTED.path("event", new))
    draft.put_event(index, {**draft.events[index], "name": new})
    follow_event_rename(draft, old, new)
    if is_clear and old.strip() and draft.find_event(old) is None:
        draft.undo.replace_since(mark, {"op": "rename_event", "from": new, "to": old})


@op(
    "rename_flag",
    "Rename flag {from} to {to}",
    Argument("from", "text", ("flag",)),
    Argument("to", "text", ("newFlag",)),
)
def rename_flag(draft: Draft, args: Json) -> None:
    """Give a flag another name in every event, cutscene, mission and console fact, and in the outro."""
    old, new = args["from"], args["to"]
    is_default = bool(draft.records("missions").naming("default flag", old))
    if not _is_used(draft, old):
        names = {flag for _, flag in flag_refs.field_flags(draft.fields)}
        names.update(flag_refs.default_flags(draft.fields))
        names.update(flag for event in draft.events for _, flag in flag_refs.event_flags(event))
        raise unknown_name("flag", old, names)
    if old == new:
        return
    if not new.strip():
        raise OpRefused(f"a flag's name has at least one visible character, got {quote(new)}")
    if _is_used(draft, new):
        raise already_used("flag", new)
    mark = draft.undo.mark()

    def change(flag: str) -> str:
        return new if flag == old else flag

    named_events = draft.events_with_flag(old)
    for index, event in named_events:
        draft.put_event(index, flag_refs.rename_in_event(event, change))
    is_invertible = bool(old.strip()) and not is_default
    for field in LIST_FIELDS:
        records = draft.records(field)
        for index in sorted({*records.naming("flag", old), *records.naming("default flag", old)}):
            item = records.items[index]
            if field == "missions" and is_default:
                (item,) = flag_refs.with_explicit_flags([item], {old})
            item = renamed_in_item(field, item, "flag", old, new)
            draft.replace_record(field, index, item, undo=not is_invertible)
    outro = draft.field("outro")
    is_in_outro = outro is not None and outro["flag"] == old
    if is_in_outro:
        draft.set_field("outro", {**outro, "flag": new})
    if is_invertible:
        inverse = {"op": "rename_flag", "from": new, "to": old}
        draft.undo.replace_since(mark, inverse, is_named_outside=is_in_outro or bool(named_events))


def _is_used(draft: Draft, flag: str) -> bool:
    return (
        bool(draft.events_with_flag(flag))
        or draft.field("outro", {}).get("flag") == flag
        or any(draft.records(field).naming(kind, flag) for field in LIST_FIELDS for kind in _FLAG_KINDS)
    )
