"""The pytest plugin: worlds and saved runs as tests, and not a word of it unless asked."""

from __future__ import annotations

import gc
import importlib
import tomllib
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import worldkit as wk
from tests.lighthouse import CIRCULAR_WORLD, GOOD_WORLD, KITCHEN, STUCK_WORLD, save_world, session_after, without
from worldkit.core import json_values
from worldkit.exploration import EngineAnswer, exhaustive, reuse
from worldkit.exploration.engine import solve
from worldkit.exploration.witness import Unplayable
from worldkit.pytest_plugin import Subject

pytest_plugins = ["pytester"]

# pytester forgets the modules that an inner run imported, and numpy cannot be imported twice in one process
importlib.import_module("numpy")


@pytest.fixture
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Return a folder in which the plugin is loaded, however this one is installed."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "worldkit.pytest_plugin")
    return pytester


def test_the_plugin_is_registered_and_the_command_too() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"worldkit": "worldkit.pytest_plugin"}
    assert project["scripts"] == {"worldkit": "worldkit.cli:main", "smworldkit": "worldkit.cli:main"}


def test_nothing_is_collected_unless_asked(folder: pytest.Pytester) -> None:
    save_world(STUCK_WORLD, folder.path)
    assert folder.runpytest_inprocess().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_sound_world_passes_with_one_test_for_each_kind_of_finding(folder: pytest.Pytester) -> None:
    path = save_world(GOOD_WORLD, folder.path)
    wk.save_run(session_after(*KITCHEN), folder.path / "runs" / "lamp", world=path)
    result = folder.runpytest_inprocess("--worldkit", "-v", "-o", "worldkit_profile=studio")
    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines(["*light.world.json::soft-lock PASSED*", "*lamp.run.json::replay PASSED*"])


def test_a_failure_shows_the_finding_and_its_route_and_no_python(folder: pytest.Pytester) -> None:
    save_world(STUCK_WORLD, folder.path)
    result = folder.runpytest_inprocess("--worldkit", "-o", "worldkit_profile=studio")
    result.assert_outcomes(passed=4, failed=2)
    result.stdout.fnmatch_lines(
        [
            'After "enter_the_tower" without "oil" no ending can be reached: *',
            "  a shortest way there:",
            "*1 climb_the_kelp_steps → yard",
            '  to mend it: Let "enter_the_tower" require "oil", *',
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_lint_errors_fail_and_warnings_do_when_asked(folder: pytest.Pytester) -> None:
    save_world(wk.samples.load("bench"), folder.path)
    folder.makeini("[pytest]\nworldkit = true\nworldkit_explore = false\n")
    folder.runpytest_inprocess().assert_outcomes(passed=1)
    folder.makeini("[pytest]\nworldkit = true\nworldkit_fail_on = lint-warnings\n")
    result = folder.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["warning event[[]pick_up_the_red_mitten]*sliver-evidence*"])


def test_what_fails_can_be_chosen(folder: pytest.Pytester) -> None:
    save_world(CIRCULAR_WORLD, folder.path)
    folder.makeini("[pytest]\nworldkit = true\nworldkit_fail_on = soft-lock dead-event\n")
    result = folder.runpytest_inprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(['"fill_a_carrying_can" can never happen: *'])


@pytest.mark.parametrize(
    "setting",
    ["worldkit_fail_on = soft-locks", "worldkit_seconds = soon", "worldkit_nodes = 0", "worldkit_profile = other"],
)
def test_a_wrong_setting_is_refused(folder: pytest.Pytester, setting: str) -> None:
    folder.makeini(f"[pytest]\nworldkit = true\n{setting}\n")
    result = folder.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {setting.split(' ')[0]}: *expected *"])


def test_what_was_not_decided_is_skipped_and_never_passes(folder: pytest.Pytester) -> None:
    save_world(wk.samples.load("archive"), folder.path)
    ini = "[pytest]\nworldkit = true\nworldkit_seconds = 1e-9\nworldkit_nodes = 1\n"
    folder.makeini(f"{ini}worldkit_fail_on = soft-lock\n")
    folder.runpytest_inprocess("-rs").assert_outcomes(skipped=1)
    folder.makeini(f"{ini}worldkit_fail_on = undecided\n")
    folder.runpytest_inprocess().assert_outcomes(failed=1)


def test_a_trap_that_no_run_was_found_for_is_skipped_and_never_passes(
    folder: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worldkit.exploration.findings.MAX_WITNESS_WORK", 0)
    save_world(STUCK_WORLD, folder.path)
    folder.makeini("[pytest]\nworldkit = true\nworldkit_fail_on = soft-lock\n")
    result = folder.runpytest_inprocess("-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*not decided: In * more state* a run can get stuck*"])


def test_the_positions_of_a_world_are_not_held_until_the_session_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[weakref.ref[EngineAnswer]] = []

    def solve_and_watch(*arguments: Any, **options: Any) -> EngineAnswer:
        answer = solve(*arguments, **options)
        answers.append(weakref.ref(answer))
        return answer

    monkeypatch.setattr(exhaustive, "solve", solve_and_watch)
    config: Any = SimpleNamespace(getini=lambda name: "30" if name == "worldkit_seconds" else "500000")
    subject = Subject(wk.World.from_dict(STUCK_WORLD.to_dict()), config)
    assert [finding.kind for finding in subject.exploration.findings].count("soft-lock") == 1
    reuse.forget()
    gc.collect()
    assert [answer() for answer in answers] == [None]


def test_limits_without_end_are_allowed(folder: pytest.Pytester) -> None:
    save_world(GOOD_WORLD, folder.path)
    limits = "worldkit_seconds = inf\nworldkit_nodes = inf\n"
    folder.makeini(f"[pytest]\nworldkit = true\nworldkit_fail_on = soft-lock\n{limits}")
    folder.runpytest_inprocess().assert_outcomes(passed=1)


def test_what_cannot_be_read_fails_with_the_reason(folder: pytest.Pytester) -> None:
    (folder.path / "a.world.json").write_text('{"scene": 7}', encoding="utf-8")
    (folder.path / "b.run.json").write_text("[]", encoding="utf-8")
    result = folder.runpytest_inprocess("--worldkit")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*a.world.json is not a readable world: *", "unreadable: *b.run.json: *"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_run_that_no_longer_holds_names_its_step(folder: pytest.Pytester) -> None:
    path = save_world(without("step_into_the_kitchen"), folder.path)
    wk.save_run(session_after(*KITCHEN), folder.path / "lamp", world=path)
    result = folder.runpytest_inprocess("--worldkit", "-k", "replay")
    result.assert_outcomes(failed=1, deselected=6)
    result.stdout.fnmatch_lines(["broken: step 2 of 3: *step_into_the_kitchen*"])


def test_an_export_with_several_worlds_has_tests_for_each(folder: pytest.Pytester) -> None:
    worlds = [{"world": GOOD_WORLD.to_dict()}, {"world": STUCK_WORLD.to_dict()}]
    text = json_values.dumps({"format": "alakazam-studio/worlds", "version": 1, "worlds": worlds})
    (folder.path / "all.world.json").write_text(text, encoding="utf-8")
    folder.makeini("[pytest]\nworldkit = true\nworldkit_fail_on = soft-lock\n")
    result = folder.runpytest_inprocess("-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*all.world.json::1-soft-lock PASSED*", "*all.world.json::2-soft-lock FAILED*"])


def save_with_properties(folder: Path, text: str) -> None:
    save_world(GOOD_WORLD, folder)
    (folder / "light.properties.toml").write_text(text, encoding="utf-8")


def test_a_property_that_names_what_is_missing_fails_alone(folder: pytest.Pytester) -> None:
    save_with_properties(folder.path, "[properties]\nwon = 'always possible: win'\nlost = 'never state \"nowhere\"'\n")
    result = folder.runpytest_inprocess("--worldkit", "-v", "-k", "property")
    result.assert_outcomes(passed=1, failed=1, deselected=6)
    result.stdout.fnmatch_lines(["*property: won PASSED*", 'lost: this world has no state "nowhere"*'])
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_property_that_worldkit_fails_to_check_is_no_skip(
    folder: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unplayable(*arguments: object) -> None:
        raise Unplayable("step 1 of a run that was found cannot be played")

    monkeypatch.setattr(importlib.import_module("worldkit.properties.verification"), "witness_trace", unplayable)
    save_with_properties(folder.path, "[properties]\nwon = 'possible: win'\nheld = 'always anything'\n")
    result = folder.runpytest_inprocess("--worldkit", "-v", "-k", "property")
    result.assert_outcomes(passed=1, failed=1, deselected=6)
    result.stdout.fnmatch_lines(
        ["*property: won FAILED*", "not decided: worldkit failed, please report it: Unplayable: *"]
    )
