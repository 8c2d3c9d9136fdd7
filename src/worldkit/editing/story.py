"""Operations on sequences and on the story."""

from __future__ import annotations

from worldkit.core.json_values import Json, quote
from worldkit.editing import checks
from worldkit.editing.draft import Draft
from worldkit.editing.patching import apply_patch, without_nulls
from worldkit.editing.refusals import OpRefused, already_used, unknown_name
from worldkit.editing.registry import Argument, OperationPart, op


@op("add_sequence", "Add sequence {sequence.id}", body=OperationPart("sequence"))
def add_sequence(draft: Draft, args: Json) -> None:
    """Add a sequence of two or more beats; every beat's state must exist."""
    new = args["sequence"]
    id = new.get("id")
    if isinstance(id, str) and not id.strip():
        raise OpRefused("a sequence's id has at least one visible character")
    if isinstance(id, str) and id in draft.records("sequences"):
        raise already_used("sequence", id)
    draft.append_record("sequences", new)
    if len(new["beats"]) < 2:
        raise OpRefused(f"beats: expected two or more states to walk through, got {len(new['beats'])}")
    for index, beat in enumerate(new["beats"]):
        checks.require_state(draft, beat["state"], f"beats[{index}].state")


@op("remove_sequence", "Delete sequence {id}", Argument("id", "text", ("sequence",)))
def remove_sequence(draft: Draft, args: Json) -> None:
    """Remove a sequence; the list is removed with the last one."""
    sequences = draft.records("sequences")
    position = sequences.find(args["id"])
    if position is None:
        raise unknown_name("sequence", args["id"], sequences)
    draft.remove_record("sequences", position)
    for index in draft.records("story").naming("sequence", args["id"]):
        message = f"story beat {index + 1} still names sequence {quote(args['id'])}, which was deleted"
        draft.note(message, "world", field=f"story.beats[{index}].sequence")


def _refuse_beats(args: Json) -> Json:
    if "beats" in args:
        raise OpRefused("set_story leaves the beats unchanged; add one with add_story_beat")
    return args


@op(
    "set_story",
    "Set story",
    Argument("logline", "text", is_required=False),
    Argument("arc", "names", is_required=False, null=True),
    body=OperationPart("story", is_spread=True),
    check=_refuse_beats,
)
def set_story(draft: Draft, args: Json) -> None:
    """Set the logline and the arc, keeping the beats."""
    patch = {key: value for key, value in args.items() if key != "op"}
    if not patch:
        raise OpRefused('expected "logline" or "arc"; neither is given')
    story = draft.field("story", {})
    draft.set_field("story", apply_patch(story, patch), changed_part=apply_patch(story, {**patch, "beats": None}))


@op(
    "add_story_beat",
    "Add story beat",
    Argument("summary", "text"),
    Argument("arc", "text", is_required=False, null=True),
    Argument("states", "names", is_required=False, null=True),
    Argument("sequence", "text", is_required=False, null=True),
    body=OperationPart("beat", is_spread=True),
)
def add_story_beat(draft: Draft, args: Json) -> None:
    """Add a beat to the story; the states and the sequence it names must exist."""
    beat = without_nulls({key: value for key, value in args.items() if key != "op"})
    if not beat["summary"].strip():
        raise OpRefused(f"summary: expected a text that is not blank, got {quote(beat['summary'])}")
    for index, state in enumerate(beat.get("states", ())):
        checks.require_state(draft, state, f"states[{index}]")
    if "sequence" in beat and beat["sequence"] not in draft.records("sequences"):
        raise unknown_name("sequence", beat["sequence"], draft.records("sequences"))
    if draft.field("story") is None:
        draft.set_field("story", {"logline": ""})
        draft.note("there was no story yet; one was added with an empty logline", "world", field="story")
    draft.append_record("story", beat)
