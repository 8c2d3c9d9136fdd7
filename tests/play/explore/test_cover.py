"""Covering runs fire everything that can be fired, and the bound is one."""

from __future__ import annotations

import itertools
import random
from itertools import combinations

import pytest

from tests.effort import seeds
from tests.play.explore.small import explore_plainly, real, small, tour
from tests.play.explore.test_why import world
from worldkit import World, explore, replay, samples
from worldkit.exploration import min_flow
from worldkit.exploration.components import transitive_closure
from worldkit.exploration.min_flow import fewest_paths

pytestmark = pytest.mark.seeds


@pytest.mark.parametrize("lot", range(4))
def test_the_runs_fire_every_event_that_can_be_fired(lot: int) -> None:
    for seed in range(lot * 200, lot * 200 + seeds(200)):
        random_world = small(seed) if seed % 4 else tour(seed)
        exploration = explore_plainly(random_world)
        cover = exploration.cover()
        assert cover.complete and not cover.remark
        assert {event for run in cover for event in run.events} >= exploration.events
        assert cover.bound <= len(cover)
        assert cover.steps == sum(map(len, cover))
        covered: set[str] = set()
        for run in cover:
            assert replay(random_world, run).trace == run
            assert not covered.issuperset(set(run.events) & exploration.events)
            covered.update(run.events)


def test_what_only_an_event_of_the_same_name_hides_is_missed_and_said() -> None:
    for seed in range(seeds(300)):
        random_world = small(seed, namesakes=True)
        exploration, truth = explore_plainly(random_world), real(random_world)
        cover = exploration.cover()
        names = {event for run in cover for event in run.events}
        assert names >= truth.events.keys() & exploration.events
        assert bool(cover.missed) == bool(cover.remark)


def test_every_way_out_needs_a_run_of_its_own() -> None:
    example = world({"to": "b"}, {"to": "b"}, {"to": "c"}, endings=("b", "c"))
    cover = explore_plainly(example).cover()
    assert (len(cover), cover.bound) == (3, 3)
    assert repr(cover) == "Cover: 3 runs of 3 steps in all; at least 3 are needed"
    assert cover.to_dict() == {"runs": [["e0"], ["e1"], ["e2"]], "bound": 3, "missed": [], "remark": ""}
    assert [len(run) for run in cover[1:]] == [1, 1]


def test_a_world_without_events_needs_no_run() -> None:
    cover = explore_plainly(world()).cover()
    assert (len(cover), cover.bound) == (0, 0)


def test_out_of_time_says_what_is_missing() -> None:
    example = world({"to": "b"}, {"to": "c"}, endings=("b", "c"))
    cover = explore_plainly(example).cover(seconds=0)
    assert cover.missed == {"e0", "e1"} and "not enough" in cover.remark and not cover.complete
    assert "2 events missed" in repr(cover)
    assert "; 1 event missed" in repr(explore_plainly(world({"to": "b"}, endings=("b",))).cover(seconds=0))


def test_a_run_that_takes_longer_than_there_is_time_ends_where_it_has_come_to(monkeypatch: pytest.MonkeyPatch) -> None:
    exploration = explore(samples.load("lighthouse"))
    assert len(exploration.cover()[0]) > 4
    clock = itertools.count()
    monkeypatch.setattr("time.perf_counter", lambda: float(next(clock)))
    cover = exploration.cover(seconds=4)
    assert sum(map(len, cover)) <= 4 and not cover.complete and cover.remark == "4 s were not enough"
    for run in cover:
        assert replay(exploration.world, run).trace == run


def _branches() -> World:
    return world(
        {"to": "b"},
        *({"to": "c"} for _ in range(2)),
        *({"from": ["b"], "to": to} for to in ("d", "z")),
        {"from": ["c"], "to": "d"},
        *({"from": ["d"], "to": "z"} for _ in range(3)),
        states=("a", "b", "c", "d", "z"),
        endings=("z",),
    )


def test_the_bound_is_the_same_on_a_slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    exploration = explore(_branches())
    cover = exploration.cover()
    clock = itertools.count()
    monkeypatch.setattr("time.perf_counter", lambda: float(next(clock)) * 1000)
    assert exploration.cover(seconds=0).bound == cover.bound == 4


def test_a_bound_that_takes_too_much_work_is_that_of_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(min_flow, "MAX_WORK", 0)
    assert explore(_branches()).cover().bound == 3


def test_fewest_paths_are_as_many_as_the_largest_set_no_two_of_which_share_a_path() -> None:
    for seed in range(seeds(400)):
        r = random.Random(seed)
        count = r.randint(1, 6)
        edges = {(count - 1, b): r.choice([0, 0, 1, 2]) for b in range(count - 1)}
        for _ in range(r.randint(0, 4)):
            if count > 1:
                a = r.randint(1, count - 1)
                edges[a, r.randrange(a)] = r.choice([0, 1, 1, 2])
        nodes = {node: 1 for node in range(count) if r.random() < 0.5}
        assert fewest_paths(count, count - 1, edges, nodes) == largest(count, edges, nodes)


def largest(count: int, edges: dict[tuple[int, int], int], nodes: dict[int, int]) -> int:
    """Return the weight of the heaviest set of edges and nodes no two of which lie on one path (Dilworth)."""
    out: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        out[a].append(b)
    reach = transitive_closure(out)
    things = [(a, b, w) for (a, b), w in edges.items() if w] + [(n, n, w) for n, w in nodes.items()]

    def apart(x: tuple[int, int, int], y: tuple[int, int, int]) -> bool:
        return not (reach[x[1]] >> y[0] & 1 or reach[y[1]] >> x[0] & 1)

    return max(
        sum(w for _, _, w in subset)
        for size in range(min(len(things), 6) + 1)
        for subset in combinations(things, size)
        if all(apart(x, y) for x, y in combinations(subset, 2))
    )
