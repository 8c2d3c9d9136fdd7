"""What the hosted player would do otherwise: each point of the specification's table, with its place in the world."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import worldkit as wk
from tests.strategies import documents

Json = dict[str, Any]
PAIR = {"static": "Still.", "dynamic": "Gliding."}
STATE = {"camera": PAIR, "movement": PAIR}
EVENT_FIELDS = {"base": "You go.", "minPlayMs": 1000, **STATE}


def world(*events: Json, states: Json | None = None, **fields: Any) -> wk.World:
    places = {id: {"base": f"A {id}.", **copy.deepcopy(STATE)} for id in ("lane", "pond")}
    document = {
        "name": "Lane",
        "entrance": {"state": "lane"},
        "scene": {"states": {**places, **(states or {})}, "events": list(events)},
        **fields,
    }
    return wk.World.from_dict(document)


def move(**fields: Any) -> Json:
    return {"name": "go", "kind": "transition", "from": ["lane"], "to": "pond", **EVENT_FIELDS, **fields}


def stay(**fields: Any) -> Json:
    return {"name": "go", "kind": "override", "from": ["lane"], **EVENT_FIELDS, **fields}


CUT = {"id": "clip", "video": "c.mp4", "from": "lane", "to": "pond"}


def test_a_world_that_plays_alike_everywhere_has_no_item() -> None:
    assert list(world(move(), stay(name="look")).portability()) == []


@pytest.mark.parametrize(
    ("subject", "code", "path", "words"),
    [
        (world(move(), name=" "), "required-fields", "name", "requires a name"),
        (world(move(), entrance={"state": "attic"}), "required-fields", "entrance.state", 'there is no "attic"'),
        (
            world(move(requires=["k"], lockedHint="Locked.", anchor={"label": "gate"})),
            "locked-with-anchor",
            "event[go].lockedHint",
            "does not show it while it is locked",
        ),
        (world(stay(autoAfterMs=5)), "timer", "event[go].autoAfterMs", "never fires by itself"),
        (world(move(autoAfterMs=5, requires=["k"])), "timer", "event[go].requires", "without its flags"),
        (world(move(autoAfterMs=5, oneShot=True)), "timer", "event[go].oneShot", "again in the same run"),
        (
            world(move(waypoint={"label": "gate", "distanceM": 9})),
            "waypoint",
            "event[go].waypoint",
            "it has to be pressed",
        ),
        (
            world(move(waypoint={"label": "gate", "distanceM": 9}, hidden=True)),
            "waypoint",
            "event[go].waypoint",
            "so nothing fires it",
        ),
        (world(move(landWhen={"auto": True, "minMotion": 3})), "zone", "event[go].landWhen.auto", "no luminance"),
        (world(stay(grants=["k"])), "grants-at-press", "event[go].grants", "when it is pressed"),
        (
            world(move(phases=[{"base": "One.", "minMs": 300}])),
            "least-time",
            "event[go].phases[0].minMs",
            "for 300 ms, here it takes 1000",
        ),
        (
            world(move(minPlayMs=9000, landWhen={"label": "gate"})),
            "least-time",
            "event[go].minPlayMs",
            "after 6000 ms, not after minPlayMs",
        ),
        (
            world(move(to="clip", **{"from": ["lane", "pond"]}), cutscenes=[CUT]),
            "cutscene",
            "event[go].to",
            'from "pond" the hosted player plays no cutscene',
        ),
        (world(move(), cutscenes=[{**CUT, "video": ""}]), "cutscene", "cutscene[clip].video", "it has no video"),
        (
            world(move(), cutscenes=[CUT, {**CUT, "id": "other"}]),
            "cutscene",
            "cutscene[other]",
            'plays "clip" there instead',
        ),
        (
            world(move(to="clip", grants=["k"]), cutscenes=[{**CUT, "requires": ["k"]}]),
            "cutscene",
            "event[go].to",
            'after the landing, when "k" is held',
        ),
        (
            # docs/spec/runtime.md#where-the-vendors-players-differ: by (from, to), after the landing
            world(move(grants=["k"]), cutscenes=[{**CUT, "requires": ["k"]}]),
            "cutscene",
            "event[go].to",
            'plays "clip" after the landing, when "k" is held',
        ),
        (
            # the same: an override's grants are added at the press, while here it waits for evidence
            world({**stay(grants=["k"], landWhen={"label": "gate"}), "minPlayMs": 0}),
            "grants-at-press",
            "event[go].grants",
            "when it is pressed",
        ),
        (world(move(base=" ")), "event-prompt", "event[go].base", "streams that of the state it leaves"),
        (world(move(detail="A latch clicks.")), "event-prompt", "scene.events", "streams both"),
        (
            world(move(), states={"bc_1": {"base": "A gate.", **STATE}}),
            "derived-narration",
            "state[bc_1].narration",
            "derives a line",
        ),
        (
            world(move(), states={"lane": {"base": "L.", **STATE, "ending": {"kind": "win", "title": "T"}}}),
            "offers-after-ending",
            "event[go].from",
            "beside the ending",
        ),
        (world(move(), subject="A girl."), "unsent-prose", "state[lane].base", "does not send"),
        (world(move(camera="Wide.")), "event-text", "event[go].camera", "both halves of a pair"),
        (world(move(), states={"lane": {"base": "L."}}), "missing-pair", "state[lane].camera", "requires one"),
        (world(move(to="clip"), cutscenes=[CUT]), "cutscene-in-to", "event[go].to", 'its state "pond"'),
    ],
)
def test_a_difference_is_told_with_its_place_and_in_a_sentence(
    subject: wk.World, code: str, path: str, words: str
) -> None:
    items = [item for item in subject.portability() if (item.lint, item.path) == (code, path)]
    assert len(items) == 1
    assert words in items[0].message
    assert items[0].severity == "info"


def test_of_two_cutscenes_between_the_same_states_one_without_a_video_is_not_played_instead() -> None:
    # docs/spec/runtime.md#where-the-vendors-players-differ: a cutscene of a pair needs a video
    items = world(move(), cutscenes=[{**CUT, "video": ""}, {**CUT, "id": "other"}]).portability()
    assert [(item.lint, item.path) for item in items] == [("cutscene", "cutscene[clip].video")]


def test_what_nearly_every_event_has_is_told_once_with_a_number() -> None:
    bare = [
        {"name": f"go {n}", "kind": "transition", "from": ["lane"], "to": "pond", "base": "You go."} for n in range(40)
    ]
    items = {item.lint: item.message for item in world(*bare).portability()}
    assert set(items) == {"least-time", "event-prompt"}
    assert "each of 40 transitions without minPlayMs" in items["least-time"]
    assert "40 events have no camera or movement of their own" in items["event-prompt"]


def test_nothing_is_said_of_the_timer_of_an_event_whose_kind_is_of_a_later_version() -> None:
    later = world(move(kind="portal", autoAfterMs=5, requires=["k"]), schemaVersion="1.5")
    assert not [item for item in later.portability() if item.lint == "timer"]


def test_an_entrance_that_is_missing_is_told() -> None:
    codes = [item.path for item in wk.World.from_dict({"scene": {"states": {}, "events": []}}).portability()]
    assert codes == ["name", "entrance"]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_every_item_lies_in_the_world(document: Json) -> None:
    read = wk.World.from_dict(document)
    for item in read.portability():
        assert item.message
        if item.item.kind == "state":
            assert item.item.id in read.states
        elif item.item.kind == "event":
            assert item.item.id in read.events_by_name
        elif item.item.kind == "cutscene":
            assert item.item.id in read.cutscenes_by_id
