"""Missions compile into states and events as docs/spec/rules.md says, worked out by hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.edit.house import house
from worldkit import OpError, World
from worldkit.core.profile import HOSTED, STUDIO
from worldkit.editing.batch import apply
from worldkit.editing.missions import compile_mission

Json = dict[str, Any]

FRAME = {
    "camera": {"static": "Eye level.", "dynamic": "Following close."},
    "movement": {"static": "The courier waits.", "dynamic": "Quick steps."},
}
ALLEY: Json = {
    "subject": "A courier in a red coat, hood up.",
    "entrance": {"state": "alley"},
    "scene": {
        "states": {"alley": {"base": "A wet alley of brick under a green sign.", **FRAME}},
        "events": [{"name": "wait", "kind": "override", "from": ["alley"], "base": "You wait."}],
    },
}
DELIVERY: Json = {
    "id": "delivery",
    "title": "The parcel",
    "objectives": [
        {
            "id": "find_door",
            "text": "Find the blue door",
            "action": "You turn toward a blue door.",
            "grounded": {"target": "blue door", "targetAliases": ["door"], "proximity": 0.16},
        },
        {
            "id": "leave_package",
            "text": "Leave the package",
            "action": "You set the parcel down.",
            "outcome": "The parcel rests on the step.",
            "fail": {"name": "drop it", "action": "Your grip slips.", "outcome": "The parcel lies split open."},
        },
    ],
}


def add_mission(mission: Json, world: Json = ALLEY) -> World:
    return apply(World.from_dict(world), [{"op": "add_mission", "mission": mission}]).world


def mission(*objectives: Json, **more: Any) -> Json:
    return {"id": "m", "title": "M", "objectives": list(objectives), **more}


def step(id: str, **more: Any) -> Json:
    return {"id": id, "text": id.capitalize(), **more}


def events(world: World) -> dict[str, Json]:
    return {event["name"]: event for event in world.raw["scene"]["events"]}


def test_a_delivery_compiles_to_exactly_these_states_and_events() -> None:
    world = add_mission(DELIVERY)
    scene = world.to_dict()["scene"]
    assert scene["states"] == {
        "alley": ALLEY["scene"]["states"]["alley"],
        "alley__leave_package": {
            "base": "The parcel rests on the step.",
            **FRAME,
            "ending": {"kind": "win", "title": "MISSION COMPLETE", "subtitle": "The parcel — accomplished."},
        },
        "alley__fail_leave_package": {
            "base": "The parcel lies split open.",
            **FRAME,
            "ending": {"kind": "lose", "title": "FAILED"},
        },
    }
    assert scene["events"] == [
        ALLEY["scene"]["events"][0],
        {
            "name": "Find the blue door",
            "kind": "override",
            "from": ["alley"],
            "base": "You turn toward a blue door.",
            "oneShot": True,
            "grants": ["find_door"],
            "anchor": {"label": "blue door", "aliases": ["door"], "minProximity": 0.16},
        },
        {
            "name": "Leave the package",
            "kind": "transition",
            "from": ["alley"],
            "to": "alley__leave_package",
            "base": "You set the parcel down.",
            "oneShot": True,
            "grants": ["leave_package"],
            "requires": ["find_door"],
            "lockedHint": "Need: Find the blue door",
        },
        {
            "name": "drop it",
            "kind": "transition",
            "from": ["alley"],
            "to": "alley__fail_leave_package",
            "base": "Your grip slips.",
            "requires": ["find_door"],
        },
    ]
    assert world.raw["missions"] == [
        {
            **DELIVERY,
            "objectives": [
                {**DELIVERY["objectives"][0], "location": "alley", "grants": "find_door"},
                {
                    **DELIVERY["objectives"][1],
                    "location": "alley",
                    "grants": "leave_package",
                    "requires": ["find_door"],
                    "lockedHint": "Need: Find the blue door",
                },
            ],
            "complete": "leave_package",
        }
    ]


def test_adding_a_mission_is_taken_back_exactly() -> None:
    result = apply(World.from_dict(ALLEY), [{"op": "add_mission", "mission": DELIVERY}])
    assert apply(result.world, result.inverse).world.to_dict() == ALLEY
    assert apply(World.from_dict(ALLEY), result.ops).world == result.world


def test_compiling_is_pure_and_says_its_work_in_contract_operations() -> None:
    world, mission_json = copy.deepcopy(ALLEY), copy.deepcopy(DELIVERY)
    compilation = compile_mission(world, mission_json)
    assert (world, mission_json) == (ALLEY, DELIVERY)
    assert [op["op"] for op in compilation.ops] == [
        "add_event",
        "add_state",
        "add_event",
        "add_state",
        "add_event",
        "set_state_ending",
    ]


def test_a_location_that_is_missing_is_made_with_what_is_given_or_the_source_states_framing() -> None:
    world = add_mission(
        mission(
            step("cross", location="yard", base="A yard of cinders.", camera="Low angle.", movement="Running."),
            step("enter", location="shed", action="You push the door."),
            step("rest", outcome="A cot in the corner."),
        )
    )
    states = world.raw["scene"]["states"]
    assert states["yard"] == {
        "base": "A yard of cinders.",
        "camera": {"static": "Low angle.", "dynamic": "Low angle."},
        "movement": {"static": "The courier in a red coat stands completely still.", "dynamic": "Running."},
    }
    assert states["shed"]["base"] == "You push the door."
    assert states["shed"]["camera"] == states["yard"]["camera"]
    assert states["shed__rest"]["movement"] == states["yard"]["movement"]
    assert [(e["from"], e.get("to")) for e in list(events(world).values())[1:]] == [
        (["alley"], "yard"),
        (["yard"], "shed"),
        (["shed"], "shed__rest"),
    ]


def test_without_a_subject_the_one_who_stands_is_the_figure() -> None:
    world = {**ALLEY, "subject": ""}
    compiled_events = add_mission(mission(step("go", location="yard", movement="Running.")), world)
    assert compiled_events.states["yard"].movement is not None
    assert compiled_events.states["yard"].movement.static == "The figure stands completely still."


def test_an_objective_is_an_override_only_when_nothing_moves_comes_of_it_or_confirms_it() -> None:
    world = add_mission(
        mission(
            step("look"),
            step("read", grounded={"target": "sign", "confirm": "open hand", "confirmAliases": ["palm"]}),
            step("knock", outcome="The door stands ajar."),
            step("end"),
        )
    )
    compiled_events = events(world)
    assert (compiled_events["Look"]["kind"], compiled_events["Look"].get("to")) == ("override", None)
    assert (compiled_events["Read"]["kind"], compiled_events["Read"]["to"]) == ("transition", "alley")
    assert compiled_events["Read"]["landWhen"] == {"label": "open hand", "aliases": ["palm"]}
    assert compiled_events["Read"]["anchor"] == {"label": "sign", "minProximity": 0.1}
    assert (compiled_events["Knock"]["kind"], compiled_events["Knock"]["to"]) == ("transition", "alley__knock")
    assert (compiled_events["End"]["from"], compiled_events["End"]["to"]) == (["alley__knock"], "alley__knock__end")


def test_the_last_objective_always_moves_and_says_that_the_mission_is_complete_when_no_outcome_is_given() -> None:
    world = add_mission(mission(step("look")))
    assert world.raw["scene"]["states"]["alley__look"]["base"] == "The mission is complete. M — accomplished."
    assert world.states["alley__look"].ending is not None


def test_flags_come_from_grants_or_the_id_and_chain_unless_requires_is_given() -> None:
    world = add_mission(
        mission(
            step("a", grants="lamp"),
            step("b"),
            step("c", requires=[]),
            step("d", requires=["lamp", "b"]),
            step("e", requires=["old_key"], lockedHint="It is locked."),
            step("f", requires=["old_key"]),
        )
    )
    compiled_events = events(world)
    assert compiled_events["A"]["grants"] == ["lamp"]
    assert "requires" not in compiled_events["A"]
    assert (compiled_events["B"]["requires"], compiled_events["B"]["lockedHint"]) == (["lamp"], "Need: A")
    assert "requires" not in compiled_events["C"]
    assert "lockedHint" not in compiled_events["C"]
    assert (compiled_events["D"]["requires"], compiled_events["D"]["lockedHint"]) == (["lamp", "b"], "Need: A")
    assert compiled_events["E"]["lockedHint"] == "It is locked."
    assert compiled_events["F"]["lockedHint"] == "Need: old key"
    assert world.raw["missions"][0]["complete"] == "f"


def test_a_locked_hint_names_the_missions_own_objective_where_another_mission_grants_the_flag_too() -> None:
    # docs/spec/rules.md#missions-compile: the objective that grants the first missing flag
    first = add_mission(mission(step("a"), step("b"), step("old")))
    own_step = {**step("a"), "text": "Find the lamp"}
    own_objectives = [own_step, {**step("b"), "text": "Light it"}, {**step("c"), "requires": ["old"]}]
    second = add_mission({**mission(*own_objectives), "id": "m2"}, first.to_dict())
    assert events(second)["Light it"]["lockedHint"] == "Need: Find the lamp"
    assert events(second)["C"]["lockedHint"] == "Need: Old"


def test_two_phases_are_the_body_and_one_is_only_its_prose() -> None:
    two = [{"base": "One.", "minMs": 1500}, {"base": "Two."}]
    compiled_events = events(
        add_mission(
            mission(
                step("a", phases=two, action="x"),
                step("b", phases=two[:1], action="Act."),
                step("c", phases=two[:1]),
                step("d"),
            )
        )
    )
    assert compiled_events["A"]["phases"] == two
    assert "base" not in compiled_events["A"]
    assert compiled_events["B"]["base"] == "Act."
    assert compiled_events["C"]["base"] == "One."
    assert "phases" not in compiled_events["C"]
    assert "base" not in compiled_events["D"]


def test_the_endings_take_the_titles_given() -> None:
    fail = {"name": "slip", "action": "x", "outcome": "y", "title": "Lost", "subtitle": "Gone."}
    world = add_mission(mission(step("a", fail=fail), win={"title": "Done", "subtitle": "Home."}, complete="all"))
    states = world.raw["scene"]["states"]
    assert states["alley__a"]["ending"] == {"kind": "win", "title": "Done", "subtitle": "Home."}
    assert states["alley__fail_a"]["ending"] == {"kind": "lose", "title": "Lost", "subtitle": "Gone."}
    assert world.raw["missions"][0]["complete"] == "all"
    assert world.raw["missions"][0]["win"] == {"title": "Done", "subtitle": "Home."}


def test_a_move_to_another_place_is_a_waypoint_for_the_hosted_player_alone() -> None:
    moves = mission(step("go", location="pier", base="A pier."), step("look", location="pier"), step("end"))
    by_profile = {}
    for profile in (HOSTED, STUDIO):
        events_added = [op["event"] for op in compile_mission(ALLEY, moves, profile).ops if op["op"] == "add_event"]
        by_profile[profile.name] = [event.get("waypoint") for event in events_added]
    assert by_profile == {"hosted": [{"label": "pier", "distanceM": 800}, None, None], "studio": [None, None, None]}


def test_a_way_to_fail_has_the_gate_of_its_objective_except_in_the_studio() -> None:
    fail = {"action": "A slip.", "outcome": "In the water."}
    steps = mission(step("a"), step("b", grounded={"target": "rope", "proximity": 0.3}, fail=fail))
    gates = {}
    for profile in (HOSTED, STUDIO):
        compilation = compile_mission(ALLEY, steps, profile)
        (event,) = (op["event"] for op in compilation.ops if op.get("event", {}).get("name") == "Wrong move")
        gates[profile.name] = {
            name: event[name] for name in ("requires", "anchor", "grants", "oneShot") if name in event
        }
    anchor = {"label": "rope", "minProximity": 0.3}
    assert gates == {"hosted": {"requires": ["a"], "anchor": anchor}, "studio": {}}


def test_failing_is_never_all_that_a_player_can_freely_do() -> None:
    fail = {"name": "slip", "action": "A slip.", "outcome": "In the water."}
    steps = mission(step("a", fail=fail), step("b", grounded={"target": "rope"}, fail=fail))
    world = add_mission(steps, {**ALLEY, "scene": {**ALLEY["scene"], "events": []}})
    assert [d for d in world.lint() if d.lint == "sole-affordance-lose-trap"] == []


def test_a_movement_that_says_what_is_absent_is_not_handed_on() -> None:
    frame = {**FRAME, "movement": {"static": "The courier waits.", "dynamic": "She walks, and doesn’t turn."}}
    world = {**ALLEY, "scene": {"states": {"alley": {"base": "An alley.", **frame}}, "events": []}}
    state = add_mission(mission(step("a")), world).raw["scene"]["states"]["alley__a"]
    assert state["movement"] == {"static": "", "dynamic": ""}
    assert state["camera"] == FRAME["camera"]
    world_after = add_mission(mission(step("a", location="pier", movement="Never still."), step("b")), world)
    assert world_after.raw["scene"]["states"]["pier"]["movement"]["dynamic"] == "Never still."


def test_a_way_to_fail_without_a_name_is_a_wrong_move() -> None:
    world = add_mission(mission(step("a", fail={"name": "", "action": "A slip.", "outcome": "Wet."})))
    assert "Wrong move" in events(world)
    assert world.raw["missions"][0]["objectives"][0]["fail"]["name"] == "Wrong move"


def test_without_an_entrance_the_mission_starts_in_the_first_state() -> None:
    world = {key: value for key, value in ALLEY.items() if key != "entrance"}
    assert events(add_mission(mission(step("a")), world))["A"]["from"] == ["alley"]


def test_names_and_ids_that_are_taken_get_a_number_and_a_note() -> None:
    world = copy.deepcopy(ALLEY)
    world["scene"]["states"]["alley__a"] = {"base": "x"}
    result = apply(World.from_dict(world), [{"op": "add_mission", "mission": mission(step("a", text="wait"))}])
    assert result.world.raw["scene"]["events"][-1]["name"] == "wait (2)"
    assert result.world.raw["scene"]["events"][-1]["to"] == "alley__a_2"
    assert [note.message for note in result.notes] == [
        '"alley__a" was already used, so the mission uses "alley__a_2"',
        '"wait" was already used, so the mission uses "wait (2)"',
    ]


def test_nulls_that_a_model_writes_for_absent_fields_are_left_out() -> None:
    world = add_mission(mission(step("a", outcome=None, location=None), verified=None))
    assert world.raw["missions"][0] == {
        **mission(step("a", location="alley", grants="a")),
        "complete": "a",
    }


def test_a_compiled_mission_brings_no_rule_error() -> None:
    before = {(d.lint, d.path) for d in World.from_dict(ALLEY).lint().errors}
    assert {(d.lint, d.path) for d in add_mission(DELIVERY).lint().errors} == before


@pytest.mark.parametrize(
    ("mission_json", "world", "reason"),
    [
        ({"title": "M", "objectives": [step("a")]}, ALLEY, "id: required, and missing"),
        ({"id": "m", "objectives": [step("a")]}, ALLEY, "title: required, and missing"),
        ({"id": "m", "title": "M"}, ALLEY, "objectives: required, and missing"),
        ({"id": " ", "title": "M", "objectives": [step("a")]}, ALLEY, "id: expected a string that is not blank"),
        ({"id": "m", "title": "", "objectives": [step("a")]}, ALLEY, "title: expected a string that is not blank"),
        (mission(), ALLEY, "objectives: expected at least one, got none"),
        (mission({"id": "a"}), ALLEY, "objectives[0].text: required, and missing"),
        (mission(step("a"), step("a", text="b")), ALLEY, 'objectives[1].id: "a" is used by an earlier objective'),
        (mission(step("a")), {"scene": {"states": {}, "events": []}}, "the world has no states yet"),
        (mission(step("a")), add_mission(mission(step("b"))).to_dict(), 'there is already a mission "m"'),
    ],
    ids=str,
)
def test_a_mission_that_cannot_be_compiled_is_refused(mission_json: Json, world: Json, reason: str) -> None:
    with pytest.raises(OpError) as error:
        add_mission(mission_json, world)
    assert reason in error.value.reason


def test_the_ending_of_a_mission_is_named_inside_it_or_beside_it() -> None:
    mission: dict[str, Any] = {"id": "out", "title": "Out", "objectives": [{"id": "leave", "text": "Leave"}]}
    win = {"title": "FREE", "subtitle": "The gate is open."}
    spellings: list[dict[str, Any]] = [
        {"op": "add_mission", "mission": {**mission, "win": win}},
        {"op": "add_mission", "mission": mission, "win": win},
        {"op": "add_mission", **mission, "win": win},
    ]
    worlds = [house().apply([spelling]) for spelling in spellings]
    assert worlds[0] == worlds[1] == worlds[2]
    assert [state.ending.title for state in worlds[0].states.values() if state.ending] == ["Home", "FREE"]
