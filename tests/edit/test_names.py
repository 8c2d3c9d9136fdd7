"""Names and ids that an edit makes, and names that it changes wherever the world names them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import worldkit as wk
from tests.edit.house import HOUSE, house
from worldkit.editing.batch import apply
from worldkit.editing.partial import apply_in_part

Json = dict[str, Any]

ROOMS: Json = {
    "entrance": {"state": "hall"},
    "scene": {
        "states": {"hall": {"base": "A hall."}, "attic": {"base": "An attic."}},
        "events": [
            {"name": "take lamp", "kind": "override", "from": ["hall"], "grants": ["lamp", "light"]},
            {"name": "climb", "kind": "transition", "from": ["hall"], "to": "attic", "requires": ["lamp"]},
            {
                "name": "ask",
                "kind": "terminal",
                "from": ["hall"],
                "terminal": {"persona": "Maud", "facts": [{"text": "It is dark.", "requires": ["lamp"]}]},
            },
        ],
    },
    "cutscenes": [{"id": "rise", "video": "v.mp4", "from": "hall", "to": "attic", "requires": ["lamp"]}],
    "outro": {"video": "end.mp4", "flag": "lamp", "state": "attic"},
    "missions": [
        {
            "id": "m",
            "title": "M",
            "complete": "lamp",
            "objectives": [{"id": "find", "text": "Find it", "grants": "lamp"}, {"id": "up", "text": "Go up"}],
        }
    ],
    "kernel": {"allow": {"event[climb].base": ["negation"], "event[climb up].base": ["whiteout"]}, "fields": 1},
}


def rooms() -> wk.World:
    return wk.World.from_dict(copy.deepcopy(ROOMS))


# ---- row 15: an event without a name ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "name"),
    [
        ({"op": "add_event", "kind": "transition", "from": ["hall"], "to": "stairs"}, "go_to_stairs"),
        ({"op": "add_transition", "from": "hall", "to": "fall"}, "go_to_fall"),
        ({"op": "add_override", "from": ["hall"], "base": "You look."}, "override_5"),
        ({"op": "add_event", "kind": "terminal", "from": ["hall"], "name": None}, "terminal_5"),
        ({"op": "add_event", "event": {"kind": "transition", "from": ["hall"]}}, "transition_5"),
    ],
)
def test_row_15_an_event_without_a_name_gets_one(op: Json, name: str) -> None:
    result = apply(house(), [op])
    assert result.world.events[-1].name == name
    assert result.ops[0]["event"]["name"] == name
    assert result.label == f"{result.label.split(name)[0]}{name}"


def test_row_15_a_name_that_is_made_gets_a_number_when_it_is_taken() -> None:
    op = {"op": "add_transition", "from": ["hall"], "to": "stairs"}
    names = [event.name for event in apply(house(), [op, op, op]).world.events[4:]]
    assert names == ["go_to_stairs", "go_to_stairs_2", "go_to_stairs_3"]


def test_row_15_a_blank_name_is_still_refused() -> None:
    with pytest.raises(wk.OpError, match="at least one visible character"):
        house().apply([{"op": "add_override", "name": " ", "from": ["hall"]}])


# ---- row 49: what is refused in operations --------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "reason"),
    [
        ({"op": "set_event_phases", "event": "climb", "value": [{"base": "Up."}]}, "expected two or more, got 1"),
        ({"op": "set_event_phases", "event": "climb", "value": []}, "expected two or more, got 0"),
        (
            {"op": "set_event_phases", "event": "climb", "value": [{"base": "Up."}, {"base": " "}]},
            "phases[1].base: expected a text that is not blank",
        ),
        ({"op": "add_story_beat", "summary": " \n"}, "summary: expected a text that is not blank"),
        (
            {"op": "add_sequence", "id": "x", "title": "X", "beats": [{"state": "hall"}]},
            "beats: expected two or more states",
        ),
    ],
)
def test_row_49_one_phase_one_beat_and_a_blank_summary_are_refused(op: Json, reason: str) -> None:
    with pytest.raises(wk.OpError) as error:
        house().apply([op])
    assert reason in error.value.reason


@pytest.mark.parametrize("key", ["w", "D", "7", " ", "ArrowUp", "space", "", "kk", "↑", "²"])
def test_row_46_a_hotkey_that_moves_chooses_or_is_no_character_is_refused(key: str) -> None:
    with pytest.raises(wk.OpError, match="value: "):
        house().apply([{"op": "set_event_hotkey", "event": "look", "value": key}])


@pytest.mark.parametrize("key", ["e", "J", "?", "é", None])
def test_row_46_a_free_character_or_none_is_taken_as_a_hotkey(key: str | None) -> None:
    world = house().apply([{"op": "set_event_hotkey", "event": "look", "value": key}])
    assert world.events_by_name["look"].hotkey == key


def test_a_hotkey_of_an_event_that_is_offered_beside_it_is_refused_and_named() -> None:
    with pytest.raises(wk.OpError, match='"K" is the hotkey of event "climb", which is offered in "stairs" too'):
        house().apply([{"op": "set_event_hotkey", "event": "look", "value": "K"}])
    again = [{"op": "set_event_hotkey", "event": "climb", "value": "k"}]
    elsewhere = [{"op": "set_event_hotkey", "event": "descend", "value": "k"}]
    assert house().apply([*again, *elsewhere]).events_by_name["descend"].hotkey == "k"


# ---- variants -------------------------------------------------------------------------------------


def test_a_variant_without_a_label_gets_the_next_letter() -> None:
    world = house().apply([{"op": "add_variant", "state": "stairs", "base": f"{n}."} for n in range(27)])
    labels = [variant.label for variant in world.states["stairs"].variants or ()]
    assert labels == [*"BCDEFGHIJKLMNOPQRSTUVWXYZ", "B2", "C2"]


def test_a_variant_takes_what_it_lacks_from_its_state_as_it_is_added() -> None:
    result = apply(house(), [{"op": "add_variant", "state": "hall"}])
    variant = {"label": "C", "base": HOUSE["scene"]["states"]["hall"]["base"]}
    variant["camera"] = HOUSE["scene"]["states"]["hall"]["camera"]
    assert result.world.raw["scene"]["states"]["hall"]["variants"][1] == variant
    assert result.ops == [{"op": "add_variant", "state": "hall", "variant": variant}]


# ---- renaming -------------------------------------------------------------------------------------


def test_a_flag_is_renamed_in_every_place_that_names_it() -> None:
    result = apply(rooms(), [{"op": "rename_flag", "from": "lamp", "to": "lantern"}])
    text = result.world.to_json()
    assert '"lamp"' not in text
    assert text.count('"lantern"') == rooms().to_json().count('"lamp"') == 7
    assert result.inverse == [{"op": "rename_flag", "from": "lantern", "to": "lamp"}]
    assert result.label == "Rename flag lamp to lantern"


def test_a_flag_that_an_objective_grants_by_its_id_is_written_out() -> None:
    result = apply(rooms(), [{"op": "rename_flag", "from": "up", "to": "upstairs"}])
    objective = result.world.raw["missions"][0]["objectives"][1]
    assert objective == {"id": "up", "text": "Go up", "grants": "upstairs"}
    assert apply(result.world, result.inverse).world.to_json() == rooms().to_json()


def test_play_is_the_same_under_a_renamed_flag() -> None:
    world_after = rooms().apply([{"op": "rename_flag", "from": "lamp", "to": "lantern"}])
    for world in (rooms(), world_after):
        session = wk.Session(world)
        session.fire("take lamp")
        assert session.fire("climb").state == "attic"


@pytest.mark.parametrize(
    ("op", "reason"),
    [
        ({"op": "rename_flag", "from": "lamp", "to": "light"}, "renaming one to the other would merge the two"),
        ({"op": "rename_flag", "from": "lamp", "to": "up"}, "renaming one to the other would merge the two"),
        ({"op": "rename_flag", "from": "lamp", "to": " "}, "at least one visible character"),
        ({"op": "rename_flag", "from": "oil", "to": "x"}, 'there is no flag "oil"'),
        ({"op": "rename_event", "from": "climbs", "to": "x"}, 'there is no event "climbs"; did you mean "climb"?'),
        ({"op": "rename_event", "from": "climb", "to": ""}, "at least one visible character"),
    ],
)
def test_a_renaming_that_would_merge_or_lose_a_name_is_refused(op: Json, reason: str) -> None:
    with pytest.raises(wk.OpError) as error:
        rooms().apply([op])
    assert reason in error.value.reason


def test_what_a_world_allows_follows_a_renamed_event_and_a_renamed_state() -> None:
    world = rooms().apply([{"op": "rename_event", "from": "climb", "to": "go.up"}])
    assert world.raw["kernel"] == {
        "allow": {"event[go.up].base": ["negation"], "event[climb up].base": ["whiteout"]},
        "fields": 1,
    }
    allowed = rooms().apply([{"op": "put_world", "set": {"kernel": {"allow": {"state[hall].base": ["budget"]}}}}])
    result = apply(allowed, [{"op": "rename_state", "from": "hall", "to": "lobby"}])
    assert result.world.raw["kernel"] == {"allow": {"state[lobby].base": ["budget"]}}
    assert apply(result.world, result.inverse).world.to_json() == allowed.to_json()


@pytest.mark.parametrize(
    "op",
    [
        {"op": "rename_event", "from": "climb", "to": "up"},
        {"op": "update_event", "name": "climb", "patch": {"name": "up", "base": "You go up."}},
    ],
)
@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("stale", [False, True])
def test_what_a_world_allows_follows_every_rename_and_stays_for_another_event_of_the_name(
    op: Json, twice: bool, stale: bool
) -> None:
    document = copy.deepcopy(ROOMS)
    allow = {"event[climb].base": ["negation"], "event[climb up].base": ["whiteout"]}
    document["kernel"] = {"allow": {**allow, **({"event[up].detail": ["negation"]} if stale else {})}}
    if twice:
        document["scene"]["events"].append({**document["scene"]["events"][1], "to": "hall"})
    world = wk.World.from_dict(document)
    result = apply(world, [op])
    new_allow = result.world.raw["kernel"]["allow"]
    assert new_allow.get("event[up].base") == ["negation"] and new_allow["event[climb up].base"] == ["whiteout"]
    assert ("event[climb].base" in new_allow) == twice
    assert apply(result.world, result.inverse).world.to_json() == world.to_json()
    assert wk.diff(world, result.world) and world.apply(wk.diff(world, result.world).ops) == result.world
    if not twice and op["op"] == "update_event":
        assert apply_in_part(world, [op]).world == result.world


def test_a_renaming_that_what_a_world_allows_follows_is_undone_by_one_operation() -> None:
    place, other = "event[climb].base", "event[climb].x].base"  # the second may be about an event "climb].x"
    document = {**copy.deepcopy(ROOMS), "kernel": {"allow": {place: ["negation"], other: ["count"], "name": ["x"]}}}
    world = wk.World.from_dict(document)
    for op in (
        {"op": "update_event", "name": "climb", "patch": {"name": "up]s"}},
        {"op": "rename_event", "from": "climb", "to": "up]s"},
    ):
        result = apply(world, [op, {"op": "rename_event", "from": "up]s", "to": "up"}])
        assert list(result.world.raw["kernel"]["allow"]) == ["event[up].base", "event[up].x].base", "name"]
        assert [step["op"] for step in result.inverse] == ["rename_event", op["op"]]
        assert apply(result.world, result.inverse).world.to_json() == world.to_json()
    kernel = {"allow": {place: ["budget"]}}
    mixed = apply(
        world,
        [
            {"op": "rename_event", "from": "climb", "to": "up"},
            {"op": "put_world", "set": {"kernel": kernel}},
            {"op": "rename_event", "from": "up", "to": "climb"},
            {"op": "rename_event", "from": "climb", "to": "go"},
            {"op": "put_world", "set": {"note": 1}, "order": ["note", "scene"]},
        ],
    )
    assert mixed.world.raw["kernel"] == {"allow": {"event[go].base": ["budget"]}}
    assert apply(mixed.world, mixed.inverse).world.to_json() == world.to_json()


@pytest.mark.parametrize("twice", [False, True])
def test_what_a_world_allows_follows_the_label_of_a_variant(twice: bool) -> None:
    document = copy.deepcopy(HOUSE)
    variants = document["scene"]["states"]["hall"]["variants"]
    variants.extend(copy.deepcopy(variants) if twice else [])
    place = "state[hall].variant[B].base"
    document["kernel"] = {"allow": {place: ["negation"], "state[hall].base": ["budget"]}}
    world = wk.World.from_dict(document)
    op = {"op": "set_variant_field", "state": "hall", "label": "B", "field": "label", "value": "Night"}
    result = apply(world, [op])
    allow = result.world.raw["kernel"]["allow"]
    assert allow["state[hall].variant[Night].base"] == ["negation"] and (place in allow) == twice
    assert apply(result.world, result.inverse).world.to_json() == world.to_json()


def test_an_exact_new_name_leaves_what_a_world_allows_as_it_is_and_can_be_undone() -> None:
    allow = {"event[climb].base": ["negation"], "event[up].base": ["whiteout"]}
    world = wk.World.from_dict({**copy.deepcopy(ROOMS), "kernel": {"allow": allow}})
    event = {**world.to_dict()["scene"]["events"][1], "name": "up"}
    result = apply(world, [{"op": "put_event", "name": "climb", "event": event}])
    assert result.world.raw["kernel"] == {"allow": allow}
    assert apply(result.world, result.inverse).world.to_json() == world.to_json()
    assert world.apply(wk.diff(world, result.world).ops) == result.world


def test_of_two_events_with_one_name_the_first_is_renamed_and_it_can_be_undone() -> None:
    twice = copy.deepcopy(ROOMS)
    twice["scene"]["events"].append({**twice["scene"]["events"][1], "to": "hall"})
    world = wk.World.from_dict(twice)
    result = apply(world, [{"op": "rename_event", "from": "climb", "to": "up"}])
    assert [event.name for event in result.world.events] == ["take lamp", "up", "ask", "climb"]
    assert apply(result.world, result.inverse).world.to_json() == world.to_json()


def test_a_renamed_flag_merges_with_an_edit_that_uses_the_old_name() -> None:
    ours = rooms().apply([{"op": "rename_flag", "from": "lamp", "to": "lantern"}])
    theirs = rooms().apply([{"op": "set_event_field", "event": "climb", "field": "base", "value": "You climb."}])
    merge = wk.merge(rooms(), ours, theirs)
    assert not merge.conflicts
    climb = merge.world.events_by_name["climb"]
    assert (climb.requires, climb.base) == (("lantern",), "You climb.")


def test_a_renamed_event_merges_with_an_edit_of_the_event() -> None:
    ours = rooms().apply([{"op": "rename_event", "from": "climb", "to": "go up"}])
    theirs = rooms().apply([{"op": "set_event_field", "event": "climb", "field": "base", "value": "You climb."}])
    merge = wk.merge(rooms(), ours, theirs)
    assert not merge.conflicts
    assert merge.world.events_by_name["go up"].base == "You climb."
