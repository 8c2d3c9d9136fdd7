"""Operations on sequences and on the story."""

from __future__ import annotations

from worldkit.core.json_values import Json, quote
from worldkit.editing import checks
from worldkit.editing.draft import Draft
from worldkit.editing.patching import apply_patch, without_nulls
from worldkit.editing.refusals import OpRefused, already_used, unknown_name
from worldkit.editing.registry import Argument, OperationPart, op


def _sequences(draft: Draft) -> list[Json]:
    sequences: list[Json] = draft.fields.get("sequences", [])
    return sequences


@op("add_sequence", "Add sequence {sequence.id}", body=OperationPart("sequence"))
def add_sequence(draft: Draft, args: Json) -> None:
    """Add a sequence of two or more beats; every beat's state must exist."""
    new = args["sequence"]
    sequences = _sequences(draft)
    id = new.get("id")
    if isinstance(id, str) and not id.strip():
        raise OpRefused("a sequence's id has at least one visible character")
    if isinstance(id, str) and id in [sequence["id"] for sequence in sequences]:
        raise already_used("sequence", id)
    mark = len(draft.undo)
    draft.set_field("sequences", [*sequences, new])
    if len(new["beats"]) < 2:
        raise OpRefused(f"beats: expected two or more states to walk through, got {len(new['beats'])}")
    for index, beat in enumerate(new["beats"]):
        checks.require_state(draft, beat["state"], f"beats[{index}].state")
    if sequences:
        draft.replace_undo_since(mark, {"op": "remove_sequence", "id": new["id"]})


@op("remove_sequence", "Delete sequence {id}", Argument("id", "text", ("sequence",)))
def remove_sequence(draft: Draft, args: Json) -> None:
    """Remove a sequence; the list is removed with the last one."""
    sequences = _sequences(draft)
    position = next((i for i, sequence in enumerate(sequences) if sequence["id"] == args["id"]), None)
    if position is None:
        raise unknown_name("sequence", args["id"], [sequence["id"] for sequence in sequences])
    remaining = [*sequences[:position], *sequences[position + 1 :]]
    if remaining:
        draft.set_field("sequences", remaining)
    else:
        draft.remove_field("sequences")
    for index, beat in enumerate(draft.fields.get("story", {}).get("beats", ())):
        if beat.get("sequence") == args["id"]:
            message = f"story beat {index + 1} still names sequence {quote(args['id'])}, which was deleted"
            draft.note(message, "world", field=f"story.beats[{index}].sequence")


def _refuse_beats(args: Json) -> Json:
    if "beats" in args:
        raise OpRefused("set_story leaves the beats unchanged; add one with add_story_beat")
    return args


@op(
    "set_story",
    "Set story",
    Argument("logline", "text", required=False),
    Argument("arc", "names", required=False, null=True),
    body=OperationPart("story", is_spread=True),
    check=_refuse_beats,
)
def set_story(draft: Draft, args: Json) -> None:
    """Set the logline and the arc, keeping the beats."""
    patch = {key: value for key, value in args.items() if key != "op"}
    if not patch:
        raise OpRefused('expected "logline" or "arc"; neither is given')
    draft.set_field("story", apply_patch(draft.fields.get("story", {}), patch))


@op(
    "add_story_beat",
    "Add story beat",
    Argument("summary", "text"),
    Argument("arc", "text", required=False, null=True),
    Argument("states", "names", required=False, null=True),
    Argument("sequence", "text", required=False, null=True),
    body=OperationPart("beat", is_spread=True),
)
def add_story_beat(draft: Draft, args: Json) -> None:
    """Add a beat to the story; the states and the sequence it names must exist."""
    beat = without_nulls({key: value for key, value in args.items() if key != "op"})
    if not beat["summary"].strip():
        raise OpRefused(f"summary: expected a text that is not blank, got {quote(beat['summary'])}")
    for index, state in enumerate(beat.get("states", ())):
        checks.require_state(draft, state, f"states[{index}]")
    ids = [sequence["id"] for sequence in _sequences(draft)]
    if "sequence" in beat and beat["sequence"] not in ids:
        raise unknown_name("sequence", beat["sequence"], ids)
    story = draft.fields.get("story")
    if story is None:
        story = {"logline": ""}
        draft.note("there was no story yet; one was added with an empty logline", "world", field="story")
    draft.set_field("story", {**story, "beats": [*story.get("beats", ()), beat]})
