"""Suites: every claim about a task is found again by exhaustive play and playtests, which know nothing of suites."""

from __future__ import annotations

import math
import pickle
import sys
from functools import cache

import pytest

import worldkit as wk
from tests.growing import MAX_GROWTH, Work, chain, growth
from worldkit.envs.proof import prove
from worldkit.envs.tasks import LEVELS

DIFFICULTIES = ("easy", "medium", "hard")


@cache
def tasks(difficulty: str) -> wk.envs.Suite:
    return wk.envs.suite(8, difficulty)


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_what_was_proven_is_found_again_by_exhaustive_play(difficulty: str) -> None:
    for task in tasks(difficulty):
        exploration = wk.explore(task.world)
        assert exploration.complete and "garden" in exploration.endings
        assert len(exploration.route_to("garden")) == task.shortest
        assert exploration.stuck_positions == task.soft_locks
        assert exploration.positions == task.positions
        session = wk.Session(task.world)
        gates = 0
        for name in task.solution:
            gates += bool(task.world.events_by_name[name].requires)
            session.fire(name)
        assert session.ended and session.ended.kind == "win" and gates == task.gates


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_the_share_of_random_plays_is_that_of_playtests(difficulty: str) -> None:
    runs = 4000
    for task in tasks(difficulty)[:3]:
        plays = wk.playtest(task.world, runs, steps=task.max_steps, seed=1)
        wins = sum(share.runs for share in plays.endings_by_share if share.state == "garden")
        spread = math.sqrt(task.random_wins * (1 - task.random_wins) / runs)
        assert abs(wins / runs - task.random_wins) <= 5 * spread + 1 / runs


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_a_difficulty_is_what_was_proven(difficulty: str) -> None:
    level = LEVELS[difficulty]
    for task in tasks(difficulty):
        assert level.shortest[0] <= task.shortest <= level.shortest[1] and task.gates >= level.gates
        assert level.random_wins[0] <= task.random_wins < level.random_wins[1]
        assert (task.soft_locks > 0) == level.soft_locks and task.max_steps == 4 * task.shortest
        assert not task.world.lint().errors
        assert task.env().reset()[1]["steps_to_win"] == task.shortest


def test_the_levels_do_not_overlap() -> None:
    easy, medium, hard = (LEVELS[name] for name in DIFFICULTIES)
    assert easy.random_wins[0] >= medium.random_wins[1] > medium.random_wins[0] >= hard.random_wins[1]
    assert easy.shortest[1] <= medium.shortest[0] and medium.shortest[1] < hard.shortest[0]
    assert easy.gates < medium.gates < hard.gates


def test_the_same_arguments_give_the_same_worlds() -> None:
    again, longer = wk.envs.suite(8, "medium"), wk.envs.suite(11, "medium")
    assert [task.world for task in again] == [task.world for task in tasks("medium")]
    assert longer[:8].tasks == again.tasks
    other = wk.envs.suite(8, "medium", seed=1)
    assert not {task.fingerprint for task in other} >= {task.fingerprint for task in again}
    assert pickle.loads(pickle.dumps(again)).tasks == again.tasks


def test_no_two_tasks_have_one_shape_and_no_shape_is_in_both_splits() -> None:
    train, test = (
        [task.fingerprint for seed in range(3) for task in wk.envs.suite(20, "easy", seed=seed, split=split)]
        for split in ("train", "test")
    )
    assert not set(train) & set(test)
    assert len(set(train[:20])) == len(set(test[:20])) == 20
    both = {task.fingerprint for task in wk.envs.suite(40, "easy")}
    assert both & set(train) and both & set(test)


def test_a_fingerprint_takes_time_in_proportion_to_the_points() -> None:
    def fingerprint_of(n: int) -> Work:
        proof = prove(wk.World.from_dict(chain(n)), n + 1)
        assert proof is not None

        def work() -> object:
            vars(proof).pop("fingerprint", None)
            return proof.fingerprint

        return work

    assert growth(fingerprint_of, 100) <= MAX_GROWTH


def test_what_cannot_be_had_is_refused() -> None:
    assert len(wk.envs.suite(0)) == 0 and repr(wk.envs.suite(0)) == "Suite of 0 easy tasks"
    with pytest.raises(wk.WrongArgument, match="at least 0"):
        wk.envs.suite(-1)
    with pytest.raises(wk.WrongArgument, match="difficulty"):
        wk.envs.suite(1, "impossible")
    with pytest.raises(wk.WrongArgument, match="split"):
        wk.envs.suite(1, split="validation")


def test_worlds_that_are_given_have_the_same_proofs_as_those_that_are_drawn() -> None:
    drawn = [*tasks("medium"), *tasks("hard"), *tasks("easy")]
    given = wk.envs.suite(task.world for task in drawn)
    assert given.difficulty is None and list(given) == drawn
    for difficulty in DIFFICULTIES:
        filtered = wk.envs.suite([task.world for task in drawn], difficulty)
        assert filtered.difficulty == difficulty and list(filtered) == list(tasks(difficulty))


def test_worlds_that_are_given_are_split_by_shape_and_taken_once() -> None:
    worlds = [task.world for task in wk.envs.suite(40, "medium")]
    train, test = (wk.envs.suite([*worlds, *worlds], split=split) for split in ("train", "test"))
    assert len(train) + len(test) == 40 and len(test) > 0
    assert not {task.fingerprint for task in train} & {task.fingerprint for task in test}


def test_generated_worlds_are_tasks_and_episodes_of_one_environment() -> None:
    results = wk.generate_many(
        ["A diver finds a door.", "A cook looks for salt."], "templates", progress=lambda *_: None
    )
    suite = wk.envs.suite(result.world for result in results if result.world)
    assert len(suite) == 2 and repr(suite).startswith("Suite of 2 tasks")
    env = suite.env()
    env.reset(seed=0, options={"task": 0})
    for name in suite[0].solution:
        _, reward, terminated, _, _ = env.step(env.current.action(name))
    assert terminated and reward == 1


def test_a_world_without_states_is_refused_by_its_number_among_several() -> None:
    nothing = wk.World.from_dict(
        {"schemaVersion": "1.0", "name": "Nothing", "entrance": {"state": "a"}, "scene": {"states": {}, "events": []}}
    )
    worlds = [wk.samples.load("bench"), nothing]
    for call in (wk.envs.suite, wk.quality):
        with pytest.raises(wk.InvalidWorld, match=r'^world 2, "Nothing" cannot be played: 1 problem'):
            call(worlds)
    with pytest.raises(wk.InvalidWorld, match=r"^Nothing cannot be played"):
        wk.quality(nothing)


def test_a_world_that_is_no_task_is_refused_by_its_name_unless_a_difficulty_is_asked_for() -> None:
    broken = wk.samples.load("broken")
    with pytest.raises(wk.WorldError, match='world 1, "The Museum of Broken Things", is no task: no play of it is won'):
        wk.envs.suite([broken])
    assert len(wk.envs.suite([broken], "easy")) == 0
    with pytest.raises(wk.WrongArgument, match="a whole number, or a list of which each is a World; got str"):
        wk.envs.suite(name for name in ["broken"])  # type: ignore[misc]


def test_the_table_of_a_suite_has_a_row_for_each_task_and_its_columns_without_any() -> None:
    pytest.importorskip("pandas")
    frame = tasks("easy").to_frame()
    assert list(frame.name) == [task.world.name for task in tasks("easy")]
    assert frame.dtypes["random_wins"] == wk.envs.suite(1).to_frame().dtypes["random_wins"] == "Float64"
    for column in frame.columns[1:-1]:
        assert list(frame[column]) == [getattr(task, column) for task in tasks("easy")]
    assert list(wk.envs.suite(0).to_frame().columns) == list(frame.columns)


def test_the_table_of_a_suite_is_joined_with_that_of_quality_by_plots() -> None:
    pytest.importorskip("pandas")
    worlds = [task.world for task in tasks("easy")]
    both = tasks("easy").to_frame().merge(wk.quality(worlds).to_frame(), on="plot_id", validate="1:1")
    assert list(both.name_x) == list(both.name_y) == [world.name for world in worlds]


def test_a_table_without_pandas_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    quality = wk.quality(wk.samples.load("bench"))
    monkeypatch.setitem(sys.modules, "pandas", None)
    for value in (tasks("easy"), quality):
        with pytest.raises(wk.MissingExtra, match=rf"{type(value).__name__}\.to_frame.*pandas"):
            value.to_frame()
