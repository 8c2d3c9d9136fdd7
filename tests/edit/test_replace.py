"""Find and replace over all prose, word counts, and the table of texts that both use."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from tests.scripts import load_script
from tests.strategies import documents
from worldkit.core.prose import PROSE_FIELDS, READERS, count_words, prose_of
from worldkit.editing.batch import apply
from worldkit.editing.prose_edits import prose_ops

Json = dict[str, Any]


def world_of(states: Json, events: list[Json] = (), **fields: Any) -> wk.World:  # type: ignore[assignment]
    return wk.load({**fields, "scene": {"states": states, "events": list(events)}})


def test_the_browsers_table_and_the_cases_are_up_to_date() -> None:
    script = load_script("scripts/prose_fields.py")
    assert script.main(["--check"]) == 0, "run: python scripts/prose_fields.py"


# ---- where texts are ---------------------------------------------------------------------------

NOT_PROSE = {
    # what names things, and what players never see as words
    *("world.schemaVersion", "world.id", "world.cover", "world.introVideo", "world.entrance.state"),
    *("world.entrance.image.src", "world.outro.video", "world.outro.flag", "world.outro.state"),
    *("world.story.beats.*.arc", "world.story.beats.*.states.*", "world.story.beats.*.sequence"),
    *("world.cutscenes.*.id", "world.cutscenes.*.video", "world.cutscenes.*.from", "world.cutscenes.*.to"),
    *("world.cutscenes.*.requires.*", "world.sequences.*.id", "world.sequences.*.beats.*.state"),
    *("world.missions.*.id", "world.missions.*.complete", "world.missions.*.verified.*"),
    *("world.missions.*.objectives.*.id", "world.missions.*.objectives.*.location"),
    *("world.missions.*.objectives.*.grants", "world.missions.*.objectives.*.requires.*"),
    "world.missions.*.objectives.*.fail.name",
    *("state.variants.*.label", "event.name", "event.from.*", "event.to", "event.hotkey"),
    *("event.requires.*", "event.grants.*", "event.terminal.facts.*.requires.*"),
}


def text_paths(model: Any, path: str) -> set[str]:
    """Return the paths at which a model of the format holds a text of any kind."""
    paths: set[str] = set()
    for name, field in model.model_fields.items():
        if name == "scene":
            continue
        paths |= paths_of_type(field.annotation, f"{path}.{field.alias or name}")
    return paths


def paths_of_type(kind: Any, path: str) -> set[str]:
    if hasattr(kind, "model_fields"):
        return text_paths(kind, path)
    if hasattr(kind, "__value__"):
        return paths_of_type(kind.__value__, path)
    if kind is str:
        return {path}
    if getattr(kind, "__origin__", None) in (tuple, list):
        return paths_of_type(get_args(kind)[0], f"{path}.*")
    if getattr(kind, "__metadata__", None) is not None:
        return paths_of_type(kind.__origin__, path)
    return {one for part in get_args(kind) if not isinstance(part, str) for one in paths_of_type(part, path)}


def test_every_text_of_the_format_is_prose_or_named_here_as_none() -> None:
    from worldkit import Event, State
    from worldkit.core.model import DocumentModel

    of_the_format = text_paths(State, "state") | text_paths(Event, "event") | text_paths(DocumentModel, "world")
    prose = {f"{kind}.{'.'.join(field.path)}" for kind, fields in PROSE_FIELDS.items() for field in fields}
    assert prose <= of_the_format
    assert of_the_format - prose - NOT_PROSE == set()


def test_two_texts_never_share_a_key_however_ids_look() -> None:
    world = world_of(
        {"x": {"base": "one", "variants": [{"label": "B", "base": "two"}]}, "x].variants[0": {"base": "three"}},
        [{"name": "go", "kind": "override", "from": ["x"], "base": text} for text in ("four", "five")],
    )
    texts = prose_of(world.raw)
    assert [text.text for text in texts] == ["one", "two", "three", "four", "five"]
    assert len({text.key for text in texts}) == 5


def test_words_are_counted_by_who_reads_them() -> None:
    world = world_of(
        {"lane": {"base": "Two words — here's four.", "narration": "Three more words"}}, name="The Lane", subject="Ines"
    )
    assert world.word_counts() == {"player": 5, "picture": 5, "recognition": 0, "author": 0}
    assert [count_words(text) for text in ("", " \n", "—", "a-b c", "3 lamps")] == [0, 0, 0, 2, 2]


# ---- find and replace --------------------------------------------------------------------------


def test_a_replacement_reaches_every_kind_of_text_and_nothing_that_names_things() -> None:
    brass = "brass"
    state = {
        "base": brass,
        "camera": {"static": brass, "dynamic": "x"},
        "ambient": ["a", brass],
        "ending": {"kind": "win", "title": brass},
        "variants": [{"label": "brass", "base": brass}],
    }
    event = {
        "name": "brass",
        "kind": "terminal",
        "from": ["brass"],
        "requires": ["brass"],
        "detail": brass,
        "camera": brass,
        "phases": [{"base": brass, "drive": None}],
        "terminal": {"persona": brass, "facts": [{"text": brass, "requires": ["brass"]}]},
        "music": brass,
    }
    world = world_of({"brass": state}, [event], subject=brass, story={"logline": brass}, music=brass)
    world_after = world.replace_text("brass", "iron")
    assert {match.text for match in world_after.find_text("iron")} == {"iron"}
    assert len(world_after.find_text("iron")) == len(world.find_text("brass")) == 12
    raw = world_after.to_dict()
    after = raw["scene"]["events"][0]
    assert list(raw["scene"]["states"]) == ["brass"] and raw["music"] == "brass"
    assert raw["scene"]["states"]["brass"]["variants"][0]["label"] == "brass"
    assert [after[key] for key in ("name", "from", "requires", "music")] == ["brass", ["brass"], ["brass"], "brass"]
    assert after["phases"] == [{"base": "iron", "drive": None}]
    assert after["terminal"]["facts"] == [{"text": "iron", "requires": ["brass"]}]


def test_a_replacement_follows_the_capitals_it_finds_unless_capitals_were_asked_for() -> None:
    world = world_of({"lane": {"base": "A lamp. Lamp oil. LAMP!"}})
    assert world.replace_text("lamp", "torch").states["lane"].base == "A torch. Torch oil. TORCH!"
    assert world.replace_text("Lamp", "torch").states["lane"].base == "A torch. torch oil. torch!"
    assert world.replace_text("lamp", "torch", match_case=True).states["lane"].base == "A torch. Lamp oil. LAMP!"


def test_whole_words_leave_longer_words_alone() -> None:
    world = world_of({"lane": {"base": "A lamp, lamps, lamp_oil and a streetlamp."}})
    assert world.replace_text("lamp", "torch", whole_words=True).states["lane"].base == (
        "A torch, lamps, lamp_oil and a streetlamp."
    )
    assert world.find_text("lamp", whole_words=True)[0].spans == ((2, 6),)


def test_only_the_texts_of_some_readers_are_changed_when_they_are_named() -> None:
    world = world_of({"lane": {"base": "A lamp.", "narration": "A lamp."}})
    world_after = world.replace_text("lamp", "torch", readers=["player"])
    assert (world_after.states["lane"].base, world_after.states["lane"].narration) == ("A lamp.", "A torch.")
    with pytest.raises(wk.WrongArgument, match="readers: expected some of player"):
        world.find_text("lamp", readers=["nobody"])  # type: ignore[list-item]
    with pytest.raises(wk.WrongArgument, match="at least one character"):
        world.find_text("")


def test_of_two_events_of_one_name_each_keeps_its_own_text() -> None:
    events = [{"name": "go", "kind": "override", "from": ["x"], "base": text} for text in ("a lamp", "two lamps")]
    world_after = world_of({"x": {"base": ""}}, events).replace_text("lamp", "torch")
    assert [event.base for event in world_after.events] == ["a torch", "two torchs"]


def test_in_the_editor_a_replacement_is_one_step_to_undo() -> None:
    editor = wk.edit(wk.samples.load("lighthouse"))
    before = editor.world
    editor.replace_text("lamp", "lantern")
    assert editor.world.find_text("lamp") == [] and len(editor.world.find_text("lantern")) > 20
    assert editor._state.undo_label == "Replace “lamp” with “lantern”"
    assert editor.undo().world == before


@given(documents(3, 4), st.dictionaries(st.integers(0, 200), st.text(max_size=8), max_size=5))
def test_texts_that_are_set_are_what_the_world_then_says_and_nothing_else_changes(
    raw: Json, new_texts: dict[int, str]
) -> None:
    world = wk.load(raw)
    texts = prose_of(world.raw)
    words = {at % len(texts): text for at, text in new_texts.items()}
    result = apply(world, prose_ops(world, [(texts[at], text) for at, text in words.items()]))
    after = prose_of(result.world.raw)
    assert [text.key for text in after] == [text.key for text in texts]
    assert [text.text for text in after] == [words.get(at, text.text) for at, text in enumerate(texts)]
    assert apply(result.world, result.inverse).world.to_json() == world.to_json()


@given(documents(3, 4), st.text(min_size=1, max_size=2), st.booleans(), st.booleans())
def test_what_was_replaced_by_nothing_of_it_is_not_found_again(raw: Json, text: str, case: bool, whole: bool) -> None:
    world = wk.load(raw)
    matches = world.find_text(text, match_case=case, whole_words=whole)
    world_after = world.replace_text(text, "\x00", match_case=case, whole_words=whole)
    assert all(match.text[start:end] for match in matches for start, end in match.spans)
    if "\x00" not in text:
        assert world_after.find_text(text, match_case=case, whole_words=whole) == []


def test_the_readers_are_those_of_the_table() -> None:
    assert {field.reader for fields in PROSE_FIELDS.values() for field in fields} == set(READERS)
