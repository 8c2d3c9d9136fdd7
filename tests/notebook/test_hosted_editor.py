"""The editor of a world on a hosted server: what the server did not take is marked, kept theirs or tried again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import worldkit as wk
from tests.api.hosted_double import SECRET, Faults, HostedDouble
from tests.api.scripted import Slept, serving
from tests.api.test_hosted_client import LANE, prose, way
from tests.notebook.client import Browser
from tests.notebook.conftest import RecordingComm, comms  # noqa: F401 - a fixture
from worldkit import StoreEditor
from worldkit.widgets import reducer

Json = dict[str, Any]
pytestmark = pytest.mark.usefixtures("comms")


@pytest.fixture
def double() -> HostedDouble:
    return HostedDouble()


@pytest.fixture
def editor(double: HostedDouble) -> Iterator[StoreEditor]:
    with serving(double.handle) as server, wk.Client(SECRET, server.url, sleep=Slept()) as api:
        editor = wk.edit(api.get(double.add(LANE)))
        assert isinstance(editor, StoreEditor)
        yield editor


def is_mirror(editor: StoreEditor, double: HostedDouble) -> bool:
    """Say whether the editor shows exactly what the server holds."""
    id = editor.stored.id
    return editor.world.to_dict() == double.worlds[id] == editor.stored.world.to_dict() and editor.saved


def test_edits_undo_and_redo_reach_the_server_though_it_takes_nine_operations(
    editor: StoreEditor, double: HostedDouble
) -> None:
    worlds = [editor.world]
    for ops in (
        [{"op": "rename_state", "from": "gate", "to": "arch"}],
        [{"op": "add_state", "id": "attic", "base": "Dust."}],
        [{"op": "add_event", **way("climb", "lane", "attic")}],
        [{"op": "delete_state", "id": "shed"}],
    ):
        editor.apply(ops)
        assert is_mirror(editor, double)
        worlds.append(editor.world)
    for world in reversed(worlds[:-1]):
        editor.undo()
        assert is_mirror(editor, double) and set(editor.world.states) == set(world.states)
        assert [event.name for event in editor.world.events] == [event.name for event in world.events]
    for world in worlds[1:]:
        editor.redo()
        assert is_mirror(editor, double) and set(editor.world.states) == set(world.states)


def test_what_the_server_requires_is_filled_in_as_part_of_the_same_edit(
    editor: StoreEditor, double: HostedDouble
) -> None:
    before = editor.world
    editor.apply([{"op": "add_state", "id": "attic", "base": "Dust."}])
    assert editor.world.states["attic"].camera == before.states["lane"].camera
    editor.undo()
    assert editor.world.to_dict() == before.to_dict() and is_mirror(editor, double)


def test_an_edit_that_was_not_taken_is_raised_marked_and_not_shown_as_done(
    editor: StoreEditor, double: HostedDouble
) -> None:
    double.faults = Faults(drop={"gate"})
    with pytest.raises(wk.PartlyApplied):
        editor.apply([prose("Rain."), prose("Rust.", "gate")])
    assert is_mirror(editor, double) and editor.world.states["gate"].base == "A gate."
    (mark,) = editor.not_taken
    assert (mark.item, mark.severity) == (wk.Item("state", "gate", "base"), "warning")
    assert editor.diagnostics[0] == mark and editor.binding["not_taken"] == [mark.to_dict()]
    with pytest.raises(wk.WorldError, match="came from elsewhere"):
        editor.undo()  # undo starts from what the server has


def test_an_edit_that_was_ignored_in_silence_is_marked_too(editor: StoreEditor, double: HostedDouble) -> None:
    double.faults = Faults(ignore={"walk"})
    with pytest.raises(wk.NotAsApplied):
        editor.apply([{"op": "set_event_field", "event": "walk", "field": "base", "value": "Go."}])
    assert [mark.item for mark in editor.not_taken] == [wk.Item("event", "walk", "base")] and is_mirror(editor, double)


def test_theirs_is_kept_and_the_marks_go(editor: StoreEditor, double: HostedDouble) -> None:
    double.faults = Faults(drop={"gate"})
    with pytest.raises(wk.PartlyApplied):
        editor.apply([prose("Rust.", "gate")])
    editor.keep_theirs()
    assert not editor.not_taken and editor.binding["not_taken"] == [] and is_mirror(editor, double)
    assert "not-taken" not in {one.lint for one in editor.diagnostics}
    with pytest.raises(wk.WorldError, match="all edits were taken"):
        editor.keep_theirs()


def test_an_edit_is_tried_again_on_top_of_what_was_done_since(editor: StoreEditor, double: HostedDouble) -> None:
    double.faults = Faults(drop={"gate"})
    with pytest.raises(wk.PartlyApplied):
        editor.apply([prose("Rust.", "gate"), {"op": "add_state", "id": "attic", "base": "Dust."}])
    editor.apply([prose("Rain.")])
    assert [mark.item.id for mark in editor.not_taken] == ["gate"]
    editor.try_again()
    assert editor.world.states["gate"].base == "Rust." and editor.world.states["lane"].base == "Rain."
    assert not editor.not_taken and is_mirror(editor, double)
    editor.undo()
    assert editor.world.states["gate"].base == "A gate." and is_mirror(editor, double)


def test_an_edit_that_is_refused_again_is_marked_again(editor: StoreEditor, double: HostedDouble) -> None:
    for call in (lambda: editor.apply([prose("Rust.", "gate")]), editor.try_again):
        double.faults = Faults(drop={"gate"})
        with pytest.raises(wk.PartlyApplied):
            call()
        assert [mark.item.id for mark in editor.not_taken] == ["gate"] and is_mirror(editor, double)


def test_a_later_edit_of_the_same_item_settles_its_mark(editor: StoreEditor, double: HostedDouble) -> None:
    double.faults = Faults(drop={"gate", "walk"})
    with pytest.raises(wk.PartlyApplied):
        editor.apply(
            [prose("Rust.", "gate"), {"op": "set_event_field", "event": "walk", "field": "base", "value": "Go."}]
        )
    editor.apply([prose("Iron.", "gate")])
    assert [mark.item.id for mark in editor.not_taken] == ["walk"]


@pytest.mark.parametrize(
    ("op", "reason"),
    [
        ({"op": "set_subject", "subject": "A courier."}, 'no operation for the world\'s "subject"'),
        ({"op": "delete_state", "id": "home"}, "no destination"),
    ],
)
def test_an_edit_that_the_server_cannot_take_is_refused_with_the_reason_and_taken_back(
    op: Json, reason: str, editor: StoreEditor, double: HostedDouble
) -> None:
    before = editor.world
    with pytest.raises((wk.NotExpressible, wk.RuleViolation), match=reason):
        editor.apply([op])
    assert editor.world is before and is_mirror(editor, double) and not editor.not_taken


def test_a_view_is_told_what_was_not_taken_and_decides_it(
    editor: StoreEditor,
    double: HostedDouble,
    comms: list[RecordingComm],  # noqa: F811 - the fixture
) -> None:
    double.faults = Faults(drop={"gate"})

    def ask(id: int, **body: Any) -> None:
        editor._handle_custom_msg({"id": id, "view": "v", **body}, [])

    rev = editor.world.rev
    ask(1, type="edit", base=rev, ops=[prose("Rust.", "gate")])
    assert [edit["item"]["id"] for edit in editor.binding["not_taken"]] == ["gate"] and is_mirror(editor, double)
    ask(2, type="not_taken", choice="retry")
    assert editor.world.states["gate"].base == "Rust." and editor.binding["not_taken"] == []
    assert SECRET not in json.dumps(editor.comm.published)  # type: ignore[attr-defined]


def test_views_are_told_that_marks_went(
    editor: StoreEditor,
    double: HostedDouble,
    comms: list[RecordingComm],  # noqa: F811 - the fixture
) -> None:
    double.faults = Faults(drop={"gate"})
    with pytest.raises(wk.PartlyApplied):
        editor.apply([prose("Rust.", "gate")])
    view = Browser(reducer.seed(editor._state))
    assert "not-taken" in {one["lint"] for one in view.diagnostics}
    comms[-1].take()

    def hear() -> list[Json]:
        for message in comms[-1].take():
            if message.get("type") == "changed":
                view.hear(message)
        return view.diagnostics

    comms[-1].receive({"id": "1", "view": "v", "type": "not_taken", "choice": "keep"})
    assert hear() == editor.diagnostics.to_list() and "not-taken" not in {one["lint"] for one in view.diagnostics}
    double.faults = Faults()
    editor.apply([{"op": "add_state", "id": "attic", "base": "Dust."}])
    assert hear() == editor.diagnostics.to_list()
    double.faults = Faults(drop={"gate"})
    with pytest.raises(wk.PartlyApplied):
        editor.apply([prose("Rust.", "gate")])
    hear()
    editor.keep_theirs()
    assert hear() == editor.diagnostics.to_list() and view.rev == editor.world.rev
