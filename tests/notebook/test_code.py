"""``code()`` is Python that runs, and run on the world as it was opened gives an equal world."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import any_json
from worldkit import World
from worldkit.widgets import editor_state, gestures, protocol, reducer
from worldkit.widgets.code import to_code

HOSTILE = [
    "]; import os; os.system('x') #",
    "'''\"\"\"\\",
    "line\nbreak\r\x0b\x0c\u2028\x00\x1b[31m",
    "{braces} %s {0!r} $(x) `y`",
    "<script>alert(1)</script>",
    "🦔 café \u202e right to left",
]


def run(code: str, world: World) -> World:
    space: dict[str, Any] = {"world": world}
    exec(compile(code, "<cell>", "exec"), space)
    result_world = space["world"]
    assert isinstance(result_world, World)
    return result_world


def test_edits_read_as_one_labelled_apply_a_gesture(lane: World) -> None:
    state = gestures.apply_ops(editor_state.open_editor(lane), [{"op": "rename_state", "from": "lane", "to": "road"}])
    state = gestures.apply_ops(state, [{"op": "set_subject", "subject": "A boy."}], label="Recast")
    assert reducer.code(state) == (
        "# Rename lane to road\n"
        "world = world.apply(\n"
        "    [\n"
        "        {'op': 'rename_state', 'from': 'lane', 'to': 'road'},\n"
        "    ]\n"
        ")\n"
        "\n"
        "# Recast\n"
        "world = world.apply(\n"
        "    [\n"
        "        {'op': 'set_subject', 'subject': 'A boy.'},\n"
        "    ]\n"
        ")\n"
    )
    assert run(reducer.code(state), lane) == state.world


def test_without_edits_the_code_says_so_and_changes_nothing(lane: World) -> None:
    assert run(reducer.code(editor_state.open_editor(lane)), lane) is lane


def test_moves_are_no_part_of_the_code(lane: World) -> None:
    state = gestures.move_cards(editor_state.open_editor(lane), {"lane": (8.0, 8.0)})
    assert run(reducer.code(state), lane) is lane


def test_joiners_stay_in_the_labels_of_the_code(lane: World) -> None:
    label = "می\u200cروم 👩\u200d🌾"
    state = gestures.apply_ops(editor_state.open_editor(lane), [{"op": "set_entrance", "state": None}], label=label)
    assert f"# {label}\n" in reducer.code(state)
    assert protocol.one_line(label) == label


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_prose_and_labels_stay_data(lane: World, text: str) -> None:
    ops = [
        {"op": "add_state", "id": text, "base": text, text: {text: [text, None, True, 1e300]}},
        {"op": "add_transition", "name": text, "from": [text], "to": "lane", "detail": text},
    ]
    state = gestures.apply_ops(editor_state.open_editor(lane), ops, label=text)
    assert run(reducer.code(state), lane) == state.world


@settings(max_examples=100, deadline=None)
@given(any_json, st.text())
def test_any_json_value_comes_back_as_it_was(value: Any, label: str) -> None:
    received_ops: list[Any] = []

    class Recorder:
        def apply(self, ops: list[Any]) -> None:
            received_ops.extend(ops)

    exec(to_code([(label, [{"op": "x", "value": value}])], "w"), {"w": Recorder()})
    assert repr(received_ops) == repr([{"op": "x", "value": value}])


def test_a_value_nested_deeper_than_pythons_parser_allows_travels_as_json(lane: World) -> None:
    deep: Any = "bottom"
    for _ in range(120):
        deep = {"in": [deep]} if _ % 2 else [deep]
    state = gestures.apply_ops(
        editor_state.open_editor(lane), [{"op": "update_state", "id": "lane", "patch": {"deep": deep}}]
    )
    code = reducer.code(state)
    assert code.startswith("import json\n")
    assert run(code, lane) == state.world


def test_a_long_operation_is_broken_one_field_a_line(lane: World) -> None:
    ops = [{"op": "add_state", "id": "attic", "base": "The attic smells of cedar. " * 5, "ambient": ["Dust turns."]}]
    code = reducer.code(gestures.apply_ops(editor_state.open_editor(lane), ops))
    assert "        {\n            'op': 'add_state',\n            'id': 'attic',\n" in code


def test_the_variable_must_be_a_python_name(lane: World) -> None:
    with pytest.raises(ValueError, match="Python name"):
        reducer.code(editor_state.open_editor(lane), "my world")
    with pytest.raises(ValueError, match="Python name"):
        reducer.code(editor_state.open_editor(lane), "class")
