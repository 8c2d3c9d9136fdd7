"""Saved runs: kept as files, held against later versions of their world, recorded again when that is meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.lighthouse import (
    GOOD_WORLD,
    KITCHEN,
    STEAMER_EVENT,
    YARD_EVENT,
    save_world,
    session_after,
    with_event,
    without,
)
from tests.play.worlds import do, inputs, playable
from tests.play.worlds import play_inputs as after
from worldkit import save_run
from worldkit.suites import load_run

Json = dict[str, Any]


def keep(folder: Path, session: wk.Session, **options: Any) -> Path:
    return wk.save_run(session, folder / "runs" / "a", **options)


def test_a_saved_run_is_a_trace_with_a_name_its_world_and_what_it_expects(tmp_path: Path) -> None:
    world = save_world(GOOD_WORLD, tmp_path)
    session = session_after(*KITCHEN)
    path = keep(tmp_path, session, name="to the lamp", world=world)
    assert path == tmp_path / "runs" / "a.run.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert (data["format"], data["name"], data["world"]) == ("smworld-trace", "to the lamp", "../light.world.json")
    assert data["expect"] == {"state": "kitchen", "ended": None}
    assert wk.Trace.from_dict(data) == session.trace
    (run,) = wk.load_runs(tmp_path / "runs")
    assert (run.trace, run.title, run.load_world()) == (session.trace, "to the lamp", GOOD_WORLD)


def test_a_trace_is_saved_without_expectations_unless_some_are_given(tmp_path: Path) -> None:
    trace = session_after(*KITCHEN).trace
    assert load_run(wk.save_run(trace, tmp_path / "a")).expect == {}
    assert load_run(wk.save_run(trace, tmp_path / "b.json", expect={"flags": ["hand_lamp"]})).expect["flags"]
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.run.json", "b.run.json"]


def test_runs_pass_in_the_world_they_were_recorded_in_and_in_one_with_other_prose(tmp_path: Path) -> None:
    keep(tmp_path, session_after(*KITCHEN))
    wordy = GOOD_WORLD.apply([{"op": "set_field", "state": "yard", "field": "base", "value": "A yard of wet stone."}])
    for world in (GOOD_WORLD, wordy):
        results = wk.check_runs(world, tmp_path / "runs")
        assert results.passed and len(results) == 1 and results[0].outcome == "passed"
        assert repr(results).startswith("the run passed")


def test_a_broken_run_names_the_first_step_that_no_longer_holds_and_why(tmp_path: Path) -> None:
    keep(tmp_path, session_after(*KITCHEN))
    (result,) = wk.check_runs(without("step_into_the_kitchen"), tmp_path / "runs")
    assert (result.outcome, result.index, result.steps) == ("broken", 1, 3)
    assert "step_into_the_kitchen" in result.reasons[0]
    assert result.text.startswith("step 2 of 3: ")
    assert not result.passed


@pytest.mark.parametrize(
    ("expect", "reason"),
    [
        ({"state": "yard"}, 'state: found "kitchen", expected "yard"'),
        ({"flags": []}, 'flags: also holds ["hand_lamp"]'),
        ({"flags": ["hand_lamp", "oil"]}, 'flags: lacks ["oil"]'),
        ({"ended": "win"}, "ended: found not ended, expected win"),
        ({"ended": {"kind": "win", "title": "TWO CUPS"}}, 'ended: found not ended, expected win "TWO CUPS"'),
        ({"coverage": 0.5}, "coverage: found 0.091, expected at least 0.500"),
    ],
)
def test_an_expectation_that_is_not_met_says_what_was_found_and_what_was_expected(
    tmp_path: Path, expect: Json, reason: str
) -> None:
    keep(tmp_path, session_after(*KITCHEN), expect=expect)
    (result,) = wk.check_runs(GOOD_WORLD, tmp_path / "runs")
    assert (result.outcome, result.reasons) == ("failed", (reason,))


@pytest.mark.parametrize("ending", ["lose", "ON THE TEETH", {"kind": "lose"}, {"title": "ON THE TEETH"}, {}])
def test_an_ending_is_expected_by_kind_by_title_or_by_both(tmp_path: Path, ending: Any) -> None:
    session = session_after(
        *KITCHEN, "step_out_to_the_yard", "enter_the_tower", "climb_the_iron_stair", "climb_the_ladder"
    )
    session.fire(STEAMER_EVENT)
    keep(tmp_path, session, expect={"ended": ending, "coverage": 0.2})
    assert wk.check_runs(GOOD_WORLD, tmp_path / "runs").passed
    keep(tmp_path, session, expect={"ended": None})
    assert wk.check_runs(GOOD_WORLD, tmp_path / "runs")[0].reasons == (
        'ended: found lose "ON THE TEETH", expected not ended',
    )


def test_a_field_nobody_would_look_at_is_refused(tmp_path: Path) -> None:
    session = session_after(*KITCHEN)
    with pytest.raises(wk.TraceError, match=r'expect: "stat" is not known; expected some of state'):
        keep(tmp_path, session, expect={"stat": "yard"})
    with pytest.raises(wk.TraceError, match=r"expect\.coverage"):
        keep(tmp_path, session, expect={"coverage": 7})
    assert not list(tmp_path.rglob("*.run.json"))


def test_each_run_finds_its_own_world_beside_it_or_above_it(tmp_path: Path) -> None:
    save_world(GOOD_WORLD, tmp_path)
    keep(tmp_path, session_after(*KITCHEN))
    assert wk.check_runs(None, tmp_path).passed
    save_world(GOOD_WORLD, tmp_path, "another")
    (result,) = wk.check_runs(None, tmp_path)
    assert result.outcome == "unreadable" and "there are 2 of them" in result.text
    keep(tmp_path, session_after(*KITCHEN), world=tmp_path / "gone.world.json")
    assert '"../gone.world.json" is no file' in wk.check_runs(None, tmp_path)[0].text


def test_what_is_no_run_is_said_of_that_file_alone(tmp_path: Path) -> None:
    keep(tmp_path, session_after(*KITCHEN))
    (tmp_path / "runs" / "b.run.json").write_text("{", encoding="utf-8")
    (tmp_path / "runs" / "c.run.json").write_bytes(b"\xff")
    (tmp_path / "runs" / "d.run.json").write_text('{"format": "smworld-trace"}', encoding="utf-8")
    results = wk.check_runs(GOOD_WORLD, tmp_path)
    assert [result.outcome for result in results] == ["passed", "unreadable", "unreadable", "unreadable"]
    assert all(f"{name}.run.json" in result.text for name, result in zip("bcd", results[1:], strict=True))
    assert not results.passed and repr(results).startswith("3 of 4 runs did not pass")
    with pytest.raises(wk.TraceError, match=r"b\.run\.json"):
        wk.load_runs(tmp_path)


def test_a_suite_without_runs_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(wk.WorldError, match="no saved run"):
        wk.check_runs(GOOD_WORLD, tmp_path)
    with pytest.raises(FileNotFoundError):
        wk.check_runs(GOOD_WORLD, tmp_path / "runz")
    assert wk.load_runs(tmp_path) == []


def test_names_and_reasons_can_neither_steer_a_terminal_nor_mark_up_a_page(tmp_path: Path) -> None:
    keep(tmp_path, session_after(*KITCHEN), name="\x1b[31m<b>a</b>\n", expect={"state": "\x1b<i>"})
    results = wk.check_runs(GOOD_WORLD, tmp_path)
    assert "\x1b" not in repr(results) and repr(results).count("\n") == 1
    assert "<b>" not in results._repr_html_() and "<i>" not in results._repr_html_()


def test_each_column_of_the_table_of_runs_has_a_heading(tmp_path: Path) -> None:
    keep(tmp_path, session_after(*KITCHEN), name="to the kitchen")
    table = wk.check_runs(GOOD_WORLD, tmp_path)._repr_html_()
    assert table.count("<th") == 3 and "></th>" not in table


# ---- recording again ---------------------------------------------------------------------------


def test_a_run_whose_world_cannot_be_looked_for_leaves_the_others_to_be_recorded(tmp_path: Path) -> None:
    keep(tmp_path, session_after(*KITCHEN))
    path = wk.save_run(session_after(*KITCHEN), tmp_path / "runs" / "b.run.json", world="x" * 1000)
    updates = wk.update_runs(None, tmp_path)
    assert [update.outcome for update in updates if update.path == path] == ["impossible"]
    assert len(updates) == 2


def test_what_is_the_same_is_not_written_again(tmp_path: Path) -> None:
    path = keep(tmp_path, session_after(*KITCHEN))
    before = path.stat().st_mtime_ns, path.read_bytes()
    updates = wk.update_runs(GOOD_WORLD, tmp_path)
    assert [update.outcome for update in updates] == ["unchanged"] and updates.possible
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_run_is_recorded_again_with_the_same_presses_and_says_what_changed(tmp_path: Path) -> None:
    path = keep(tmp_path, session_after(*KITCHEN), expect={"state": "kitchen", "flags": ["hand_lamp"], "ended": None})
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, "note": "kept"}), encoding="utf-8")
    brighter = with_event("take_down_a_hand_lamp", grants=["bright_lamp"])
    assert wk.check_runs(brighter, tmp_path)[0].outcome == "broken"
    (update,) = wk.update_runs(brighter, tmp_path)
    assert update.outcome == "updated"
    assert 'expect.flags: ["hand_lamp"] → ["bright_lamp"]' in update.changes
    assert 'step 3, "take_down_a_hand_lamp" granted: ["hand_lamp"] → ["bright_lamp"]' in update.changes
    assert wk.check_runs(brighter, tmp_path).passed
    record = json.loads(path.read_text(encoding="utf-8"))
    assert (
        record["note"] == "kept" and record["expect"]["flags"] == ["bright_lamp"] and record["expect"]["ended"] is None
    )


def test_a_run_that_can_no_longer_be_pressed_is_left_alone(tmp_path: Path) -> None:
    path = keep(tmp_path, session_after(*KITCHEN))
    before = path.read_bytes()
    updates = wk.update_runs(without("step_into_the_kitchen"), tmp_path)
    assert not updates.possible and updates[0].outcome == "impossible"
    assert "step 2 of 3" in updates[0].changes[0]
    assert path.read_bytes() == before
    assert "1 impossible" in repr(updates)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(playable(), inputs, inputs, st.sampled_from(["instant", "real-time"]), st.booleans())
def test_any_run_passes_where_it_was_recorded_and_recording_it_again_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    world: wk.World,
    run: list[tuple[str, int]],
    more: list[tuple[str, int]],
    mode: Any,
    meddling: bool,
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    session = after(world, run, mode=mode)
    if meddling:
        session.finish()
        session.grant("a lamp")
        session.observe(luminance=200, motion=3, labels=["lamp"])
        for what, number in more:
            do(session, what, number)
    save_run(session, folder / "a", expect={"state": session.state, "flags": sorted(session.flags)})
    assert wk.check_runs(world, folder).passed
    assert [update.outcome for update in wk.update_runs(world, folder)] == ["unchanged"]
    again = load_run(folder / "a.run.json")
    assert again.trace == session.trace


def test_runs_are_told_from_other_worlds(tmp_path: Path) -> None:
    session = session_after(*KITCHEN, "step_out_to_the_yard", "enter_the_tower", YARD_EVENT)
    keep(tmp_path, session)
    assert wk.check_runs(without(YARD_EVENT), tmp_path)[0].index == 5
