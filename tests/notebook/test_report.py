"""The report's shell: everything a view needs goes out once, and a finding is played from the moment before it."""

from __future__ import annotations

import json
import sys
from typing import Any

import ipykernel
import pytest

from tests.notebook.conftest import RecordingComm
from tests.play.report.worlds import hostile, spoiled, undecided, wide
from worldkit import Exploration, TraceError, World, edit, explore, play, samples
from worldkit.widgets import api, open_editors, protocol
from worldkit.widgets.bundle import FrontEndMissing
from worldkit.widgets.last_runs import Cell
from worldkit.widgets.open_editors import editor_of
from worldkit.widgets.report import ExplorationReport, seed


def ask(kind: str, **body: Any) -> dict[str, Any]:
    return {"type": kind, "id": "1", "view": "a", **body}


def finding(index: int) -> dict[str, Any]:
    return {"kind": "finding", "index": index}


@pytest.fixture
def report(comms: list[RecordingComm]) -> ExplorationReport:
    report = ExplorationReport(explore(spoiled()))
    report.comm.take()
    return report


def exchange(report: ExplorationReport, content: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Send a message; return the views sent before its reply, and the reply."""
    report.comm.receive(content)
    *updates, reply = report.comm.take()
    assert all(set(update["state"]) == {"view"} for update in updates)
    return [update["state"]["view"] for update in updates], reply


def test_opening_sends_the_whole_report_and_the_entrance(comms: list[RecordingComm]) -> None:
    exploration = explore(spoiled())
    report = ExplorationReport(exploration, height=500)
    [opening] = report.comm.published
    report_json = opening["state"]["report"]
    assert (report_json["protocol"], report_json["verdict"], report_json["mark"]) == (1, exploration.verdict, "wrong")
    assert len(report_json["marks"]) == len(report_json["chart"]["cards"]) == len(exploration.world.states)
    assert report_json["groups"][0]["entries"][0]["run"]["crossing"] == 4 and opening["state"]["height"] == 500
    assert opening["state"]["view"]["state"]["id"] == "landing"


def test_a_soft_lock_is_played_from_the_moment_before_and_undo_walks_back(report: ExplorationReport) -> None:
    [view], reply = exchange(report, ask("play", target=finding(0)))
    assert reply == {"type": "accepted", "id": "1", "view": "a"}
    assert view["state"]["id"] == "yard" and view["trail"][0]["state"] == "landing"
    assert "enter_the_tower" in [offer["name"] for offer in view["offers"] if offer["available"]]
    assert "after “enter the tower” no ending can be reached" in view["notices"][0]["text"]
    [view], _ = exchange(report, ask("act", action="fire", event="enter_the_tower"))
    assert view["state"]["id"] == "tower_foot"
    for _ in range(2):
        [view], _ = exchange(report, ask("act", action="undo"))
    assert view["state"]["id"] == "kitchen" and "hand_lamp" in view["flags"]


def test_an_ending_and_a_covering_run_are_played_to_their_end(report: ExplorationReport) -> None:
    [view], _ = exchange(report, ask("play", target={"kind": "ending", "id": "steamer_turns"}))
    assert view["ended"]["title"] == "THE CORRIE TURNS"
    _, reply = exchange(report, ask("cover"))
    runs = reply["cover"]["runs"]
    assert runs and "fire every event that can be fired" in reply["cover"]["sentence"]
    [view], _ = exchange(report, ask("play", target={"kind": "run", "index": 0}))
    assert view["state"]["id"] == runs[0]["hops"][-1]["state"] and len(view["trail"]) == runs[0]["length"] + 1


def test_a_route_is_told_when_it_is_asked_for(report: ExplorationReport) -> None:
    _, reply = exchange(report, ask("route", target=finding(0)))
    assert reply["type"] == "route" and reply["run"]["hops"][-1]["event"] == "enter_the_tower"
    _, reply = exchange(report, ask("route", target=finding(1)))
    assert reply["run"] is None


REFUSED = [
    (ask("play"), "invalid"),
    (ask("play", target="finding"), "invalid"),
    (ask("play", target={"kind": "state", "index": 0}), "invalid"),
    (ask("play", target={"kind": "finding"}), "invalid"),
    (ask("play", target={"kind": "finding", "index": True}), "invalid"),
    (ask("play", target={"kind": "finding", "index": -1}), "invalid"),
    (ask("route", target={"kind": "ending", "id": 3}), "invalid"),
    (ask("edit"), "invalid"),
    (ask("act", action="fly"), "invalid"),
    (None, "invalid"),
    (ask("play", target=finding(99)), "op"),
    (ask("play", target=finding(1)), "op"),
    (ask("play", target={"kind": "run", "index": 99}), "op"),
    (ask("play", target={"kind": "ending", "id": "moon"}), "op"),
    (ask("play", target={"kind": "ending", "id": "two_cups"}), "op"),
    (ask("play", target={"kind": "ending", "id": "x" * protocol.MAX_BYTES}), "oversize"),
]


@pytest.mark.parametrize(("content", "code"), REFUSED)
def test_what_cannot_be_played_is_refused_once_and_moves_nobody(
    report: ExplorationReport, content: Any, code: str
) -> None:
    before = report.session
    _, reply = exchange(report, content)
    assert (reply["type"], reply["code"]) == ("rejected", code) and reply["message"]
    assert report.session is before and report.session.clock == 0


def test_hello_is_answered(report: ExplorationReport) -> None:
    _, reply = exchange(report, {"type": "hello", "id": "9", "view": "b"})
    assert reply == {"type": "accepted", "id": "9", "view": "b"}


def test_what_python_does_to_the_run_shows_at_once(report: ExplorationReport) -> None:
    exchange(report, ask("play", target=finding(0)))
    report.session.fire("enter_the_tower")
    assert [message["state"]["view"]["state"]["id"] for message in report.comm.take()] == ["tower_foot"]


@pytest.mark.parametrize("make", [lambda: explore(hostile()), lambda: explore(wide()), undecided])
def test_any_report_can_be_sent(make: Any) -> None:
    report_json = seed(make())
    assert json.loads(json.dumps(report_json, allow_nan=False)) == report_json


def test_an_exploration_shows_itself_with_a_page_for_where_nothing_runs(
    comms: list[RecordingComm], monkeypatch: pytest.MonkeyPatch
) -> None:
    exploration = explore(spoiled())
    monkeypatch.setitem(sys.modules, "ipykernel", ipykernel)
    data, _ = exploration._repr_mimebundle_(include=None, exclude=None)
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert data["text/plain"] == repr(exploration) and "wk.play(r.world" in data["text/html"]


def test_without_a_kernel_or_a_front_end_the_page_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    exploration = explore(samples.load("bench"))
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    assert set(exploration._repr_mimebundle_()) == {"text/html", "text/plain"}

    def missing(*_: object, **__: object) -> None:
        raise FrontEndMissing("the front end is not built")

    monkeypatch.setitem(sys.modules, "ipykernel", ipykernel)
    monkeypatch.setattr(api, "report", missing)
    assert set(exploration._repr_mimebundle_()) == {"text/html", "text/plain"}


def test_play_opens_at_the_end_of_a_route(comms: list[RecordingComm]) -> None:
    exploration: Exploration = explore(spoiled())
    route = exploration.findings[0].route
    assert route is not None
    for trace in (route, route.to_dict(), route.to_json()):
        player = play(exploration.world, trace=trace)
        assert player.session.state == "tower_foot" and player.session.can_undo
    with pytest.raises(TypeError, match="trace"):
        play(exploration.world, trace=route, start="yard")
    with pytest.raises(TraceError):
        play(World.from_dict(samples.load("bench").to_dict()), trace=route)


# ---- back into the editor ------------------------------------------------------------------------


@pytest.fixture
def no_editor() -> None:
    """Close what other tests left open."""
    for world in (spoiled(), samples.load("bench")):
        for editor in iter(lambda world=world: editor_of(world), None):
            editor.close()


def panels_shown(editor: Any) -> list[dict[str, Any]]:
    return [message for message in editor.comm.take() if message.get("type") == "show"]


def finding_of(report: ExplorationReport, kind: str) -> dict[str, Any]:
    return finding(next(at for at, one in enumerate(report.exploration.findings) if one.kind == kind))


def test_a_finding_leads_to_its_place_in_the_editor_of_the_world(comms: list[RecordingComm], no_editor: None) -> None:
    world = spoiled()
    editor, report = edit(world), ExplorationReport(explore(world))
    report.comm.take(), editor.comm.take()
    target = finding_of(report, "unreachable-ending")
    item = report.exploration.findings[target["index"]].item
    _, reply = exchange(report, ask("show", target=target))
    assert reply["type"] == "accepted" and editor.selection == {"kind": item.kind, "id": item.id}
    assert [(one["item"]["id"], one["panel"]) for one in panels_shown(editor)] == [(item.id, "details")]
    assert editor.overlays == []

    # to what can be done about it: what play found lies over the map and in the list of problems
    _, reply = exchange(report, ask("show", target=target, fix=True))
    assert reply["type"] == "accepted" and [one["panel"] for one in panels_shown(editor)] == ["problems"]
    [layer] = editor.overlays
    assert item.id in {finding["item"]["id"] for finding in layer["findings"]}


def test_an_ending_leads_there_too_and_so_does_a_world_that_was_edited_since(
    comms: list[RecordingComm], no_editor: None
) -> None:
    world = spoiled()
    editor, report = edit(world), ExplorationReport(explore(world))
    editor.apply([{"op": "set_field", "state": "yard", "field": "base", "value": "A yard."}])
    report.comm.take(), editor.comm.take()
    _, reply = exchange(report, ask("show", target={"kind": "ending", "id": "steamer_turns"}))
    assert reply["type"] == "accepted" and editor.selection["id"] == "steamer_turns"
    editor.apply([{"op": "delete_state", "id": "steamer_turns"}])
    _, reply = exchange(report, ask("show", target={"kind": "ending", "id": "steamer_turns"}))
    assert reply["type"] == "rejected" and "no longer in the edited world" in reply["message"]


def test_of_several_editors_the_one_of_the_very_world_is_meant_and_else_the_newest(
    comms: list[RecordingComm], no_editor: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = spoiled()
    other, first, second = edit(samples.load("bench")), edit(world), edit(world)
    assert editor_of(world) is second and editor_of(samples.load("bench")) is other
    second.apply([{"op": "rename_state", "from": "yard", "to": "court"}])
    assert editor_of(world) is first
    first.close()
    assert editor_of(world) is second
    second.close()
    assert editor_of(world) is None

    # a cell that runs again has only the editor of its last run
    for execution in ("1", "2"):
        monkeypatch.setattr(open_editors, "current_cell", lambda execution=execution: Cell("a", execution))
        last = edit(world)
    last.apply([{"op": "rename_state", "from": "yard", "to": "court"}])
    assert editor_of(world) is last


def test_without_an_editor_the_report_says_how_to_open_one(report: ExplorationReport, no_editor: None) -> None:
    _, reply = exchange(report, ask("show", target=finding(0)))
    assert (reply["type"], reply["code"]) == ("rejected", "op") and "wk.edit(world)" in reply["message"]
    _, reply = exchange(report, ask("show", target=finding(999)))
    assert reply["type"] == "rejected"
