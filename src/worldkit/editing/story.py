"""Operations on set-pieces and on the story."""

from __future__ import annotations

from worldkit.core.json_values import Json, quote
from worldkit.editing import checks
from worldkit.editing.draft import Draft
from worldkit.editing.patching import patched, without_nulls
from worldkit.editing.refusals import Refused, taken, unknown
from worldkit.editing.registry import Argument, Body, op


def _sequences(draft: Draft) -> list[Json]:
    held: list[Json] = draft.top.get("sequences", [])
    return held


@op("add_sequence", "Add sequence {sequence.id}", body=Body("sequence"))
def add_sequence(draft: Draft, args: Json) -> None:
    """Add a set-piece; every beat's state must exist."""
    made = args["sequence"]
    held = _sequences(draft)
    id = made.get("id")
    if isinstance(id, str) and not id.strip():
        raise Refused("a sequence's id has at least one visible character")
    if isinstance(id, str) and id in [sequence["id"] for sequence in held]:
        raise taken("sequence", id)
    mark = len(draft.undo)
    draft.set_top("sequences", [*held, made])
    if not made["beats"]:
        raise Refused("beats: expected at least one state to walk through, got none")
    for index, beat in enumerate(made["beats"]):
        checks.exists(draft, beat["state"], f"beats[{index}].state")
    if held:
        draft.undo_since(mark, {"op": "remove_sequence", "id": made["id"]})


@op("remove_sequence", "Delete sequence {id}", Argument("id", "text", ("sequence",)))
def remove_sequence(draft: Draft, args: Json) -> None:
    """Remove a set-piece; the list goes with its last one."""
    held = _sequences(draft)
    at = next((i for i, sequence in enumerate(held) if sequence["id"] == args["id"]), None)
    if at is None:
        raise unknown("sequence", args["id"], [sequence["id"] for sequence in held])
    rest = [*held[:at], *held[at + 1 :]]
    if rest:
        draft.set_top("sequences", rest)
    else:
        draft.drop_top("sequences")
    for index, beat in enumerate(draft.top.get("story", {}).get("beats", ())):
        if beat.get("sequence") == args["id"]:
            said = f"story beat {index + 1} still names sequence {quote(args['id'])}, which is gone"
            draft.note(said, "world", field=f"story.beats[{index}].sequence")


def _no_beats(args: Json) -> Json:
    if "beats" in args:
        raise Refused("set_story keeps the beats there are; add one with add_story_beat")
    return args


@op(
    "set_story",
    "Set story",
    Argument("logline", "text", required=False),
    Argument("arc", "names", required=False, null=True),
    body=Body("story", spread=True),
    check=_no_beats,
)
def set_story(draft: Draft, args: Json) -> None:
    """Set the logline and the arc, keeping the beats."""
    given = {key: value for key, value in args.items() if key != "op"}
    if not given:
        raise Refused('expected "logline" or "arc"; neither is given')
    draft.set_top("story", patched(draft.top.get("story", {}), given))


@op(
    "add_story_beat",
    "Add story beat",
    Argument("summary", "text"),
    Argument("arc", "text", required=False, null=True),
    Argument("states", "names", required=False, null=True),
    Argument("sequence", "text", required=False, null=True),
    body=Body("beat", spread=True),
)
def add_story_beat(draft: Draft, args: Json) -> None:
    """Add what has happened to the story; the states and the sequence it names must exist."""
    beat = without_nulls({key: value for key, value in args.items() if key != "op"})
    for index, state in enumerate(beat.get("states", ())):
        checks.exists(draft, state, f"states[{index}]")
    ids = [sequence["id"] for sequence in _sequences(draft)]
    if "sequence" in beat and beat["sequence"] not in ids:
        raise unknown("sequence", beat["sequence"], ids)
    story = draft.top.get("story")
    if story is None:
        story = {"logline": ""}
        draft.note("there was no story yet; one was begun with an empty logline", "world", field="story")
    draft.set_top("story", {**story, "beats": [*story.get("beats", ()), beat]})
