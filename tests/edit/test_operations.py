"""One plain example and one refusal for each operation, on a small house."""

from __future__ import annotations

from typing import Any

import pytest

from tests.edit.house import HOUSE, apply_to_house, changes
from worldkit import OpError
from worldkit.editing.vocabulary import ALIASES, OPS

Json = dict[str, Any]
EVENTS = HOUSE["scene"]["events"]
S, E = "scene.states.", "scene.events"

DOWN_BEATS = [{"state": "attic", "dwell": "input"}, {"state": "hall"}]
EXAMPLES: list[tuple[Json, Json]] = [
    ({"op": "add_state", "id": "loft", "base": "A loft.", "music": 3}, {S + "loft": {"base": "A loft.", "music": 3}}),
    (
        {"op": "update_state", "id": "hall", "patch": {"base": "Dark.", "camera": None, "narration": "Hush."}},
        {S + "hall.base": "Dark.", S + "hall.camera": ..., S + "hall.narration": "Hush."},
    ),
    (
        {"op": "delete_state", "id": "stairs"},
        {
            S + "stairs": ...,
            E: [
                {**EVENTS[0], "from": ["hall"]},
                {"name": "enter stairs", "kind": "transition", "from": ["hall"]},
                {"name": "descend", "kind": "transition", "from": ["attic"]},
            ],
            "cutscenes": ...,
        },
    ),
    (
        {"op": "rename_state", "from": "hall", "to": "lobby"},
        {
            "entrance.state": "lobby",
            S + "hall": ...,
            S + "lobby": HOUSE["scene"]["states"]["hall"],
            E + "[0].from[0]": "lobby",
            E + "[1].from[0]": "lobby",
            "sequences[0].beats[0].state": "lobby",
            "story.beats[0].states[0]": "lobby",
        },
    ),
    ({"op": "rename_event", "from": "climb", "to": "go up"}, {E + "[0].name": "go up"}),
    (
        {"op": "rename_flag", "from": "seen", "to": "looked"},
        {"outro.flag": "looked"},
    ),
    (
        {"op": "set_field", "state": "stairs", "field": "movement.dynamic", "value": "Climbing."},
        {S + "stairs.movement": {"static": "", "dynamic": "Climbing."}},
    ),
    (
        {"op": "set_state_ending", "state": "stairs", "kind": "lose", "title": "Slip", "subtitle": "Down you go."},
        {S + "stairs.ending": {"kind": "lose", "title": "Slip", "subtitle": "Down you go."}},
    ),
    (
        {"op": "add_event", "name": "ask", "kind": "terminal", "from": "hall", "terminal": {"persona": "A clerk."}},
        {E: [*EVENTS, {"name": "ask", "kind": "terminal", "from": ["hall"], "terminal": {"persona": "A clerk."}}]},
    ),
    (
        {"op": "add_transition", "name": "jump", "from": ["attic"], "to": "hall"},
        {E: [*EVENTS, {"name": "jump", "kind": "transition", "from": ["attic"], "to": "hall"}]},
    ),
    (
        {"op": "add_override", "name": "sit", "from": ["hall"], "to": "attic", "base": "You sit."},
        {E: [*EVENTS, {"name": "sit", "kind": "override", "from": ["hall"], "base": "You sit."}]},
    ),
    (
        {"op": "update_event", "name": "climb", "patch": {"name": "go up", "hotkey": None, "grants": ["up"]}},
        {E + "[0].name": "go up", E + "[0].hotkey": ..., E + "[0].grants": ["up"]},
    ),
    ({"op": "delete_event", "name": "look"}, {E: EVENTS[:3]}),
    (
        {"op": "set_event_field", "event": "climb", "field": "detail", "value": "It creaks."},
        {E + "[0].detail": "It creaks."},
    ),
    ({"op": "set_event_kind", "event": "climb", "kind": "override"}, {E + "[0].kind": "override", E + "[0].to": ...}),
    (
        {"op": "set_event_drive", "event": "climb", "movement": "forward", "lookVertical": "up", "pulseMs": 400},
        {E + "[0].drive": {"movement": "forward", "lookVertical": "up"}, E + "[0].drivePulseMs": 400},
    ),
    ({"op": "set_event_hotkey", "event": "climb", "value": None}, {E + "[0].hotkey": ...}),
    (
        {"op": "set_event_phases", "event": "climb", "value": [{"base": "One step."}, {"base": "Another."}]},
        {E + "[0].phases": [{"base": "One step."}, {"base": "Another."}]},
    ),
    (
        {"op": "set_event_anchor", "event": "look", "label": "rail", "minProximity": 0.2},
        {E + "[3].anchor": {"label": "rail", "minProximity": 0.2}},
    ),
    ({"op": "set_event_grants", "event": "look", "value": ["seen"]}, {E + "[3].grants": ["seen"]}),
    ({"op": "set_event_requires", "event": "look", "value": ["seen"]}, {E + "[3].requires": ["seen"]}),
    ({"op": "set_event_locked_hint", "event": "look", "hint": "Too dark."}, {E + "[3].lockedHint": "Too dark."}),
    ({"op": "set_entrance", "state": "attic"}, {"entrance.state": "attic"}),
    (
        {"op": "add_variant", "state": "hall", "variant": {"base": "Noon."}},
        {
            S + "hall.variants": [
                {"label": "B", "base": "The hall at dusk."},
                {"label": "C", "base": "Noon.", "camera": {"static": "Eye level.", "dynamic": "Gliding."}},
            ]
        },
    ),
    ({"op": "remove_variant", "state": "hall", "index": 0}, {S + "hall.variants": ...}),
    (
        {"op": "set_variant_field", "state": "hall", "label": "B", "field": "base", "value": "Dusk."},
        {S + "hall.variants[0].base": "Dusk."},
    ),
    (
        {"op": "add_sequence", "id": "down", "title": "Down", "beats": DOWN_BEATS},
        {"sequences": [*HOUSE["sequences"], {"id": "down", "title": "Down", "beats": DOWN_BEATS}]},
    ),
    ({"op": "remove_sequence", "id": "tour"}, {"sequences": ...}),
    (
        {"op": "add_cutscene", "id": "rise", "video": "rise.mp4", "from": "stairs", "to": "attic"},
        {
            "cutscenes": [
                *HOUSE["cutscenes"],
                {"id": "rise", "video": "rise.mp4", "from": "stairs", "to": "attic"},
            ]
        },
    ),
    ({"op": "remove_cutscene", "id": "fall"}, {"cutscenes": ..., E + "[2].to": "stairs"}),
    (
        {"op": "set_story", "logline": "A tall house.", "arc": ["up"]},
        {"story.logline": "A tall house.", "story.arc": ["up"]},
    ),
    (
        {"op": "add_story_beat", "summary": "You left.", "states": ["attic"]},
        {"story.beats": [*HOUSE["story"]["beats"], {"summary": "You left.", "states": ["attic"]}]},
    ),
    ({"op": "set_intro", "video": "in.mp4", "static": True}, {"introVideo": "in.mp4", "introStatic": True}),
    ({"op": "set_outro", "video": "out.mp4"}, {"outro.video": "out.mp4"}),
    ({"op": "set_narrate", "narrate": True}, {"narrate": True}),
    (
        {"op": "set_subject", "subject": "A courier.", "styleTail": "Grey light."},
        {"subject": "A courier.", "styleTail": "Grey light."},
    ),
    (
        {"op": "put_state", "id": "attic", "state": {"base": "Bare.", "x": None}},
        {S + "attic.base": "Bare.", S + "attic.ending": ..., S + "attic.x": None},
    ),
    ({"op": "put_event", "index": 3, "event": None}, {E: EVENTS[:3]}),
    (
        {"op": "put_world", "set": {"cover": None, "scene.mood": 1}, "remove": ["name"]},
        {"cover": None, "scene.mood": 1, "name": ...},
    ),
]

REFUSED: list[tuple[Json, str]] = [
    (
        {"op": "add_state", "id": "hall", "base": "x"},
        'there is already a state "hall"; states and cutscenes each have an id of their own',
    ),
    ({"op": "update_state", "id": "hall", "patch": {"base": None}}, '"base" cannot be removed: a state always has one'),
    ({"op": "delete_state", "id": "hal"}, 'there is no state "hal"; did you mean "hall"?'),
    (
        {"op": "rename_state", "from": "hall", "to": "fall"},
        'there is already a cutscene "fall"; states and cutscenes each have',
    ),
    (
        {"op": "rename_event", "from": "climb", "to": "look"},
        'there is already an event "look"; event names are unique',
    ),
    ({"op": "rename_flag", "from": "sen", "to": "x"}, 'there is no flag "sen"; did you mean "seen"?'),
    (
        {"op": "set_field", "state": "hall", "field": "camera", "value": "x"},
        'field: expected one of base, camera.static, camera.dynamic, movement.static, movement.dynamic, got "camera"',
    ),
    ({"op": "set_state_ending", "state": "hall", "kind": "win"}, 'expected "title", the ending\'s words'),
    (
        {"op": "add_event", "name": "climb", "kind": "override", "from": ["hall"]},
        'there is already an event "climb"; event names are unique',
    ),
    (
        {"op": "add_transition", "name": "x", "from": ["hall"], "to": "atic"},
        'there is no state or cutscene "atic"; did you mean "attic"?',
    ),
    ({"op": "add_override", "name": "x", "from": []}, "from: expected at least one state, got none"),
    ({"op": "update_event", "name": "climb", "patch": {"name": "look"}}, 'there is already an event "look"'),
    ({"op": "delete_event", "name": "clim"}, 'there is no event "clim"; did you mean "climb"?'),
    (
        {"op": "set_event_field", "event": "climb", "field": "narration", "value": "x"},
        'field: expected one of base, detail, got "narration"',
    ),
    (
        {"op": "set_event_kind", "event": "look", "kind": "transition", "to": "cellar"},
        'there is no state or cutscene "cellar"',
    ),
    (
        {"op": "set_event_drive", "event": "climb", "movement": "up"},
        'movement: expected one of forward, back, strafe_left, strafe_right, or null, got "up"',
    ),
    ({"op": "set_event_hotkey", "event": "climb"}, 'expected "value" (or "hotkey"), a string, or null; it is missing'),
    (
        {"op": "set_event_phases", "event": "climb", "value": [{"base": 3}, {"base": "Up."}]},
        'event "climb" would not be valid: phases[0].base: expected a string, got 3',
    ),
    (
        {"op": "set_event_anchor", "event": "look", "minProximity": 2, "label": "rail"},
        "anchor.minProximity: expected a number of at most 1, got 2",
    ),
    ({"op": "set_event_grants", "event": "look", "value": "seen"}, "value: expected a list of strings, or null"),
    (
        {"op": "set_event_requires", "event": "look", "value": [1]},
        "value: expected a list of strings, or null, got [1]",
    ),
    ({"op": "set_event_locked_hint", "event": "look", "hint": 7}, "hint: expected a string, or null, got 7"),
    ({"op": "set_entrance", "state": "cellar"}, 'state: there is no state "cellar"'),
    (
        {"op": "add_variant", "state": "hall", "variant": {"label": "B", "base": "x"}},
        'there is already a variant "B"; labels are unique within a state',
    ),
    (
        {"op": "remove_variant", "state": "hall", "index": 1},
        'there is no variant 1; state "hall" has 1, counted from 0',
    ),
    (
        {"op": "set_variant_field", "state": "hall", "label": "B", "field": "base", "value": None},
        '"base" cannot be removed: a variant always has one',
    ),
    ({"op": "add_mission", "id": "m", "title": "M", "objectives": []}, "objectives: expected at least one, got none"),
    (
        {"op": "add_sequence", "id": "x", "title": "X", "beats": [{"state": "hall"}, {"state": "cellar"}]},
        'beats[1].state: there is no state "cellar"',
    ),
    ({"op": "remove_sequence", "id": "tuor"}, 'there is no sequence "tuor"; did you mean "tour"?'),
    (
        {"op": "add_cutscene", "id": "hall", "video": "x", "from": "hall", "to": "attic"},
        'there is already a state "hall"; states and cutscenes each have',
    ),
    ({"op": "remove_cutscene", "id": "rise"}, 'there is no cutscene "rise"'),
    (
        {"op": "set_story", "logline": "x", "beats": []},
        "set_story leaves the beats unchanged; add one with add_story_beat",
    ),
    ({"op": "add_story_beat", "summary": "x", "states": ["cellar"]}, 'states[0]: there is no state "cellar"'),
    ({"op": "set_intro", "vidoe": "x"}, 'there is no argument "vidoe"; did you mean "video"?; it takes video, static'),
    ({"op": "set_outro", "state": "cellar"}, 'state: there is no state "cellar"'),
    ({"op": "set_narrate", "narrate": "yes"}, 'narrate: expected true or false, or null, got "yes"'),
    ({"op": "set_subject"}, "expected subject or styleTail; neither is given"),
    ({"op": "put_state", "id": "attic", "state": None}, "the batch would leave"),
    (
        {"op": "put_event", "event": {"name": "x", "kind": "transition", "from": ["hall"], "to": "cellar"}},
        'the batch would leave the \'to\' of event "x" naming "cellar", which does not exist; fix it, or pass',
    ),
    ({"op": "put_world", "set": {"scene": {}}}, "the scene is set by its parts"),
]


@pytest.mark.parametrize(("op", "expected"), EXAMPLES, ids=[op["op"] for op, _ in EXAMPLES])
def test_the_plain_example_changes_exactly_this(op: Json, expected: Json) -> None:
    result = apply_to_house(**op)
    assert changes(HOUSE, result.world.to_dict()) == expected
    assert result.world.rev == "1"


@pytest.mark.parametrize(("op", "reason"), REFUSED, ids=[op["op"] for op, _ in REFUSED])
def test_the_refusal_says_what_was_found_and_expected(op: Json, reason: str) -> None:
    with pytest.raises(OpError) as error:
        apply_to_house(**op)
    assert reason in error.value.reason
    assert error.value.index == 0
    assert error.value.op == ALIASES[op["op"]]


def test_every_operation_has_an_example_and_a_refusal() -> None:
    assert {op["op"] for op, _ in EXAMPLES} | {"add_mission"} == set(OPS)  # missions have a module of their own
    assert {op["op"] for op, _ in REFUSED} == set(OPS)
