"""Regions, notes, tags and views of a map: laws of their patches, undo, the file beside the world, hostile input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from tests.growing import MAX_GROWTH, Work, growth
from worldkit.layout.annotation_changes import joined, patch_between, patched, patched_json, with_renamed
from worldkit.layout.annotations import SECTIONS, AnnotationPatch, Annotations, read_annotations, read_patch
from worldkit.stores.local.column_values import renamed_annotations
from worldkit.stores.map_file import MapFile
from worldkit.widgets import gestures, history, parsing, reducer
from worldkit.widgets.editor_state import open_editor

Json = dict[str, Any]
ENGLISH = "\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
"""What follows a black flag to make it the flag of England."""
STATES = ["lane", "gate", "yard", "hall"]
IDS = st.sampled_from(["a", "b", "c"])
COLORS = st.sampled_from(["grey", "red", "blue"])
STATE_LISTS = st.lists(st.sampled_from(STATES), max_size=3)
NUMBERS = st.floats(-1e6, 1e6)
REGIONS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Act one", "Harbour"]),
        "states": STATE_LISTS,
        "color": COLORS,
        "collapsed": st.booleans(),
    }
)
NOTES = st.fixed_dictionaries(
    {
        "text": st.sampled_from(["", "why?", "ü\n*"]),
        "at": st.tuples(NUMBERS, NUMBERS),
        "state": st.none() | st.sampled_from(STATES),
        "todo": st.booleans(),
        "weight": st.integers(0, 9),
    }
)
VIEWS = st.fixed_dictionaries(
    {
        "name": st.just("Night scenes"),
        "area": st.tuples(NUMBERS, NUMBERS, st.floats(1, 1e6), st.floats(1, 1e6)),
        "region": st.none() | IDS,
        "tags": st.lists(IDS, max_size=2),
    }
)
PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "regions": st.dictionaries(IDS, st.none() | REGIONS, max_size=3),
        "notes": st.dictionaries(IDS, st.none() | NOTES, max_size=3),
        "tags": st.dictionaries(IDS, st.none() | st.fixed_dictionaries({"color": COLORS}), max_size=3),
        "tagged": st.dictionaries(st.sampled_from(STATES), st.none() | st.lists(IDS, max_size=3), max_size=3),
        "views": st.dictionaries(IDS, st.none() | VIEWS, max_size=2),
    },
).map(read_patch)
HOSTILE: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def on_map(patches: list[AnnotationPatch]) -> Annotations:
    annotations = Annotations()
    for patch in patches:
        annotations = patched(annotations, patch, STATES)
    return annotations


MAPS = st.lists(PATCHES, max_size=4).map(on_map)


def world() -> wk.World:
    states = {name: {"base": f"{name} lies under snow."} for name in STATES}
    return wk.load({"schemaVersion": "1.0", "entrance": {"state": "lane"}, "scene": {"states": states, "events": []}})


# ---- laws --------------------------------------------------------------------------------------


@given(MAPS, MAPS)
def test_the_patch_between_two_maps_leads_from_one_to_the_other(before: Annotations, after: Annotations) -> None:
    assert patched(before, patch_between(before, after), STATES) == after


@given(MAPS, MAPS, MAPS)
def test_joined_patches_do_what_the_two_do(first: Annotations, second: Annotations, third: Annotations) -> None:
    both = joined(patch_between(first, second), patch_between(second, third))
    assert patched(first, both, STATES) == third


@given(MAPS)
def test_a_state_is_in_one_region_at_the_most_and_has_only_tags_that_exist(annotations: Annotations) -> None:
    members = [state for region in annotations.regions.values() for state in region.states]
    assert len(members) == len(set(members))
    assert all(name in annotations.tags for names in annotations.tagged.values() for name in names)
    assert all(view.region is None or view.region in annotations.regions for view in annotations.views.values())


@given(MAPS)
def test_a_map_as_json_is_read_back_as_it_was(annotations: Annotations) -> None:
    assert read_annotations(json.loads(json.dumps(annotations.to_json()))) == annotations


@given(MAPS)
def test_renaming_a_state_there_and_back_changes_nothing(annotations: Annotations) -> None:
    assert with_renamed(with_renamed(annotations, {"lane": "road"}), {"road": "lane"}) == annotations


HALL_AND_YARD_MAP = patched(
    Annotations(),
    read_patch(
        {
            "regions": {"r": {"name": "Indoors", "states": ["hall", "yard"]}},
            "notes": {
                "n": {"text": "Draughty.", "at": [5, 6], "state": "hall"},
                "m": {"text": "Wet.", "state": "yard"},
            },
            "tags": {"night": {}, "day": {}},
            "tagged": {"hall": ["night"], "yard": ["day"]},
        }
    ),
    STATES,
)
"""A map that says something of the hall and of the yard."""


def test_what_is_said_of_a_state_that_is_gone_does_not_pass_to_one_that_takes_its_id() -> None:
    after = with_renamed(HALL_AND_YARD_MAP, {"yard": "hall"}, {"hall": (100.0, 200.0), "yard": (0.0, 0.0)})
    assert after.regions["r"].states == ("hall",)
    assert after.notes["n"].state is None and after.notes["n"].at == (105.0, 206.0)
    assert after.notes["m"].state == "hall" and after.tagged == {"hall": ("day",)}
    swapped = with_renamed(HALL_AND_YARD_MAP, {"yard": "hall", "hall": "yard"})
    assert swapped.tagged == {"yard": ("night",), "hall": ("day",)} and swapped.notes["n"].state == "yard"
    stored = renamed_annotations(
        json.dumps(HALL_AND_YARD_MAP.to_json()), [{"op": "rename_state", "from": "yard", "to": "hall"}]
    )
    assert read_annotations(json.loads(stored)).tagged == {"hall": ("day",)}


@pytest.mark.parametrize(("gone", "renamed"), [("hall", "lane"), ("lane", "hall")])
def test_a_state_that_takes_the_id_of_a_deleted_one_keeps_its_own_place_on_the_map(gone: str, renamed: str) -> None:
    patch = read_patch({"tags": {"night": {}, "day": {}}, "tagged": {gone: ["night"], renamed: ["day"]}})
    before = gestures.move_cards(gestures.annotate(open_editor(world()), patch), {renamed: (800.0, 960.0)})
    ops = [{"op": "delete_state", "id": gone}, {"op": "rename_state", "from": renamed, "to": gone}]
    after = gestures.apply_ops(before, ops)
    assert after.positions[gone] == before.positions[renamed] and after.pinned_states == {gone}
    assert after.annotations.tagged == {gone: ("day",)}
    back = history.undo(after)
    assert back.positions == before.positions and back.annotations == before.annotations
    assert history.redo(back).positions == after.positions


# ---- in an editor ------------------------------------------------------------------------------


@given(st.lists(PATCHES | st.sampled_from(STATES) | st.just(("lane", "road")), max_size=6))
def test_undo_and_redo_are_exact_also_when_states_are_deleted_and_renamed(steps: list[Any]) -> None:
    state = open_editor(world())
    past = [state]
    for step in steps:
        try:
            if isinstance(step, AnnotationPatch):
                state = gestures.annotate(state, step)
            elif isinstance(step, tuple):
                state = gestures.apply_ops(state, [{"op": "rename_state", "from": step[0], "to": step[1]}])
            else:
                state = gestures.apply_ops(state, [{"op": "delete_state", "id": step}])
        except wk.WorldError:
            continue
        if state.undo_stack is not past[-1].undo_stack and len(state.undo_stack) > len(past[-1].undo_stack):
            past.append(state)
    for before in reversed(past[:-1]):
        state = history.undo(state)
        assert (state.world, state.annotations) == (before.world, before.annotations)
    for after in past[1:]:
        state = history.redo(state)
        assert (state.world, state.annotations) == (after.world, after.annotations)


def test_a_region_a_note_and_a_tag_follow_a_state_that_is_renamed() -> None:
    editor = wk.edit(world())
    region = editor.regions.add("Act one", ["lane", "gate"])
    note = editor.notes.add("Who lit this?", state="lane", at=(0, -120))
    editor.tags.add("night", ["lane"])
    editor.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    assert editor.regions[region].states == ("road", "gate")
    assert editor.notes[note].state == "road"
    assert (editor.tags.of("road"), editor.tags.of("lane")) == (("night",), ())


def test_a_note_stays_where_it_was_seen_when_its_state_is_deleted() -> None:
    editor = wk.edit(world(), layout={"lane": (800, 400)})
    note = editor.notes.add("Cut this?", state="lane", at=(10, -120), todo=True)
    editor.apply([{"op": "delete_state", "id": "lane"}])
    assert (editor.notes[note].state, editor.notes[note].at) == (None, (810, 280))
    assert editor.undo().notes[note].state == "lane"


def test_a_state_that_is_put_into_a_region_leaves_the_one_it_was_in() -> None:
    editor = wk.edit(world())
    first = editor.regions.add("Act one", ["lane", "gate"])
    second = editor.regions.add("Act two", ["gate", "yard"], color="red")
    assert (editor.regions[first].states, editor.regions[second].states) == (("lane",), ("gate", "yard"))
    editor.regions.change(second, name="Act  two\n", collapsed=True)
    assert (editor.regions[second].name, editor.regions[second].collapsed) == ("Act two", True)
    editor.regions.remove(first)
    assert list(editor.regions) == [second]
    assert editor.undo().regions[first].states == ("lane",)


def test_a_state_that_a_patch_puts_into_two_regions_is_in_the_first() -> None:
    regions = {id: {"name": id, "states": ["gate", "yard"]} for id in ("a", "b")}
    before = on_map([read_patch({"regions": {"c": {"name": "c", "states": ["lane", "yard"]}}})])
    after = patched(before, read_patch({"regions": regions}), STATES)
    assert {id: region.states for id, region in after.regions.items()} == {
        "c": ("lane",),
        "a": ("gate", "yard"),
        "b": (),
    }
    assert read_annotations(patched_json({}, read_patch({"regions": regions}))).regions["a"] == after.regions["a"]


@pytest.mark.parametrize(
    "name",
    ["می\u200cخواهم", "ශ්\u200dරී ලංකා", "👩\u200d🌾", "ന്\u200d", "א\u200fב", "ខ្មែរ\u200bថ្មី", f"🏴{ENGLISH}"],
)
def test_joiners_of_letters_and_pictures_are_part_of_names(name: str) -> None:
    editor = wk.edit(world())
    region = editor.regions.add(name, ["gate"])
    view = editor.views.add(name, (0, 0, 800, 600))
    editor.tags.add(name, ["lane"])
    assert (editor.regions[region].name, editor.views[view].name, editor.tags.of("lane")) == (name, name, (name,))


def test_a_tag_that_is_removed_is_taken_off_every_state_and_view() -> None:
    editor = wk.edit(world())
    editor.tags.add("night", ["lane", "gate"], color="purple")
    view = editor.views.add("Night scenes", (0, 0, 800, 600), tags=["night"])
    editor.tags.take_off("night", ["gate"])
    assert editor.tags.states("night") == ("lane",)
    editor.tags.remove("night")
    assert (editor.tags.of("lane"), editor.views[view].tags) == ((), ())


class EditBeforeLock:
    """The lock of an editor, which somebody else gets first, to make an edit."""

    def __init__(self, lock: Any, edit: Callable[[], object]) -> None:
        self.lock, self.edits = lock, [edit]

    def __enter__(self) -> None:
        while self.edits:
            self.edits.pop()()
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()


@pytest.mark.parametrize("call", ["change", "add", "take_off"])
def test_what_a_view_changes_on_the_map_just_before_a_call_is_kept(call: str) -> None:
    editor = wk.edit(world())
    note = editor.notes.add("Why?", state="lane", todo=True)
    editor.tags.add("night", ["lane"])

    def edit_elsewhere() -> None:
        editor.notes.change(note, text="Who?")
        editor.tags.add("day", ["lane"])

    editor._lock = EditBeforeLock(editor._lock, edit_elsewhere)  # type: ignore[assignment]
    if call == "change":
        editor.notes.change(note, done=True)
        assert (editor.notes[note].text, editor.notes[note].done) == ("Who?", True)
    elif call == "add":
        editor.tags.add("cold", ["lane"])
        assert editor.tags.of("lane") == ("night", "day", "cold")
    else:
        editor.tags.take_off("night", ["lane"])
        assert editor.tags.of("lane") == ("day",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda ed: ed.regions.add("Act one", ["cellar"]), 'no state "cellar" for the region "Act one"'),
        (lambda ed: ed.regions.add("  "), "at least one character"),
        (lambda ed: ed.regions.add("\u200d \u200c"), "at least one character"),
        (lambda ed: ed.regions.add(f"\u200b\u200f {ENGLISH} \u202e"), "at least one character"),
        (lambda ed: ed.tags.add("\u200b"), "at least one character"),
        (lambda ed: ed.tags.add("a\u202eb"), "one line without spaces around it"),
        (lambda ed: ed.regions.add("Act one", color="pink"), "'grey', 'red', .* got \"pink\""),
        (lambda ed: ed.notes.add("x", at=(1, float("nan"))), "finite number"),
        (lambda ed: ed.notes.add("x", at=(1, 1e9)), "less than or equal"),
        (lambda ed: ed.notes.change("note_1", text="x"), 'no note "note_1"; there are none'),
        (lambda ed: ed.views.add("Far", (0, 0, 0, 9)), "greater than 0"),
        (lambda ed: ed.tags.add(" night"), "one line without spaces around it"),
    ],
)
def test_what_cannot_be_on_the_map_is_refused_in_words(change: Any, words: str) -> None:
    editor = wk.edit(world())
    with pytest.raises(wk.WorldError, match=words):
        change(editor)
    assert not editor.ops and editor._state.undo_label is None


def test_nothing_on_the_map_is_in_the_world_or_in_its_python() -> None:
    editor = wk.edit(world())
    editor.regions.add("Act one", ["lane"])
    editor.notes.add("Why?")
    assert editor.world == world() and editor.world.rev == world().rev
    assert editor.ops == [] and "Act one" not in editor.code()


# ---- with a view -------------------------------------------------------------------------------


def test_a_view_is_told_only_of_what_changed_on_the_map() -> None:
    state = gestures.annotate(open_editor(world()), read_patch({"notes": {"n": {"text": "a"}}, "tags": {"dark": {}}}))
    message = {"type": "annotate", "annotations": {"regions": {"r": {"name": "Act one", "states": ["lane"]}}}}
    step = reducer.reduce(state, parsing.read_editor(message))
    assert step.change_message is not None
    region = {"name": "Act one", "states": ["lane"], "color": "blue", "collapsed": False}
    assert step.change_message["annotations"] == {"regions": {"r": region}}
    assert step.change_message["from"] == step.change_message["rev"] and step.change_message["undo"] == "Change regions"


def test_an_edit_may_put_a_new_state_into_a_region_in_the_same_step() -> None:
    ops = [{"op": "add_state", "id": "cellar", "base": "A cellar."}]
    annotations = {"regions": {"r": {"name": "Below", "states": ["cellar"]}}}
    message = {"type": "edit", "base": world().rev, "ops": ops, "annotations": annotations}
    after = reducer.reduce(open_editor(world()), parsing.read_editor(message)).state
    assert after.annotations.regions["r"].states == ("cellar",)
    back = history.undo(after)
    assert not back.annotations and "cellar" not in back.world.states


@given(st.dictionaries(st.sampled_from([*SECTIONS, "x"]), HOSTILE, max_size=3))
def test_a_hostile_message_is_refused_or_carried_out_and_never_an_error(annotations: Any) -> None:
    state = open_editor(world())
    try:
        request = parsing.read_editor({"type": "annotate", "annotations": annotations})
    except parsing.Malformed:
        return
    assert reducer.reduce(state, request).reply["type"] in ("accepted", "rejected")


# ---- beside the file ---------------------------------------------------------------------------


@given(MAPS, MAPS)
def test_the_file_holds_what_is_on_the_map_and_positions_stay(
    tmp_path_factory: pytest.TempPathFactory, first: Annotations, second: Annotations
) -> None:
    folder = tmp_path_factory.mktemp("map")
    file = MapFile(folder / "mine.world.layout.json", folder)
    file.place("mine", {"lane": (8, 16)})
    for before, after in ((Annotations(), first), (first, second)):
        file.annotate("mine", patch_between(before, after))
        assert (file.annotations("mine"), file.layout("mine")) == (after, {"lane": (8, 16)})


@given(st.dictionaries(st.sampled_from(SECTIONS), HOSTILE, max_size=3))
def test_entries_of_a_file_that_cannot_be_read_are_left_alone(
    tmp_path_factory: pytest.TempPathFactory, annotations: Any
) -> None:
    path = tmp_path_factory.mktemp("map") / "mine.world.layout.json"
    document = {"format": "worldkit/layout", "version": 1, "annotations": annotations}
    text = json.dumps(document)
    if "NaN" in text or "Infinity" in text:
        return
    path.write_text(text)
    file = MapFile(path, path.parent)
    file.annotations("mine")
    file.annotate("mine", read_patch({"notes": {"note_1": {"text": "new"}}}))
    entries_by_section = json.loads(path.read_text())["annotations"]
    assert entries_by_section.pop("notes")["note_1"] == {"text": "new"}
    assert entries_by_section == {section: entries for section, entries in annotations.items() if section != "notes"}


def test_what_is_on_the_map_is_kept_beside_the_file_and_comes_back(tmp_path: Path) -> None:
    path = world().save(tmp_path / "mine.world.json")
    editor = wk.edit(path)
    region = editor.regions.add("Act one", ["lane", "gate"], color="red")
    editor.notes.add("Who lit this?", at=(10, 20), todo=True)
    editor.tags.add("night", ["lane"])
    editor.views.add("All", (0, 0, 800, 600))
    before = path.read_text()
    again = wk.edit(path)
    assert again._state.annotations == editor._state.annotations
    assert path.read_text() == before and "Act one" not in before
    again.regions.change(region, collapsed=True)
    assert editor.saved and editor.reload().regions[region].collapsed
    lines = path.with_name("mine.world.layout.json").read_text().splitlines()
    assert sum("Act one" in line for line in lines) == 1 and len(lines) > 10


@pytest.mark.parametrize(
    "put",
    [
        lambda editor: editor.notes.add("Who lit this?", at=(10, 20)),
        lambda editor: editor.regions.add("Act one", ["lane"]),
        lambda editor: editor.tags.add("night", ["lane"]),
    ],
)
def test_cards_stay_beside_what_was_put_on_the_map_when_the_world_is_another_one(put: Any, tmp_path: Path) -> None:
    path = world().save(tmp_path / "mine.world.json")
    editor = wk.edit(path)
    positions = dict(editor.layout)
    put(editor)
    more = [{"op": "add_state", "id": f"attic_{n}", "state": {"base": "Dust."}} for n in range(5)]
    ways = [
        {"op": "add_event", "event": {"name": f"up_{n}", "kind": "transition", "from": ["lane"], "to": f"attic_{n}"}}
        for n in range(5)
    ]
    wk.load(path).apply([*more, *ways]).save(path)
    again = wk.edit(path)
    assert {id: again.layout[id] for id in positions} == positions


def test_save_as_takes_what_is_on_the_map_along(tmp_path: Path) -> None:
    editor = wk.edit(world())
    editor.regions.add("Act one", ["lane"])
    editor.save_as(tmp_path / "mine.world.json")
    editor.notes.add("Later")
    again = wk.edit(tmp_path / "mine.world.json")
    assert [region.name for region in again.regions.values()] == ["Act one"]
    assert [note.text for note in again.notes.values()] == ["Later"]


def test_two_editors_of_one_file_keep_what_the_other_put_on_the_map(tmp_path: Path) -> None:
    path = world().save(tmp_path / "mine.world.json")
    one, other = wk.edit(path), wk.edit(path)
    one.notes.add("from one")
    other.notes.add("from the other")
    assert {note.text for note in wk.edit(path).notes.values()} == {"from one", "from the other"}


def test_what_a_file_says_of_states_that_are_gone_is_left_out(tmp_path: Path) -> None:
    path = world().save(tmp_path / "mine.world.json")
    annotations = {
        "regions": {"r": {"name": "Act one", "states": ["lane", "attic"], "mood": "grim"}},
        "notes": {"n": {"text": "loose", "state": "attic", "at": [5, 6]}},
        "tags": {"night": {"color": "red"}},
        "tagged": {"attic": ["night"], "gate": ["night", "unknown"]},
    }
    beside = path.with_name("mine.world.layout.json")
    beside.write_text(json.dumps({"format": "worldkit/layout", "version": 1, "annotations": annotations}))
    editor = wk.edit(path)
    assert editor.regions["r"].states == ("lane",)
    assert (editor.notes["n"].state, editor.notes["n"].at) == (None, (5, 6))
    assert (editor.tags.of("gate"), editor.tags.of("attic")) == (("night",), ())
    editor.regions.change("r", name="Act I")
    assert json.loads(beside.read_text())["annotations"]["regions"]["r"]["mood"] == "grim"


def tagged_rooms(count: int) -> tuple[wk.World, Json, list[Json]]:
    """Return a world, a tag on each of its states, and the operations that rename them all."""
    ids = [f"room_{n}" for n in range(count)]
    scene = {"states": {id: {"base": "A room."} for id in ids}, "events": []}
    world = wk.load({"schemaVersion": "1.0", "entrance": {"state": ids[0]}, "scene": scene})
    on_map = {"tags": {"cold": {}}, "tagged": {id: ["cold"] for id in ids}}
    return world, on_map, [{"op": "rename_state", "from": id, "to": f"{id}_old"} for id in ids]


def test_renaming_all_states_costs_in_an_editor_as_many_times_more_as_there_are_more_of_them() -> None:
    def prepare(count: int) -> Work:
        world, on_map, ops = tagged_rooms(count)
        state = gestures.annotate(open_editor(world), read_patch(on_map))
        return lambda: gestures.apply_ops(state, ops)

    assert growth(prepare, 250) <= MAX_GROWTH


def test_renaming_all_states_costs_in_a_store_as_many_times_more_as_there_are_more_of_them() -> None:
    def prepare(count: int) -> Work:
        _, on_map, ops = tagged_rooms(count)
        return lambda: renamed_annotations(json.dumps(on_map), ops)

    assert growth(prepare, 250) <= MAX_GROWTH
