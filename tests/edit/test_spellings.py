"""Every accepted spelling of the specification means the canonical operation."""

from __future__ import annotations

from typing import Any

import pytest

from worldkit import OpError
from worldkit.editing.canonical import canonicalize

Json = dict[str, Any]

BODY = {"name": "go", "kind": "override", "from": ["hall"]}
OUTRO = {"video": "v", "flag": "f", "state": "hall"}
OBJECTIVES = [{"id": "o", "text": "t"}]

EQUAL_SPELLINGS: list[tuple[Json, list[Json]]] = [
    (
        {"op": "add_state", "id": "a", "state": {"base": "x", "music": 1}},
        [
            {"op": "add_state", "id": "a", "base": "x", "music": 1},
            {"op": "add_state", "stateId": "a", "base": "x", "music": 1},
            {"op": "add_state", "state": "a", "base": "x", "music": 1},
            {"op": "add_state", "stateId": "a", "state": {"base": "x", "music": 1}},
            {"op": "add_state", "id": "a", "stateId": "a", "base": "x", "music": 1},
            {"op": "add_state", "id": "a", "base": "x", "music": 1, "camera": None},
        ],
    ),
    ({"op": "add_state", "state": {"base": "x"}}, [{"op": "add_state", "base": "x"}]),
    ({"op": "add_state", "id": None, "state": {"base": "x"}}, [{"op": "add_state", "id": None, "base": "x"}]),
    (
        {"op": "update_state", "id": "a", "patch": {"base": "x", "camera": None}},
        [
            {"op": "update_state", "id": "a", "base": "x", "camera": None},
            {"op": "update_state", "state": "a", "patch": {"base": "x", "camera": None}},
            {"op": "update_state", "stateId": "a", "state": {"base": "x", "camera": None}},
        ],
    ),
    (
        {"op": "delete_state", "id": "a"},
        [
            {"op": "remove_state", "id": "a"},
            {"op": "delete_state", "state": "a"},
            {"op": "remove_state", "stateId": "a"},
        ],
    ),
    (
        {"op": "rename_state", "from": "a", "to": "b"},
        [
            {"op": "rename_state", "from": "a", "newId": "b"},
            {"op": "rename_state", "id": "a", "newId": "b"},
            {"op": "rename_state", "stateId": "a", "to": "b"},
            {"op": "rename_state", "state": "a", "newId": "b"},
        ],
    ),
    (
        {"op": "set_field", "state": "a", "field": "base", "value": "x"},
        [{"op": "set_field", key: "a", "field": "base", "value": "x"} for key in ("id", "stateId")],
    ),
    (
        {"op": "add_event", "event": BODY},
        [
            {"op": "add_event", **BODY},
            {"op": "add_event", **BODY, "from": "hall"},
            {"op": "add_event", "eventName": "go", "kind": "override", "from": ["hall"]},
            {"op": "add_event", "event": "go", "kind": "override", "from": "hall"},
            {"op": "add_event", "name": "go", "event": {"kind": "override", "from": ["hall"]}},
        ],
    ),
    (
        {"op": "add_override", "event": BODY},
        [
            {"op": "add_override", "name": "go", "from": "hall"},
            {"op": "add_override", "event": {"name": "go", "from": ["hall"], "kind": "override"}},
        ],
    ),
    (
        {"op": "update_event", "name": "go", "patch": {"name": "come", "base": None}},
        [
            {"op": "update_event", "event": "go", "patch": {"name": "come", "base": None}},
            {"op": "update_event", "event": "go", "name": "come", "base": None},
            {"op": "update_event", "eventName": "go", "event": {"name": "come", "base": None}},
        ],
    ),
    (
        {"op": "update_event", "name": "go", "patch": {"base": "x"}},
        [
            {"op": "update_event", "name": "go", "base": "x"},
            {"op": "update_event", "name": "go", "event": "go", "base": "x"},
        ],
    ),
    (
        {"op": "delete_event", "name": "go"},
        [{"op": "remove_event", "event": "go"}, {"op": "delete_event", "eventName": "go"}],
    ),
    (
        {"op": "set_event_hotkey", "event": "go", "value": "k"},
        [
            {"op": "set_event_hotkey", "name": "go", "value": "k"},
            {"op": "set_event_hotkey", "event": "go", "hotkey": "k"},
        ],
    ),
    (
        {"op": "set_event_locked_hint", "event": "go", "hint": None},
        [
            {"op": "set_event_locked_hint", "event": "go", "value": None},
            {"op": "set_event_locked_hint", "eventName": "go", "lockedHint": None},
        ],
    ),
    (
        {"op": "set_event_anchor", "event": "go", "label": "door", "aliases": ["gate"]},
        [
            {"op": "set_event_anchor", "name": "go", "anchor": {"label": "door", "aliases": ["gate"]}},
            {"op": "set_event_anchor", "event": "go", "value": {"label": "door", "aliases": ["gate"]}},
        ],
    ),
    (
        {"op": "set_event_anchor", "event": "go", "label": None},
        [
            {"op": "set_event_anchor", "event": "go", "anchor": None},
            {"op": "set_event_anchor", "event": "go", "value": None},
        ],
    ),
    (
        {"op": "set_entrance", "state": "a", "image": {"src": "a.png"}},
        [
            {"op": "set_entrance", "entrance": {"state": "a", "image": {"src": "a.png"}}},
            {"op": "set_entrance", "id": "a", "image": {"src": "a.png"}},
        ],
    ),
    (
        {"op": "add_variant", "state": "a", "variant": {"label": "B", "base": "x"}},
        [
            {"op": "add_variant", "state": "a", "label": "B", "base": "x"},
            {"op": "add_variant", "stateId": "a", "variant": {"label": "B", "base": "x", "camera": None}},
        ],
    ),
    (
        {"op": "remove_variant", "state": "a", "variant": "B"},
        [{"op": "remove_variant", "state": "a", "label": "B"}, {"op": "remove_variant", "id": "a", "variant": "B"}],
    ),
    (
        {"op": "add_mission", "mission": {"id": "m", "title": "M", "objectives": OBJECTIVES}},
        [{"op": "add_mission", "id": "m", "title": "M", "objectives": OBJECTIVES}],
    ),
    (
        {"op": "add_sequence", "sequence": {"id": "s", "title": "S", "beats": []}},
        [{"op": "add_sequence", "id": "s", "title": "S", "beats": []}],
    ),
    ({"op": "remove_sequence", "id": "s"}, [{"op": "remove_sequence", "sequence": "s"}]),
    (
        {"op": "add_cutscene", "cutscene": {"id": "c", "video": "v", "from": "a", "to": "b"}},
        [{"op": "add_cutscene", "id": "c", "video": "v", "from": "a", "to": "b"}],
    ),
    ({"op": "remove_cutscene", "id": "c"}, [{"op": "remove_cutscene", "cutscene": "c"}]),
    ({"op": "set_story", "logline": "l"}, [{"op": "set_story", "story": {"logline": "l"}}]),
    ({"op": "add_story_beat", "summary": "s"}, [{"op": "add_story_beat", "beat": {"summary": "s"}}]),
    ({"op": "set_intro", "video": None}, [{"op": "set_intro", "intro": {"video": None}}]),
    (
        {"op": "set_outro", **OUTRO},
        [{"op": "set_outro", "outro": OUTRO}, {"op": "set_outro", **OUTRO, "stateId": "hall"}],
    ),
    ({"op": "set_outro", "video": None}, [{"op": "set_outro", "outro": None}]),
]


@pytest.mark.parametrize(
    ("canonical", "spelling"),
    [(one, other) for one, others in EQUAL_SPELLINGS for other in others],
    ids=lambda op: str(op)[:80],
)
def test_a_spelling_means_the_canonical_operation(canonical: Json, spelling: Json) -> None:
    assert canonicalize([spelling]) == [canonical]
    assert canonicalize([canonical]) == [canonical]


@pytest.mark.parametrize(
    ("op", "reason"),
    [
        ({"op": "delete_state", "id": "a", "stateId": "b"}, 'id is given twice, as id: "a" and as stateId: "b"'),
        ({"op": "add_event", "name": "a", "event": {"name": "b"}}, 'the name is given twice: "a" and "b"'),
        ({"op": "add_state", "state": {"base": "x"}, "music": 1}, '"music" is given beside "state"; put it inside'),
        ({"op": "update_state", "id": "a"}, 'expected "patch", an object with the fields to change; it is missing'),
        ({"op": "update_state", "id": "a", "patch": None}, "patch: expected an object, got null"),
        ({"op": "add_transition", "kind": "override", "name": "a"}, 'add_transition adds a transition, got "override"'),
        ({"op": "set_outro", "outro": {"op": "x"}}, 'a field named "op" cannot be set here'),
        ({"op": "remove_variant", "state": "a", "index": True}, "index: expected a whole number from 0, got true"),
        ({"op": "remove_variant", "state": "a", "index": 0, "variant": "B"}, "both are given"),
        ({"op": "set_entrance", "state": "a", "entrance": {"state": "b"}}, "with two values"),
        ({"op": "set_event_anchor", "event": "a", "value": "door"}, 'value: expected an object, got "door"'),
        ({"op": "add_state", "id": "a", "state": ["x"]}, 'id is given twice, as id: "a" and as state: ["x"]'),
        ({"op": "add_mission", "mission": "go"}, 'mission: expected an object, got "go"'),
        ({"op": "add_stat", "base": "x"}, 'there is no such operation; did you mean "add_state"'),
        ({"base": "x"}, 'expected "op", the operation\'s name; it is missing'),
        ({"op": ["add_state"]}, 'expected "op" to be the operation\'s name, a string'),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused_in_words(op: Json, reason: str) -> None:
    with pytest.raises(OpError) as error:
        canonicalize([op])
    assert reason in error.value.reason
