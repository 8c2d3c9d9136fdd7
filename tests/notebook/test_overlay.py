"""Overlays say what runs, players and exhaustive play have to say of a map; a player goes on beside an editor."""

from __future__ import annotations

import json
from typing import Any

import pytest

import worldkit as wk
from tests.notebook.conftest import RecordingComm, small
from worldkit import Editor, Player, World, edit, play
from worldkit.playing.rebase import rebase
from worldkit.playing.renames import Renames
from worldkit.widgets import edit_effects
from worldkit.widgets import overlay as layers

ADD = {"op": "add_state", "id": "attic", "base": "The attic smells of cedar."}
PROSE = {"op": "update_state", "id": "gate", "patch": {"base": "Rain on the gate."}}
RENAME = {"op": "rename_state", "from": "gate", "to": "arch"}
NO_KEY = {"op": "delete_event", "name": "take_key"}


def message(kind: str, **body: Any) -> dict[str, Any]:
    return {"type": kind, "id": "1", "view": "a", **body}


@pytest.fixture
def editor(lane: World, comms: list[RecordingComm]) -> Editor:
    return edit(lane)


def overlay_of(editor: Editor) -> dict[str, Any]:
    [overlay] = editor.overlays
    json.dumps(overlay, allow_nan=False)
    return overlay


def words(rows: list[list[Any]]) -> dict[str, str]:
    return {row[0]: row[-2] for row in rows}


def session_after(world: World, *events: str) -> wk.Session:
    session = wk.Session(world)
    for event in events:
        session.fire(event)
    return session


# ---- what an overlay says ------------------------------------------------------------------------


def test_a_run_marks_where_it_was_and_what_it_left_out(editor: Editor) -> None:
    assert editor.overlay(session_after(editor.world, "walk")) is editor
    overlay = overlay_of(editor)
    assert words(overlay["states"]) == {"lane": "visited", "gate": "visited", "hall": "not visited"}
    assert words(overlay["events"]) == {"walk": "fired", "take_key": "not fired", "enter": "not fired"}
    assert overlay["said"] == "1 run: 2 of 3 states, 1 of 3 events." and not overlay["stale"]


def test_several_runs_say_in_how_many_of_them(editor: Editor) -> None:
    w = editor.world
    editor.overlay([session_after(w, "walk"), session_after(w).trace, session_after(w, "walk", "take_key", "enter")])
    overlay = overlay_of(editor)
    assert words(overlay["states"])["gate"] == "visited in 2 of 3 runs"
    assert ["walk", "lane", "seen", "fired in 2 of 3 runs", 0.667] in overlay["events"]


def test_a_playtest_says_how_often_things_are_taken_where_they_are_offered(editor: Editor) -> None:
    editor.overlay(wk.playtest(editor.world, runs=50, seed=1))
    overlay = overlay_of(editor)
    assert overlay["kind"] == "crowd" and words(overlay["states"])["hall"] == "100 % of runs end here"
    assert words(overlay["events"])["walk"] == "taken 100 %"


def test_an_exploration_marks_only_what_is_wrong_and_brings_its_findings(editor: Editor) -> None:
    editor.apply([NO_KEY])
    editor.overlay(wk.explore(editor.world))
    overlay = overlay_of(editor)
    assert overlay["states"] == [["hall", "never", "never reached", 0], ["gate", "idle", "nothing left to do", 0]]
    assert overlay["events"] == [["enter", None, "never", "never happens", 0]]
    assert {finding["lint"] for finding in overlay["findings"]} == {"dead-end", "unreachable-ending"}
    assert overlay["legend"][0] == {
        "mark": "never", "states": 1, "stateWords": "never reached", "events": 1, "eventWords": "never possible",
    }  # fmt: skip


def test_what_deep_findings_mean_is_in_the_seed(editor: Editor) -> None:
    rules = editor.get_state("seed")["seed"]["rules"]
    for id in ("soft-lock", "dead-end", "unreachable-ending", "dead-event", "never-offered", "not-decided"):
        assert rules[id]["title"] and rules[id]["explanation"]


def test_what_is_no_run_is_refused_with_what_is_expected(editor: Editor) -> None:
    for wrong in (3, "walk", [], {"a": 1}, [session_after(editor.world), 3]):
        with pytest.raises(TypeError, match="expected a Session, a Trace"):
            editor.overlay(wrong)
    assert editor.overlays == []


def test_parts_are_never_rounded_to_nothing_or_everything() -> None:
    assert [layers.percent(part) for part in (0, 0.001, 0.124, 0.996, 1)] == [
        "0 %",
        "under 1 %",
        "12 %",
        "99 %",
        "100 %",
    ]


# ---- several of them -----------------------------------------------------------------------------


def test_overlays_are_kept_by_name_the_newest_last_and_none_clears(editor: Editor) -> None:
    run = session_after(editor.world, "walk")
    editor.overlay(run).overlay(wk.explore(editor.world)).overlay(run, name="Monday").overlay(run)
    assert [overlay["key"] for overlay in editor.overlays] == ["explored", "Monday", "runs"]
    editor.overlay(None, name="Monday")
    assert [overlay["key"] for overlay in editor.overlays] == ["explored", "runs"]
    assert editor.overlay(None).overlays == []


def test_an_overlay_is_taken_away_by_what_the_list_calls_it(editor: Editor) -> None:
    editor.overlay(wk.explore(editor.world)).overlay(session_after(editor.world, "walk"), name="Monday")
    assert editor.overlays[0]["title"] == "Every possible run"
    with pytest.raises(wk.WorldError, match='no overlay "Munday"; there are "Every possible run", "Monday"'):
        editor.overlay(None, name="Munday")
    assert len(editor.overlays) == 2
    editor.overlay(None, name="Every possible run")
    assert [overlay["key"] for overlay in editor.overlays] == ["Monday"]


def test_a_view_may_ask_for_exhaustive_play_even_where_it_may_not_edit(lane: World, comms: list[RecordingComm]) -> None:
    editor = edit(lane.apply([NO_KEY]), read_only=True)
    editor.comm.take()
    editor.comm.receive(message("explore"))
    update, reply = editor.comm.take()
    assert update["state"]["overlays"][0]["kind"] == "explored"
    assert (reply["type"], reply["id"], reply["view"]) == ("accepted", "1", "a")


def test_without_states_there_is_nothing_to_explore(comms: list[RecordingComm]) -> None:
    editor = edit(World.from_dict({"scene": {"states": {}, "events": []}}))
    editor.comm.take()
    editor.comm.receive(message("explore"))
    [reply] = editor.comm.take()
    assert (reply["code"], reply["message"]) == ("op", "there is nothing to play yet: the world has no states")


# ---- after an edit -------------------------------------------------------------------------------


def test_new_words_leave_an_overlay_as_it_is_and_new_ways_make_it_out_of_date(editor: Editor) -> None:
    editor.overlay(session_after(editor.world, "walk"))
    editor.apply([PROSE])
    assert not overlay_of(editor)["stale"]
    editor.apply([ADD])
    assert overlay_of(editor)["stale"]
    editor.undo()
    assert not overlay_of(editor)["stale"], "back in the world it speaks of"


def test_an_overlay_follows_renames_and_comes_back_with_undo(editor: Editor) -> None:
    editor.overlay(session_after(editor.world, "walk"))
    editor.apply([RENAME])
    assert "arch" in words(overlay_of(editor)["states"])
    editor.undo()
    assert "gate" in words(overlay_of(editor)["states"]) and not overlay_of(editor)["stale"]


def test_a_quick_exploration_is_made_again_after_an_edit(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "QUICK_SECONDS", 60.0)
    editor.overlay(wk.explore(editor.world))
    assert overlay_of(editor)["states"] == []
    editor.apply([NO_KEY])
    assert ("hall", "never reached") in words(overlay_of(editor)["states"]).items() and not overlay_of(editor)["stale"]


def test_a_slow_exploration_is_out_of_date_after_an_edit(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "QUICK_SECONDS", -1.0)
    editor.overlay(wk.explore(editor.world))
    editor.apply([NO_KEY])
    assert overlay_of(editor)["stale"]


def test_only_what_changes_play_counts_as_another_way_to_play(lane: World) -> None:
    assert edit_effects.plays_the_same(
        lane, lane.apply([PROSE, {"op": "update_event", "name": "walk", "patch": {"hotkey": "q"}}])
    )
    for op in (ADD, RENAME, NO_KEY, {"op": "update_event", "name": "walk", "patch": {"requires": ["key"]}}):
        assert not edit_effects.plays_the_same(lane, lane.apply([op]))


def test_renames_are_found_even_beside_other_changes(lane: World) -> None:
    after = lane.apply([RENAME, ADD, {"op": "update_event", "name": "walk", "patch": {"name": "stroll"}}])
    assert edit_effects.renames(lane, after) == Renames({"gate": "arch"}, {"walk": "stroll"})
    assert edit_effects.renames(lane, lane.apply([ADD])) == Renames()


def test_a_run_beside_the_editor_keeps_what_it_holds_when_a_flag_is_renamed() -> None:
    lighthouse = wk.samples.load("lighthouse")
    session = wk.Session(lighthouse)
    while not session.flags:
        session.fire(session.offers[-1].name)
    (flag,) = session.flags
    after = lighthouse.apply([{"op": "rename_flag", "from": flag, "to": "renamed"}])
    names = edit_effects.renames(lighthouse, after)
    assert names == Renames(flags={flag: "renamed"})
    result = rebase(session, after, names)
    assert (result.outcome, result.session.flags) == ("run", {"renamed"})


# ---- a player beside the editor ------------------------------------------------------------------


@pytest.fixture
def player(editor: Editor) -> Player:
    player = play(editor)
    player.session.fire("walk")
    player.session.fire("take_key")
    return player


def notices_text(player: Player) -> str:
    return " ".join(notice["text"] for notice in player.view["notices"])


def test_the_map_shows_where_the_player_is_and_has_been(editor: Editor, player: Player) -> None:
    assert editor.playing == {
        "state": "gate",
        "over": False,
        "steps": 2,
        "states": ["lane", "gate"],
        "edges": [["walk", "lane"], ["take_key", "gate"]],
        "last": ["take_key", "gate"],
    }
    player.comm.receive(message("act", action="undo"))
    assert editor.playing is not None and editor.playing["steps"] == 1


def test_play_goes_on_in_the_edited_world_from_where_it_was(editor: Editor, player: Player) -> None:
    session = player.session
    editor.apply([ADD, {"op": "update_event", "name": "enter", "patch": {"to": "attic"}}])
    assert player.session is session and session.world == editor.world
    assert (session.state, session.flags, notices_text(player)) == ("gate", {"key"}, "")
    session.fire("enter")
    assert session.state == "attic" and editor.playing is not None and editor.playing["state"] == "attic"


def test_a_rename_is_followed_in_silence(editor: Editor, player: Player) -> None:
    editor.apply([RENAME])
    assert (player.session.state, notices_text(player)) == ("arch", "")
    assert player.view["state"]["id"] == "arch" and editor.playing is not None and editor.playing["state"] == "arch"


def test_a_run_that_no_longer_holds_is_said_and_taking_the_edit_back_gives_it_back(
    editor: Editor, player: Player
) -> None:
    editor.apply([NO_KEY])
    assert (player.session.state, player.session.flags) == ("gate", {"key"})
    assert "Step 2 no longer holds" in notices_text(player) and "still in" in notices_text(player)
    editor.undo()
    assert "The whole run holds again" in notices_text(player)
    assert player.session.trace.events == ("walk", "take_key")
    player.session.undo()
    assert player.session.flags == frozenset()


def test_a_state_that_is_deleted_under_the_player_leads_back_and_says_so(editor: Editor, player: Player) -> None:
    editor.apply([{"op": "delete_state", "id": "gate"}])
    assert player.session.state == "lane" and '"gate" is gone' in notices_text(player)
    editor.apply([ADD])
    editor.undo().undo()
    assert player.session.state == "gate" and player.session.flags == {"key"}


def test_a_place_that_is_gone_is_called_what_it_was_called_last(editor: Editor, player: Player) -> None:
    editor.apply([RENAME])
    editor.apply([{"op": "delete_state", "id": "arch"}])
    assert '"arch" is gone' in notices_text(player)


def test_what_was_played_meanwhile_is_not_thrown_away(editor: Editor, player: Player) -> None:
    editor.apply([NO_KEY])
    player.session.fire("enter")
    editor.undo()
    assert player.session.state == "hall", "the player moved on after the edit, so that is where play stands"


def test_a_world_without_states_leaves_the_player_where_they_are(editor: Editor, player: Player) -> None:
    editor.apply([{"op": "delete_state", "id": id} for id in ("lane", "gate", "hall")])
    assert player.session.state == "gate" and "no states left" in notices_text(player)
    editor.undo()
    assert player.session.trace.events == ("walk", "take_key") and player.session.world == editor.world


def test_play_beside_an_editor_without_scenes_begins_with_the_first_one(comms: list[RecordingComm]) -> None:
    editor = edit(World.from_dict({**World.new("Quay").to_dict(), "scene": {"states": {}, "events": []}}))
    player = play(editor, seed=4)
    assert "Add one in the editor" in player.view["state"]["base"] and player.view["title"] == "Quay"
    assert editor.playing is None and not player.view["blocked"]
    editor.apply([{"op": "add_state", "id": "gate", "state": {"base": "A gate."}}])
    assert player.session.world is editor.world and player.session.state == "gate" == editor.playing["state"]
    assert player.session.trace.seed == 4 and 'begins in "gate"' in notices_text(player)
    editor.undo()
    assert "no states left" in notices_text(player)
    editor.redo()
    assert player.session.state == "gate" and player.session.world == editor.world
    with pytest.raises(wk.InvalidWorld):
        play(edit(), start="gate")


def test_mending_the_world_lets_it_be_played(comms: list[RecordingComm]) -> None:
    raw = small()
    raw["scene"]["events"][0]["to"] = "nowhere"
    editor = edit(World.from_dict(raw))
    player = play(editor)
    assert player.view["blocked"]
    editor.apply([{"op": "update_event", "name": "walk", "patch": {"to": "gate"}}])
    assert not player.view["blocked"]


def test_two_players_of_one_editor_both_go_on(editor: Editor, player: Player) -> None:
    other = play(editor, start="hall")
    editor.apply([RENAME])
    assert (player.session.state, other.session.state) == ("arch", "hall")


def test_a_closed_player_lights_nothing_up_any_more(editor: Editor, player: Player) -> None:
    world = player.session.world
    player.close()
    assert editor.playing is None
    editor.apply([ADD])
    assert player.session.world is world and editor.playing is None
