"""The operations are the specification's where those say it exactly, and no more than were needed by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compare.worlds import BASE, GATE, LANE, go, kinds, world
from tests.growing import MAX_GROWTH, Work, growth
from worldkit import World, diff
from worldkit.comparison.steps import TargetIndex, with_force

Json = dict[str, Any]

RICH = world(
    {"lane": LANE, "gate": GATE, "pond": {"base": "Ice lies on the pond, and one green bottle stands in it."}},
    [go("walk", "lane", "gate"), go("slide", "gate", "pond"), go("home", ["pond", "gate"][0], "lane")],
    entrance={"state": "lane"},
    subject="A girl in a red coat.",
    story={"logline": "She walks."},
    sequences=[{"id": "tour", "title": "Tour", "beats": [{"state": "lane"}, {"state": "gate"}]}],
)

ONE_OP: list[Json] = [
    {"op": "add_state", "id": "attic", "state": {"base": "The attic smells of cedar."}},
    {"op": "update_state", "id": "lane", "patch": {"base": "A wet lane.", "narration": "Home."}},
    {"op": "delete_state", "id": "pond"},
    {"op": "delete_state", "id": "gate"},
    {"op": "rename_state", "from": "lane", "to": "road"},
    {"op": "add_event", "event": go("jump", "lane", "pond", requires=["key"])},
    {"op": "update_event", "name": "walk", "patch": {"to": "pond", "hotkey": "k"}},
    {"op": "update_event", "name": "walk", "patch": {"name": "stroll"}},
    {"op": "update_event", "name": "walk", "patch": {"kind": "override", "to": None}},
    {"op": "delete_event", "name": "walk"},
    {"op": "set_entrance", "state": "gate"},
    {"op": "set_entrance", "image": {"src": "a.png"}, "state": "lane"},
    {"op": "set_entrance", "state": None},
    {"op": "set_subject", "subject": "A boy.", "styleTail": "Dusk."},
    {"op": "set_subject", "subject": None},
    {"op": "set_narrate", "narrate": True},
    {"op": "set_intro", "video": "a.mp4", "static": False},
    {"op": "set_story", "logline": "She runs.", "arc": ["out", "back"]},
    {"op": "set_story", "logline": "She runs.", "mood": "grey"},
    {"op": "add_story_beat", "beat": {"summary": "She has left.", "states": ["gate"]}},
    {"op": "add_cutscene", "cutscene": {"id": "cut", "video": "c.mp4", "from": "lane", "to": "gate"}},
    {
        "op": "add_sequence",
        "sequence": {"id": "round", "title": "Round", "beats": [{"state": "gate"}, {"state": "lane"}]},
    },
    {"op": "remove_sequence", "id": "tour"},
    {"op": "put_state", "id": "pond", "state": RICH.to_dict()["scene"]["states"]["pond"], "at": 0},
    {"op": "put_event", "name": "home", "event": go("home", "pond", "lane"), "at": 0},
    {"op": "put_event", "event": go("jump", "lane", "pond"), "at": 1},
    {"op": "put_world", "set": {"name": "Pond", "cover": None}},
    {"op": "put_world", "set": {"scene.music": None}},
]


def test_forcing_many_operations_costs_as_many_times_more_as_there_are_more_of_them() -> None:
    def prepare(count: int) -> Work:
        events = [go(f"go {number}", "lane", f"nowhere {number}") for number in range(count)]
        before, after = (world({"lane": LANE}, each).to_dict() for each in ([], events))
        steps: list[Json] = [{"op": "put_event", "event": event} for event in events]

        def work() -> None:
            assert all(step["force"] for step in with_force(steps, before, TargetIndex(after)))

        return work

    assert growth(prepare, 500) <= MAX_GROWTH


@pytest.mark.parametrize("op", ONE_OP, ids=lambda op: f"{op['op']}-{'-'.join(map(str, list(op)[1:]))}")
def test_what_one_operation_did_is_one_operation_again(op: Json) -> None:
    difference = diff(RICH, RICH.apply([op]))
    assert list(difference.ops) == [op]


@pytest.mark.parametrize("op", ONE_OP, ids=lambda op: f"{op['op']}-{'-'.join(map(str, list(op)[1:]))}")
def test_and_so_is_its_undoing(op: Json) -> None:
    after = RICH.apply([op])
    back = diff(after, RICH)
    assert after.apply(back.ops) == RICH
    assert len(back.ops) <= max(1, len(diff(RICH, after)))


def test_a_null_to_keep_and_a_single_from_are_put_exactly() -> None:
    raw = RICH.to_dict()
    raw["scene"]["events"][0]["hotkey"] = None
    raw["scene"]["events"][1]["from"] = "pond"
    raw["scene"]["states"]["lane"]["x"] = None
    after = World.from_dict(raw)
    difference = diff(RICH, after)
    assert sorted(kinds(difference)) == ["put_event", "put_event", "put_state"]
    assert RICH.apply(difference.ops) == after and not [op for op in difference.ops if "force" in op]


def test_force_is_said_on_the_operation_that_leaves_something_dangling_and_on_no_other() -> None:
    raw = RICH.to_dict()
    raw["scene"]["events"][0]["to"] = "nowhere"
    raw["scene"]["events"][1]["x"] = None
    after = World.from_dict(raw)
    difference = diff(RICH, after)
    assert [op["name"] for op in difference.ops if op.get("force")] == ["walk"] and len(difference.ops) == 2
    assert not [op for op in diff(after, RICH).ops if "force" in op]


def test_a_state_that_something_still_names_goes_alone() -> None:
    raw = RICH.to_dict()
    del raw["scene"]["states"]["pond"]
    after = World.from_dict(raw)
    difference = diff(RICH, after)
    assert list(difference.ops) == [{"op": "put_state", "id": "pond", "state": None, "force": True}]
    assert RICH.apply(difference.ops) == after


def test_an_event_led_elsewhere_is_not_first_cut_off() -> None:
    raw = BASE.to_dict()
    del raw["scene"]["states"]["gate"]
    raw["scene"]["events"][0]["to"] = "lane"
    assert kinds(diff(BASE, World.from_dict(raw))) == ["update_event", "delete_state"]


def test_names_that_change_places_are_kept_apart() -> None:
    raw = RICH.to_dict()
    one, other = raw["scene"]["events"][:2]
    one["name"], other["name"] = other["name"], one["name"]
    after = World.from_dict(raw)
    assert RICH.apply(diff(RICH, after).ops) == after


def test_a_world_is_built_from_nothing() -> None:
    nothing = world({}, [])
    difference = diff(nothing, RICH)
    assert nothing.apply(difference.ops) == RICH
    assert set(kinds(difference)) <= {"add_state", "add_event", "set_subject", "set_story", "add_sequence"}
    assert kinds(diff(RICH, nothing)).count("delete_state") == 3


def test_the_ops_belong_to_the_caller() -> None:
    after = BASE.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane."}])
    difference = diff(BASE, after)
    difference.ops[0]["patch"]["base"] = "spoiled"
    assert after.states["lane"].base == "A lane."


def test_about_as_many_operations_as_items_were_edited() -> None:
    states = {f"s{at}": {"base": f"Room {at}."} for at in range(100)}
    events = [go(f"e{at}", f"s{at % 100}", f"s{(at * 7) % 100}") for at in range(300)]
    before = world(states, events, entrance={"state": "s0"})
    raw = before.to_dict()
    for at in range(0, 40, 4):
        raw["scene"]["states"][f"s{at}"]["base"] += " Rain."
        raw["scene"]["events"][at]["requires"] = ["key"]
    raw["scene"]["events"].insert(50, raw["scene"]["events"].pop(250))
    del raw["scene"]["events"][10]
    after = World.from_dict(raw)
    assert len(diff(before, after).ops) == 22 == len(diff(before, after))
