"""Documents of both dialects load: tags, words of later versions, both shapes of an event's camera, every envelope."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from worldkit.playing import event_prompt

Json = dict[str, Any]

LANE: Json = {"scene": {"states": {"lane": {"base": "A lane."}}, "events": []}, "entrance": {"state": "lane"}}
LATER_WORLD: Json = {
    "schemaVersion": "1.3",
    "entrance": {"state": "lane"},
    "scene": {
        "states": {"lane": {"base": "A lane."}, "pond": {"base": "A pond.", "ending": {"kind": "draw", "title": "T"}}},
        "events": [
            {"name": "beam", "kind": "portal", "from": ["lane"], "to": "pond", "grants": ["lit"]},
            {"name": "walk", "kind": "transition", "from": "lane", "to": "pond", "drive": {"movement": "swim"}},
        ],
    },
    "sequences": [{"id": "s", "title": "S", "beats": [{"state": "lane", "dwell": "slow"}, {"state": "pond"}]}],
}


# ---- row 37: a known foreign tag -------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["flat", "envelope"])
def test_row_37_the_studios_tag_is_read_as_1_0_kept_and_noted_once(shape: str) -> None:
    document = {"schemaVersion": "offline/1", **LANE}
    whole = document if shape == "flat" else {"schemaVersion": "offline/1", "world": document}
    world = wk.load(whole)
    assert world.to_dict() == document
    assert [(note.lint, note.severity) for note in world.diagnostics] == [("foreign-version", "info")]
    world_after = world.apply([{"op": "set_subject", "subject": "A girl."}])
    assert world_after.schema_version == "offline/1"
    assert not world_after.diagnostics


@pytest.mark.parametrize("key", ["world", "snapshot"])
def test_row_37_the_tag_of_an_envelope_is_noted_only_where_its_world_says_no_version(key: str) -> None:
    world = wk.load({"schemaVersion": "offline/1", key: LATER_WORLD})
    assert [note.lint for note in world.diagnostics] == [note.lint for note in wk.load(LATER_WORLD).diagnostics]
    export = {"format": "alakazam-studio/worlds", "version": 1, "worlds": [{"world": LATER_WORLD}, {"world": LANE}]}
    later, lane = wk.load_all({"schemaVersion": "offline/1", **export})
    assert "foreign-version" not in [note.lint for note in later.diagnostics]
    assert [note.lint for note in lane.diagnostics] == ["foreign-version"]


@pytest.mark.parametrize("tag", ["offline/2", "online/1", "v1.0", "1", "", None, 1.0])
def test_row_37_an_unknown_tag_is_refused_with_those_that_are_known(tag: Any) -> None:
    with pytest.raises(wk.InvalidWorld, match=r'foreign tags that are read: "offline/1"|expected a string'):
        wk.load({"schemaVersion": tag, **LANE})


# ---- row 38: words of later versions ---------------------------------------------------------------


def test_row_38_a_word_of_a_later_minor_version_is_kept_and_warned_of() -> None:
    world = wk.load(LATER_WORLD)
    assert world.to_dict() == LATER_WORLD
    assert world.events[0].kind == "portal"
    items = [note.item for note in world.diagnostics if note.severity == "warning"]
    places = [(item.kind, item.id, item.field) for item in items]
    assert places == [
        ("state", "pond", "ending.kind"),
        ("event", "beam", "kind"),
        ("event", "walk", "drive.movement"),
        ("sequence", "s", "beats[0].dwell"),
    ]


def test_row_38_the_same_word_is_refused_in_our_own_version() -> None:
    with pytest.raises(wk.InvalidWorld) as error:
        wk.load({**LATER_WORLD, "schemaVersion": "1.0"})
    assert len(error.value.problems) == 4


def test_row_38_a_world_with_later_words_is_edited_played_compared_and_drawn() -> None:
    world = wk.load(LATER_WORLD)
    world_after = world.apply([{"op": "set_event_field", "event": "beam", "field": "base", "value": "Light."}])
    assert world_after.raw["scene"]["events"][0] == {**LATER_WORLD["scene"]["events"][0], "base": "Light."}
    added = world.apply([{"op": "add_event", "name": "new", "kind": "portal", "from": ["lane"]}])
    assert added.apply([{"op": "delete_event", "name": "new"}]) == world
    assert world.apply(wk.diff(world, world_after).ops) == world_after
    assert not wk.merge(world, world_after, added).conflicts
    assert wk.explore(world).complete
    assert world.to_svg().startswith("<svg")
    world.lint(deep=True)
    session = wk.Session(world)
    session.fire("beam")
    assert session.state == "lane"
    assert session.fire("walk").state == "pond"


def test_row_38_the_version_cannot_be_put_back_while_later_words_are_there() -> None:
    world = wk.load(LATER_WORLD)
    for change in ({"set": {"schemaVersion": "1.0"}}, {"remove": ["schemaVersion"]}):
        with pytest.raises(wk.OpError, match="expected one of"):
            world.apply([{"op": "put_world", **change}])
    plain = wk.load({**LANE, "schemaVersion": "1.3"})
    assert plain.apply([{"op": "put_world", "set": {"schemaVersion": "1.0"}}]).schema_version == "1.0"


# ---- row 42: an event's camera and movement ---------------------------------------------------------


def with_event(**fields: Any) -> wk.World:
    document = copy.deepcopy(LANE)
    document["scene"]["events"] = [{"name": "go", "kind": "override", "from": ["lane"], "base": "You go.", **fields}]
    return wk.World.from_dict(document)


def test_row_42_both_shapes_load_and_stay_as_they_are() -> None:
    pair = {"static": "Still.", "dynamic": "Gliding.", "sprint": 3}
    world = with_event(camera="Wide.", movement=pair)
    assert world.to_dict()["scene"]["events"][0]["camera"] == "Wide."
    assert world.to_dict()["scene"]["events"][0]["movement"] == pair
    assert world.events[0].camera == "Wide."
    assert (world.events[0].movement.static, world.events[0].movement.dynamic) == ("Still.", "Gliding.")


def test_row_42_play_reads_a_string_as_both_halves_and_a_pair_by_half() -> None:
    world = with_event(camera="Wide.", movement={"static": "Still.", "dynamic": "Gliding."})
    assert event_prompt(world, "go") == "You go. Wide. Still."
    assert event_prompt(world, "go", moving=True) == "You go. Wide. Gliding."


def test_row_42_lint_looks_into_both_halves_of_an_events_movement() -> None:
    findings = with_event(movement={"static": "Still.", "dynamic": "She does not stop."}).lint()
    assert [f.item.field for f in findings if f.lint == "negation"] == ["movement.dynamic"]


# ---- envelopes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        LANE,
        {"world": LANE},
        {"id": "v1", "worldId": "w", "source": "save", "createdAt": "2026-11-26", "snapshot": LANE},
        {"reactorJwt": "x", "expiresIn": 300, "world": LANE, "worldId": "w"},
        {"format": "alakazam-studio/worlds", "version": 1, "worlds": [{"world": LANE, "versions": []}]},
        {"id": "c", "title": "C", "graph": {"start": "a"}, "acts": {"a": LANE}},
        {"graph": {}, "acts": {"a": {"world": LANE}}},
    ],
    ids=["flat", "envelope", "version", "connect", "export", "campaign", "campaign of envelopes"],
)
def test_row_36_every_form_that_holds_one_world_loads_it(document: Json) -> None:
    assert wk.load(document) == wk.World.from_dict(LANE)


def test_row_36_a_campaign_of_several_acts_loads_with_load_all() -> None:
    record = {"graph": {}, "acts": {"a": LANE, "b": {**LANE, "name": "Two"}}}
    assert [world.name for world in wk.load_all(record)] == [None, "Two"]
    with pytest.raises(wk.InvalidWorld, match="holds 2 worlds"):
        wk.load(record)
    with pytest.raises(wk.InvalidWorld, match="acts: a campaign without its worlds"):
        wk.load({"id": "c", "title": "C", "graph": {}})
    with pytest.raises(wk.InvalidWorld, match=r"acts\.a\.world: expected an object, a world"):
        wk.load({"graph": {}, "acts": {"a": {"x": 1}}})


def test_acts_whose_long_ids_begin_and_end_alike_are_all_loaded() -> None:
    ids = [f"{'a' * 70}{number}{'b' * 70}" for number in range(3)]
    record = {"graph": {}, "acts": {id: {**LANE, "name": id} for id in ids}}
    assert [world.name for world in wk.load_all(record)] == ids
    with pytest.raises(wk.InvalidWorld, match="2 problems"):
        wk.load_all({"graph": {}, "acts": {ids[0]: LANE, ids[1]: {}, ids[2]: 3}})


def test_another_file_of_worldkit_is_no_world_and_says_what_reads_it(tmp_path: Path) -> None:
    graph = {"start": "a", "acts": [{"actId": "a", "worldId": "w", "title": "A", "canonical": True}], "edges": []}
    world = wk.World.from_dict(LANE)
    session = wk.Session(world)
    story = wk.CampaignSession(wk.Campaign.from_dict(graph), {"w": world})
    files = {
        "a campaign's graph.*worldkit.Campaign.load": json.dumps(graph),
        "a saved run;.*worldkit.Session.load": session.trace.to_json(),
        "a saved position;.*worldkit.Session.load": session.save(tmp_path / "here.json", "position").read_text(),
        "a saved run of a campaign; worldkit.replay_campaign": story.trace.to_json(),
    }
    for message, text in files.items():
        path = tmp_path / "file.json"
        path.write_text(text)
        for read in (wk.load, wk.load_all):
            with pytest.raises(wk.InvalidWorld, match=message):
                read(path)


def test_vendor_fields_are_kept_whatever_they_hold() -> None:
    document = copy.deepcopy(LANE)
    document |= {"subjectRef": 3, "kernel": None, "progression": [], "hud": {}, "model": "m", "boundaryLand": 0}
    document["kind"] = {"x": 1}
    document["scene"]["events"] = [{"name": "e", "kind": "override", "from": ["lane"], "fireVision": None}]
    document["cutscenes"] = [{"id": "c", "video": "v", "from": "lane", "to": "lane", "seedFrame": {"src": "x"}}]
    document["sequences"] = [{"id": "s", "title": "S", "beats": [{"state": "lane", "reseed": True}]}]
    assert wk.load(document).to_dict() == document
