"""Operations on the world's own fields: entrance, clips, narration, subject."""

from __future__ import annotations

from worldkit.core.json_values import Json
from worldkit.editing import checks
from worldkit.editing.draft import Draft
from worldkit.editing.patching import apply_patch
from worldkit.editing.refusals import OpRefused
from worldkit.editing.registry import Argument, OperationPart, op, state_id


def _set_fields(draft: Draft, args: Json, names: dict[str, str]) -> None:
    names_given = [key for key in names if key in args]
    if not names_given:
        raise OpRefused(f"expected {' or '.join(names)}; neither is given")
    for key in names_given:
        if args[key] is None:
            draft.remove_field(names[key])
        else:
            draft.set_field(names[key], args[key])


@op(
    "set_entrance",
    "Set entrance to {state}",
    state_id("state", null=True),
    Argument("image", "object", is_required=False, null=True),
    body=OperationPart("entrance", is_spread=True, arguments_of_null={"state": None}),
)
def set_entrance(draft: Draft, args: Json) -> None:
    """Set where play starts; an absent image keeps the current one, a null state clears the entrance."""
    if args["state"] is None:
        draft.remove_field("entrance")
        return
    checks.require_state(draft, args["state"], "state")
    patch = {key: value for key, value in args.items() if key != "op"}
    draft.set_field("entrance", apply_patch(draft.field("entrance", {}), patch))


@op(
    "set_intro",
    "Set intro",
    Argument("video", "text", is_required=False, null=True),
    Argument("static", "switch", is_required=False, null=True),
    body=OperationPart("intro", is_spread=True, is_closed=True, arguments_of_null={"video": None, "static": None}),
)
def set_intro(draft: Draft, args: Json) -> None:
    """Set the clip before play, and whether it ends still; null clears."""
    _set_fields(draft, args, {"video": "introVideo", "static": "introStatic"})


@op(
    "set_outro",
    "Set outro",
    Argument("video", "text", is_required=False, null=True),
    Argument("flag", "text", is_required=False, null=True),
    state_id("state", is_required=False, null=True),
    body=OperationPart("outro", is_spread=True, arguments_of_null={"video": None}),
)
def set_outro(draft: Draft, args: Json) -> None:
    """Set the clip played once when a flag is set in a state; a null video clears it."""
    patch = {key: value for key, value in args.items() if key != "op"}
    if not patch:
        raise OpRefused('expected "video", "flag" and "state", or a null video to clear the outro; none is given')
    if "video" in patch and patch["video"] is None:
        draft.remove_field("outro")
        return
    if patch.get("state") is not None:
        checks.require_state(draft, patch["state"], "state")
    draft.set_field("outro", apply_patch(draft.field("outro", {}), patch))


@op("set_narrate", "Set narration", Argument("narrate", "switch", ("value",), null=True))
def set_narrate(draft: Draft, args: Json) -> None:
    """Set whether display lines are derived from prose; null clears."""
    _set_fields(draft, args, {"narrate": "narrate"})


@op(
    "set_subject",
    "Set subject",
    Argument("subject", "text", is_required=False, null=True),
    Argument("styleTail", "text", is_required=False, null=True),
)
def set_subject(draft: Draft, args: Json) -> None:
    """Set the description of the player character and the sentence of atmosphere; null clears."""
    _set_fields(draft, args, {"subject": "subject", "styleTail": "styleTail"})
