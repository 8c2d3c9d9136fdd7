"""``explore``: what it accepts, what it holds, and how it ends when it is stopped."""

from __future__ import annotations

import json
import pickle
import threading
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

import pytest

from tests.effort import seeds
from tests.play.explore.small import explore_plainly, real, small
from tests.play.explore.test_why import world
from worldkit import (
    BatchInterrupted,
    Budget,
    InvalidWorld,
    Position,
    World,
    WorldError,
    WrongArgument,
    explore,
    explore_many,
    playtest_many,
    samples,
)
from worldkit.exploration import map_items
from worldkit.exploration.progress import cancel_check, progress_callback

pytestmark = pytest.mark.seeds


def test_what_can_be_reached_is_what_the_stepper_reaches() -> None:
    for seed in range(seeds(300)):
        random_world = small(seed)
        exploration, truth = explore(random_world), real(random_world)
        assert exploration.complete and exploration.exact
        assert exploration.states == truth.states.keys()
        assert exploration.events == truth.events.keys() & {event.name for event in random_world.events}
        assert exploration.endings == {id for id in truth.states if random_world.states[id].ending}
        assert exploration.unreachable_states == random_world.states.keys() - truth.states.keys()
        assert exploration.unreachable_endings == {
            id for id in exploration.unreachable_states if random_world.states[id].ending
        }
        assert exploration.soft_lock_states == {position.state for position in truth.depth.keys() - truth.wins}
        plainly = explore_plainly(random_world)
        assert (exploration.classes, exploration.stuck_classes) == (plainly.classes, plainly.stuck_classes)
        assert {lock.state: lock.cause is None for lock in exploration.soft_locks} == {
            lock.state: lock.cause is None for lock in plainly.soft_locks
        }


def test_it_begins_where_it_is_told() -> None:
    example = world({"to": "b"}, {"from": ["b"], "to": "c"}, endings=("c",))
    assert explore(example, at=Position("b")).states == {"b", "c"}
    assert explore(example, at={"state": "c"}).states == {"c"}
    with pytest.raises(WorldError, match="no state"):
        explore(example, at=Position("z"))


def test_a_world_without_states_is_refused() -> None:
    with pytest.raises(InvalidWorld, match="at least one state"):
        explore(World.from_dict({"scene": {"states": {}, "events": []}}))


def test_budgets_are_positive_and_engines_exist() -> None:
    with pytest.raises(ValueError, match="seconds"):
        explore(world(), seconds=0)
    with pytest.raises(ValueError, match="memory_mb"):
        explore(world(), memory_mb=-1)
    with pytest.raises(WorldError, match="engine: expected one of"):
        explore(world(), engine="magic")
    assert explore(world(), budget=Budget(seconds=5), nodes=100).complete


@pytest.mark.parametrize("part", ["nodes", "seconds", "memory"])
@pytest.mark.parametrize("wrong", [0, -1, float("nan"), "30", True])
def test_a_budget_that_is_no_number_or_not_above_0_is_refused_where_it_is_made(part: str, wrong: Any) -> None:
    with pytest.raises(WrongArgument, match=rf"{part}: expected a (whole )?number .*(above 0|of at least 1)"):
        Budget(**{part: wrong})


def test_a_budget_may_be_as_large_as_one_likes() -> None:
    assert explore(world(), budget=Budget(nodes=10**400, seconds=float("inf"), memory=10**30)).complete


def test_the_id_of_a_state_is_no_position_and_the_message_says_what_is() -> None:
    with pytest.raises(WorldError, match=r'"hall" is the id of a state.*at=worldkit\.Position\(\'hall\'\)'):
        explore(samples.load("broken"), at="hall")


def test_routes_are_a_mapping_of_the_endings_in_reach() -> None:
    exploration = explore(samples.load("lighthouse"))
    assert set(exploration.routes) == exploration.endings and len(exploration.routes) == 4
    assert all(exploration.routes[ending].states[-1] == ending for ending in exploration.endings)
    with pytest.raises(KeyError):
        exploration.routes["yard"]
    with pytest.raises(WorldError, match="no state"):
        exploration.route_to("nowhere")
    with pytest.raises(WorldError, match="no event"):
        exploration.route_to_event("nothing")


@pytest.mark.parametrize("way_of_cancelling", ["event", "callable"])
def test_cancelled_it_says_so_and_keeps_what_a_glance_shows(way_of_cancelling: str) -> None:
    stop = threading.Event()
    stop.set()
    exploration = explore(samples.load("archive"), cancel=stop if way_of_cancelling == "event" else stop.is_set)
    assert not exploration.complete
    assert exploration.undecided[0].startswith("It was cancelled")
    assert exploration.positions >= 1 and "bench" not in exploration.states
    assert "not everything was decided" in exploration.verdict
    assert any(finding.kind == "undecided" for finding in exploration.findings)


def test_what_was_not_decided_is_not_claimed() -> None:
    exploration = explore(samples.load("archive"), engine="bounded", seconds=0.001)
    if not exploration.exact:
        assert (
            not exploration.unreachable_states and not exploration.dead_events and not exploration.unreachable_endings
        )
    assert exploration.complete == (not exploration.undecided)
    json.dumps(exploration.to_dict())


def test_it_survives_a_pickle() -> None:
    exploration = explore(samples.load("lighthouse"))
    again = pickle.loads(pickle.dumps(exploration))
    assert again.to_dict() == exploration.to_dict()
    for seed in range(seeds(40)):
        first = explore(small(seed))
        second = pickle.loads(pickle.dumps(first))
        assert [lock.to_dict() for lock in second.soft_locks] == [lock.to_dict() for lock in first.soft_locks]


def test_progress_is_told_from_start_to_end() -> None:
    updates: list[tuple[str, float | None]] = []
    explore(samples.load("lighthouse"), progress=lambda stage, done: updates.append((stage, done)))
    assert updates[0] == ("starting", 0.0) and updates[-1] == ("done", 1.0)


def test_a_line_of_progress_is_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    tell = progress_callback(True)
    tell("searching", None)
    tell("done", 1.0)
    output = capsys.readouterr().err
    assert output.startswith("\rsearching") and output.endswith("\n")
    assert cancel_check(None)() is False


@pytest.mark.parametrize("engine", [None, "tables", "search", "bdd"])
def test_an_exploration_writes_one_line_of_progress(capsys: pytest.CaptureFixture[str], engine: str | None) -> None:
    explore(samples.load("lighthouse"), engine=engine, progress=True)
    output = capsys.readouterr().err
    assert output.count("\n") == 1 and output.rstrip().endswith("done 100%")


def test_a_stage_that_is_done_does_not_end_the_line_of_all_stages(capsys: pytest.CaptureFixture[str]) -> None:
    tell = progress_callback(True, "done")
    for stage in ("tables", "done"):
        tell(stage, 1.0)
    output = capsys.readouterr().err
    assert output.count("\n") == 1 and output.rstrip().endswith("done 100%")


def test_a_cancelled_exploration_ends_its_line_of_progress_too(capsys: pytest.CaptureFixture[str]) -> None:
    explore(samples.load("lighthouse"), cancel=lambda: True, progress=True)
    output = capsys.readouterr().err
    assert output.count("\n") == 1 and output.endswith("\n")


def test_what_is_detached_holds_no_positions() -> None:
    data = explore(samples.load("lighthouse")).detached()[2]
    assert (type(data.stuck), type(data.idle_masks)) == (dict, dict)


# ---- many worlds -------------------------------------------------------------------------------


def worlds() -> list[World]:
    empty = World.from_dict({"scene": {"states": {}, "events": []}})
    return [small(1), empty, small(2), small(3)]


def test_an_option_that_does_not_exist_is_refused_before_any_world_is_explored() -> None:
    with pytest.raises(WrongArgument, match=r'arguments of worldkit\.explore: at, .*"second"; did you mean "seconds"'):
        explore_many([world()], second=3)


@pytest.mark.parametrize(("option", "value"), [("seconds", 0), ("engine", "magic")])
def test_a_wrong_value_of_an_option_is_refused_once_and_not_for_every_world(option: str, value: Any) -> None:
    with pytest.raises(WrongArgument, match=f"{option}: expected"):
        explore_many(worlds(), **{option: value})


@pytest.mark.parametrize("kind", ["none", "threads", "processes"])
def test_many_worlds_keep_their_order_and_their_failures(kind: str) -> None:
    updates: list[tuple[str, float | None]] = []

    def tell(stage: str, done: float | None) -> None:
        updates.append((stage, done))

    if kind == "none":
        results = explore_many(worlds(), progress=tell)
    elif kind == "threads":
        with ThreadPoolExecutor(2) as pool:
            results = explore_many(worlds(), pool, progress=tell)
    else:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            results = explore_many(worlds(), pool, progress=tell, seconds=20)
    assert isinstance(results[1], InvalidWorld)
    for one, result in zip(worlds(), results, strict=True):
        if not isinstance(result, Exception):
            expected = explore(one).to_dict() | {"seconds": 0}
            assert result.to_dict() | {"seconds": 0} == expected
            assert result.world == one
    assert updates[-1] == ("4 of 4", 1.0)


class Broken:
    """An executor that takes one piece of work and no more."""

    def __init__(self) -> None:
        self.taken: list[Future[Any]] = []

    def submit(self, function: Any, /, *arguments: Any) -> Future[Any]:
        if self.taken:
            raise RuntimeError("the pool is broken")
        future: Future[Any] = Future()
        future.set_result(function(*arguments))
        self.taken.append(future)
        return future


def test_a_pool_that_breaks_loses_nothing_that_was_done() -> None:
    results = map_items(abs, [-1, -2, -3], Broken())
    assert results[0] == 1
    assert [str(failure) for failure in results[1:]] == ["the pool is broken"] * 2


def test_an_interrupt_calls_the_rest_off() -> None:
    class Stuck:
        def __init__(self) -> None:
            self.futures: list[Future[Any]] = []

        def submit(self, function: Any, /, *arguments: Any) -> Future[Any]:
            future: Future[Any] = Future()
            if not self.futures:
                future.set_exception(KeyboardInterrupt())
            self.futures.append(future)
            return future

    pool = Stuck()
    with pytest.raises(BatchInterrupted) as stop:
        map_items(abs, [1, 2, 3], pool)
    assert all(future.cancelled() for future in pool.futures[1:])
    assert stop.value.results == [None] * 3


def test_an_interrupt_keeps_what_an_executor_has_done_out_of_order() -> None:
    class LastFirst:
        def __init__(self) -> None:
            self.futures: list[Future[Any]] = []

        def submit(self, function: Any, /, *arguments: Any) -> Future[Any]:
            future: Future[Any] = Future()
            if not self.futures:
                future.set_exception(KeyboardInterrupt())
            elif len(self.futures) == 2:
                future.set_result(function(*arguments))
            self.futures.append(future)
            return future

    with pytest.raises(BatchInterrupted, match="has 1 of 4 results, and None") as stop:
        map_items(abs, [-1, -2, -3, -4], LastFirst())
    assert stop.value.results == [None, None, 3, None]


@pytest.mark.parametrize("call", [explore_many, partial(playtest_many, runs=5)])
def test_an_interrupt_keeps_the_worlds_that_were_finished(call: Any) -> None:
    worlds = [small(seed) for seed in (1, 2, 3)]

    def stop_after_two(text: str, _: float | None) -> None:
        if text.startswith("2 of"):
            raise KeyboardInterrupt

    with pytest.raises(BatchInterrupted) as stop:
        call(worlds, progress=stop_after_two)
    *finished, last = stop.value.results
    assert [result.world for result in finished] == worlds[:2]
    assert last is None
    assert pickle.loads(pickle.dumps(stop.value)).results[2] is None
    assert stop.value._render_traceback_() == [
        "Stopped. Kept 2 of 3 results, with None for the others: import sys; sys.last_value.results"
    ]


def test_a_dask_cluster_takes_many_worlds_and_an_interrupt_keeps_what_it_has_done() -> None:
    distributed = pytest.importorskip("distributed")
    todo = [small(seed) for seed in (1, 2, 3)]

    class Recorder:
        def __init__(self, client: Any) -> None:
            self.client = client
            self.futures: list[Any] = []

        def submit(self, function: Any, /, *arguments: Any) -> Any:
            self.futures.append(self.client.submit(function, *arguments))
            return self.futures[-1]

    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        explorations = explore_many(todo, client)
        playtests = playtest_many(todo, client, runs=20)
        recorder = Recorder(client)

        def stop_when_all_are_done(text: str, fraction: float | None) -> None:
            distributed.wait(recorder.futures)
            raise KeyboardInterrupt

        with pytest.raises(BatchInterrupted) as stop:
            explore_many(todo, recorder, progress=stop_when_all_are_done)
    assert [result.positions for result in stop.value.results] == [explore(one).positions for one in todo]
    for one, exploration, runs in zip(todo, explorations, playtests, strict=True):
        assert not isinstance(exploration, Exception) and not isinstance(runs, Exception)
        assert exploration.to_dict() | {"seconds": 0} == explore(one).to_dict() | {"seconds": 0}
        assert runs.runs == 20
