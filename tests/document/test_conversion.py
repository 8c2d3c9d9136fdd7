"""Documents as a profile writes them: what is filled, what stays, and that both ways are exact."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.schemas import schema_problems
from tests.strategies import documents
from worldkit.core.conversion import completed_state, convert
from worldkit.core.profile import HOSTED, STUDIO
from worldkit.core.unsent_prose import holds_text

Json = dict[str, Any]
LAWS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
PAIR = {"static": "Still.", "dynamic": "Gliding."}

STUDIO_WORLD: Json = {
    "schemaVersion": "1.0",
    "name": "Lane",
    "subject": "A girl in a red coat.",
    "styleTail": "Grey light.",
    "entrance": {"state": "lane"},
    "scene": {
        "states": {
            "lane": {"base": "a girl in a  red coat. walks a lane.", "camera": PAIR, "x": None},
            "pond": {"base": "A pond. Grey light.", "variants": [{"label": "B", "base": "Ice."}]},
            "shed": {"base": "A shed."},
        },
        "events": [
            {"name": "walk", "kind": "transition", "from": "lane", "to": "clip", "camera": "Wide.", "y": 1},
            {"name": "back", "kind": "transition", "from": ["pond", "shed"], "to": "lane", "movement": PAIR},
        ],
    },
    "cutscenes": [{"id": "clip", "video": "c.mp4", "from": "lane", "to": "pond"}],
}


def as_hosted(document: Json) -> Json:
    return wk.World.from_dict(document).to_dict(profile="hosted")


def studio(document: Json) -> Json:
    return wk.World.from_dict(document).to_dict(profile="studio")


# ---- what is written -------------------------------------------------------------------------------


def test_row_41_a_missing_pair_is_copied_from_the_entrance_else_it_is_empty() -> None:
    states = as_hosted(STUDIO_WORLD)["scene"]["states"]
    assert states["lane"]["camera"] == states["pond"]["camera"] == states["shed"]["camera"] == PAIR
    assert states["shed"]["movement"] == {"static": "", "dynamic": ""}


def test_row_41_a_missing_half_is_copied_from_the_other_half() -> None:
    assert completed_state({"base": "x", "camera": {"dynamic": "d", "z": 1}}, {"movement": {"static": "s"}}) == {
        "base": "x",
        "camera": {"dynamic": "d", "z": 1, "static": "d"},
        "movement": {"static": "s", "dynamic": "s"},
    }


def test_row_42_a_text_becomes_both_halves_and_equal_halves_become_a_text() -> None:
    walk, back = as_hosted(STUDIO_WORLD)["scene"]["events"]
    assert walk["camera"] == {"static": "Wide.", "dynamic": "Wide."}
    assert back["movement"] == PAIR
    assert studio(as_hosted(STUDIO_WORLD))["scene"]["events"][0]["camera"] == "Wide."
    assert studio(STUDIO_WORLD)["scene"]["events"][1]["movement"] == "Still."


def test_row_43_a_cutscene_in_to_becomes_its_state_and_comes_back_by_the_pair() -> None:
    document = as_hosted(STUDIO_WORLD)
    assert document["scene"]["events"][0]["to"] == "pond"
    assert document["cutscenes"] == STUDIO_WORLD["cutscenes"]
    assert studio(document)["scene"]["events"][0]["to"] == "clip"


def test_row_43_an_event_with_other_sources_too_keeps_its_state() -> None:
    document = copy.deepcopy(STUDIO_WORLD)
    document["scene"]["events"][0] |= {"from": ["lane", "shed"], "to": "pond"}
    assert studio(document)["scene"]["events"][0]["to"] == "pond"


def test_row_45_subject_comes_first_and_the_tail_last_where_they_are_missing() -> None:
    states = as_hosted(STUDIO_WORLD)["scene"]["states"]
    assert states["lane"]["base"] == "a girl in a  red coat. walks a lane. Grey light."
    assert states["pond"]["base"] == "A girl in a red coat. A pond. Grey light."
    assert states["pond"]["variants"][0]["base"] == "A girl in a red coat. Ice. Grey light."


def test_what_is_written_otherwise_is_told_with_its_place() -> None:
    notes = {(note.item.id, note.item.field, note.lint) for note in convert(STUDIO_WORLD, HOSTED).notes}
    assert notes == {
        ("lane", "movement", "missing-pair"),
        ("lane", "base", "unsent-prose"),
        ("pond", "camera", "missing-pair"),
        ("pond", "movement", "missing-pair"),
        ("pond", "base", "unsent-prose"),
        ("pond", "variants[0].base", "unsent-prose"),
        ("shed", "camera", "missing-pair"),
        ("shed", "movement", "missing-pair"),
        ("shed", "base", "unsent-prose"),
        ("walk", "camera", "event-text"),
        ("walk", "to", "cutscene-in-to"),
    }
    pair_notes = [note for note in convert(STUDIO_WORLD, STUDIO).notes if note.lint == "event-pair"]
    assert "the rest of it is lost" in pair_notes[0].message


def test_without_a_profile_a_document_is_written_as_it_was_read() -> None:
    world = wk.World.from_dict(STUDIO_WORLD)
    assert world.to_dict() == world.to_dict(profile=None) == STUDIO_WORLD
    world.to_dict(profile="hosted")["scene"]["states"].clear()
    assert world.to_dict() == STUDIO_WORLD


def test_another_profile_is_refused() -> None:
    with pytest.raises(wk.WrongArgument, match="hosted"):
        wk.World.from_dict(STUDIO_WORLD).to_dict(profile="disk")  # type: ignore[arg-type]


# ---- laws ------------------------------------------------------------------------------------------


@given(documents())
@LAWS
def test_a_document_written_for_a_profile_complies_and_is_written_the_same_again(document: Json) -> None:
    for profile, name in ((HOSTED, "hosted"), (STUDIO, "studio")):
        written_document = wk.World.from_dict(document).to_dict(profile=name)  # type: ignore[arg-type]
        assert schema_problems(written_document) == []
        again = convert(written_document, profile)
        assert again.document is written_document
        assert again.notes == ()


@given(documents())
@LAWS
def test_a_hosted_document_has_what_the_hosted_runtime_asks_for(document: Json) -> None:
    hosted_document = as_hosted(document)
    cuts = {cutscene["id"] for cutscene in hosted_document.get("cutscenes", ())}
    for state in hosted_document["scene"]["states"].values():
        for pair in ("camera", "movement"):
            assert {"static", "dynamic"} <= state[pair].keys()
        for base in (state["base"], *(variant["base"] for variant in state.get("variants", ()))):
            for layer in ("subject", "styleTail"):
                assert holds_text(base, document.get(layer, ""))
    for event in hosted_document["scene"]["events"]:
        assert event.get("to") not in cuts
        assert not isinstance(event.get("camera"), str) and not isinstance(event.get("movement"), str)


@given(documents())
@LAWS
def test_nothing_else_changes_and_key_order_stays(document: Json) -> None:
    hosted_document = as_hosted(document)
    changed_fields = {"camera", "movement", "base", "variants"}
    assert {k: v for k, v in hosted_document.items() if k != "scene"} == {
        k: v for k, v in document.items() if k != "scene"
    }
    assert list(hosted_document) == list(document)
    assert list(hosted_document["scene"]) == list(document["scene"])
    for id, state in document["scene"]["states"].items():
        new = hosted_document["scene"]["states"][id]
        assert [key for key in new if key in state] == list(state)
        assert {k: new[k] for k in state if k not in changed_fields} == {
            k: state[k] for k in state if k not in changed_fields
        }
        assert new.keys() <= state.keys() | changed_fields
    for old, new in zip(document["scene"]["events"], hosted_document["scene"]["events"], strict=True):
        assert list(new) == list(old)
        assert {k: v for k, v in new.items() if k not in {"camera", "movement", "to"}} == {
            k: v for k, v in old.items() if k not in {"camera", "movement", "to"}
        }


@given(documents())
@LAWS
def test_a_world_plays_to_the_same_places_as_written_for_either_profile(document: Json) -> None:
    world = wk.World.from_dict(document)
    exploration = wk.explore(world)
    for name in ("hosted", "studio"):
        other = wk.explore(wk.World.from_dict(world.to_dict(profile=name)))  # type: ignore[arg-type]
        assert (other.positions, set(other.states), set(other.events)) == (
            exploration.positions,
            set(exploration.states),
            set(exploration.events),
        )


@given(documents(), st.booleans())
@LAWS
def test_to_the_other_profile_and_back_loses_no_move(document: Json, is_hosted: bool) -> None:
    """Moves are exact both ways where each event on a cutscene's way leaves the cutscene's state only."""
    cuts = document.get("cutscenes", [])
    for event in document["scene"]["events"]:
        for cutscene in cuts:
            if event.get("to") in (cutscene["id"], cutscene["to"]):
                event["from"] = [cutscene["from"]]
                event["to"] = cutscene["id"]
    first, second = (as_hosted, studio) if is_hosted else (studio, as_hosted)
    start = document if is_hosted else as_hosted(document)
    back = second(first(start))
    assert [e.get("to") for e in back["scene"]["events"]] == [e.get("to") for e in start["scene"]["events"]]
    assert back["scene"]["states"] == (as_hosted(start) if is_hosted else start)["scene"]["states"]


@given(st.text(max_size=12), st.text(max_size=6))
@LAWS
def test_a_text_holds_each_of_its_own_parts(text: str, other: str) -> None:
    assert holds_text(f"{other} {text}", text)
    assert holds_text(text.upper() if text.isascii() else text, text)
