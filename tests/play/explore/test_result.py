"""``explore``: what it accepts, what it holds, and how it ends when it is stopped."""

from __future__ import annotations

import json
import pickle
import threading
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest

from tests.play.explore.small import explored, real, small
from tests.play.explore.test_why import world
from worldkit import InvalidWorld, World, WorldError, explore, explore_many, playtest_many, samples
from worldkit.exploration import Budget, map_items
from worldkit.exploration.progress import cancel_check, progress_callback
from worldkit.playing import Position


def test_what_can_be_reached_is_what_the_stepper_reaches() -> None:
    for seed in range(300):
        made = small(seed)
        found, truth = explore(made), real(made)
        assert found.complete and found.exact
        assert found.states == truth.states.keys()
        assert found.events == truth.events.keys() & {event.name for event in made.events}
        assert found.endings == {id for id in truth.states if made.states[id].ending}
        assert found.unreachable_states == made.states.keys() - truth.states.keys()
        assert found.unreachable_endings == {id for id in found.unreachable_states if made.states[id].ending}
        assert found.soft_lock_states == {position.state for position in truth.depth.keys() - truth.wins}
        plainly = explored(made)
        assert (found.classes, found.stuck_classes) == (plainly.classes, plainly.stuck_classes)
        assert {lock.state: lock.cause is None for lock in found.soft_locks} == {
            lock.state: lock.cause is None for lock in plainly.soft_locks
        }


def test_it_begins_where_it_is_told() -> None:
    made = world({"to": "b"}, {"from": ["b"], "to": "c"}, endings=("c",))
    assert explore(made, at=Position("b")).states == {"b", "c"}
    assert explore(made, at={"state": "c"}).states == {"c"}
    with pytest.raises(WorldError, match="no state"):
        explore(made, at=Position("z"))


def test_a_world_without_states_is_refused() -> None:
    with pytest.raises(InvalidWorld, match="at least one state"):
        explore(World.from_dict({"scene": {"states": {}, "events": []}}))


def test_budgets_are_positive_and_engines_exist() -> None:
    with pytest.raises(ValueError, match="seconds"):
        explore(world(), seconds=0)
    with pytest.raises(ValueError, match="memory_mb"):
        explore(world(), memory_mb=-1)
    with pytest.raises(WorldError, match="no engine"):
        explore(world(), engine="magic")
    assert explore(world(), budget=Budget(seconds=5), nodes=100).complete


def test_routes_are_a_mapping_of_the_endings_in_reach() -> None:
    found = explore(samples.load("lighthouse"))
    assert set(found.routes) == found.endings and len(found.routes) == 4
    assert all(found.routes[ending].states[-1] == ending for ending in found.endings)
    with pytest.raises(KeyError):
        found.routes["yard"]
    with pytest.raises(WorldError, match="no state"):
        found.route_to("nowhere")
    with pytest.raises(WorldError, match="no event"):
        found.route_to_event("nothing")


@pytest.mark.parametrize("asked", ["event", "callable"])
def test_cancelled_it_says_so_and_keeps_what_a_glance_shows(asked: str) -> None:
    stop = threading.Event()
    stop.set()
    found = explore(samples.load("archive"), cancel=stop if asked == "event" else stop.is_set)
    assert not found.complete
    assert found.undecided[0].startswith("It was cancelled")
    assert found.positions >= 1 and "bench" not in found.states
    assert "not everything was decided" in found.verdict
    assert any(finding.kind == "undecided" for finding in found.findings)


def test_what_was_not_decided_is_not_claimed() -> None:
    found = explore(samples.load("archive"), engine="bounded", seconds=0.001)
    if not found.exact:
        assert not found.unreachable_states and not found.dead_events and not found.unreachable_endings
    assert found.complete == (not found.undecided)
    json.dumps(found.to_dict())


def test_it_survives_a_pickle() -> None:
    found = explore(samples.load("lighthouse"))
    again = pickle.loads(pickle.dumps(found))
    assert again.to_dict() == found.to_dict()
    for seed in range(40):
        first = explore(small(seed))
        second = pickle.loads(pickle.dumps(first))
        assert [lock.to_dict() for lock in second.soft_locks] == [lock.to_dict() for lock in first.soft_locks]


def test_progress_is_told_from_start_to_end() -> None:
    told: list[tuple[str, float | None]] = []
    explore(samples.load("lighthouse"), progress=lambda stage, done: told.append((stage, done)))
    assert told[0] == ("starting", 0.0) and told[-1] == ("done", 1.0)


def test_a_line_of_progress_is_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    tell = progress_callback(True)
    tell("searching", None)
    tell("done", 1.0)
    said = capsys.readouterr().err
    assert said.startswith("\rsearching") and said.endswith("\n")
    assert cancel_check(None)() is False


# ---- many worlds -------------------------------------------------------------------------------


def worlds() -> list[World]:
    empty = World.from_dict({"scene": {"states": {}, "events": []}})
    return [small(1), empty, small(2), small(3)]


@pytest.mark.parametrize("kind", ["none", "threads", "processes"])
def test_many_worlds_keep_their_order_and_their_failures(kind: str) -> None:
    told: list[tuple[str, float | None]] = []

    def tell(stage: str, done: float | None) -> None:
        told.append((stage, done))

    if kind == "none":
        made = explore_many(worlds(), progress=tell)
    elif kind == "threads":
        with ThreadPoolExecutor(2) as pool:
            made = explore_many(worlds(), pool, progress=tell)
    else:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            made = explore_many(worlds(), pool, progress=tell, seconds=20)
    assert isinstance(made[1], InvalidWorld)
    for one, found in zip(worlds(), made, strict=True):
        if not isinstance(found, Exception):
            expected = explore(one).to_dict() | {"seconds": 0}
            assert found.to_dict() | {"seconds": 0} == expected
            assert found.world == one
    assert told[-1] == ("4 of 4", 1.0)


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
    made = map_items(abs, [-1, -2, -3], Broken())
    assert made[0] == 1
    assert [str(failed) for failed in made[1:]] == ["the pool is broken"] * 2


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
    with pytest.raises(KeyboardInterrupt):
        map_items(abs, [1, 2, 3], pool)
    assert all(future.cancelled() for future in pool.futures[1:])


def test_a_dask_cluster_takes_many_worlds() -> None:
    distributed = pytest.importorskip("distributed")
    todo = [small(seed) for seed in (1, 2, 3)]
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        made = explore_many(todo, client)
        played = playtest_many(todo, client, runs=20)
    for one, found, runs in zip(todo, made, played, strict=True):
        assert not isinstance(found, Exception) and not isinstance(runs, Exception)
        assert found.to_dict() | {"seconds": 0} == explore(one).to_dict() | {"seconds": 0}
        assert runs.runs == 20
