"""Checking properties agrees with an oracle that goes through every position, and its runs are shortest ones."""

from __future__ import annotations

import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest

import worldkit as wk
from tests.effort import seeds
from tests.play.explore.small import small
from tests.play.properties.formulas import FORM_COUNT, atoms, moment_atoms, random_property
from tests.play.properties.oracle import Moment, breaks, oracle_for
from worldkit import Property
from worldkit.exploration.transition_system import build_system
from worldkit.properties.statements import AlwaysPossible, LeadsTo, Possible

pytestmark = pytest.mark.seeds

WORLD_COUNT = int(os.environ.get("WORLDKIT_ORACLE_WORLDS", seeds(150)))
"""How many worlds; ``WORLDKIT_ORACLE_WORLDS=5000`` for the whole comparison."""

FORMULAS_PER_WORLD = 10


def compare(seed: int) -> int:
    """Compare ten properties of one world with the oracle, and return how many there were to compare."""
    world = small(seed, namesakes=seed % 5 == 0)
    if build_system(world).omitted_events:
        return 0
    rng = random.Random(seed)
    leaves = atoms(world)
    return compare_with_oracle(seed, world, [random_property(rng, leaves) for _ in range(FORMULAS_PER_WORLD)])


def compare_with_oracle(seed: int, world: wk.World, statements: list[Property]) -> int:
    """Compare the results of some properties with the oracle's, and return how many there were to compare."""
    comparisons = 0
    for statement, result in zip(statements, wk.check(world, statements), strict=True):
        oracle = oracle_for(world, statement)
        if oracle is None:
            continue
        comparisons += 1
        about = f"world {seed}: {statement.text}"
        assert result.holds is oracle.holds(statement), about
        run = result.witness if isinstance(statement, Possible) else result.counterexample
        assert (run is not None) == (result.holds is isinstance(statement, Possible)), about
        if run is None:
            continue
        assert len(run) == oracle.shortest(statement), about
        assert wk.replay(world, run).position is not None
        if isinstance(statement, Possible):
            continue
        reachable = set()
        if isinstance(statement, (AlwaysPossible, LeadsTo)):
            goal = statement.condition if isinstance(statement, AlwaysPossible) else statement.second
            reachable = oracle.ef(oracle.where(goal))

        def is_lost(moment: Moment, reachable: set[Moment] = reachable) -> bool:
            return moment not in reachable

        assert breaks(world, statement, run, is_lost), about
    return comparisons


def test_checks_agree_with_an_explicit_ctl_oracle_and_runs_are_shortest() -> None:
    if WORLD_COUNT > 1000:
        with ProcessPoolExecutor(2) as pool:
            comparisons = sum(pool.map(compare, range(WORLD_COUNT), chunksize=50))
    else:
        comparisons = sum(map(compare, range(WORLD_COUNT)))
    assert comparisons > 9 * WORLD_COUNT


def one_time_room(seed: int) -> wk.World:
    """Return a world of a few places with events that happen once and stay, a sequence and a way or two."""
    rng = random.Random(seed)
    places, flags = [f"s{number}" for number in range(rng.randint(1, 3))], ["f0", "f1", "f2"]
    events = []
    for number in range(rng.randint(2, 5)):
        event = {"name": f"e{number}", "kind": "override", "from": rng.sample(places, rng.randint(1, len(places)))}
        if len(places) > 1 and rng.random() < 0.3:
            event |= {"kind": "transition", "to": rng.choice(places)}
        if rng.random() < 0.5:
            event["requires"] = [rng.choice(flags)]
        if rng.random() < 0.6:
            event["grants"] = [rng.choice(flags)]
        if rng.random() < 0.8:
            event["oneShot"] = True
        events.append(event)
    states = {place: {"base": "x"} for place in places}
    if len(places) > 1 and rng.random() < 0.5:
        states[places[-1]] |= {"ending": {"kind": "win", "title": "t"}}
    beats = [{"state": rng.choice(places)} for _ in range(3)]
    return wk.World.from_dict(
        {
            "schemaVersion": "1.0",
            "entrance": {"state": places[0]},
            "scene": {"states": states, "events": events},
            "sequences": [{"id": "w", "title": "t", "beats": beats}] if rng.random() < 0.3 else [],
        }
    )


@pytest.mark.parametrize("most_listed", [-1, 200_000])
def test_what_happens_once_is_not_repeated_for_what_is_asked_of_a_moment(
    monkeypatch: pytest.MonkeyPatch, most_listed: int
) -> None:
    monkeypatch.setattr(sys.modules["worldkit.properties.verification"], "MAX_LISTED_POSITIONS", most_listed)
    comparisons = 0
    for seed in range(seeds(300)):
        world = one_time_room(seed)
        rng = random.Random(seed)
        leaves = moment_atoms(rng, world)
        forms = [form for form in range(FORM_COUNT) if most_listed > 0 or form not in (9, 10)]
        statements = [random_property(rng, leaves, form) for form in forms]
        comparisons += compare_with_oracle(seed, world, statements)
    assert comparisons > 9 * seeds(300)


HALL = {
    "schemaVersion": "1.0",
    "entrance": {"state": "hall"},
    "scene": {
        "states": {"hall": {"base": "x"}},
        "events": [
            {"name": "take_key", "kind": "override", "from": ["hall"], "grants": ["key"], "oneShot": True},
            {
                "name": "ring_bell",
                "kind": "override",
                "from": ["hall"],
                "requires": ["key"],
                "grants": ["rung"],
                "oneShot": True,
            },
        ],
    },
}


@pytest.mark.parametrize("most_listed", [-1, 200_000])
@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('always possible: not event "ring_bell"', False),
        ('anything leads to not event "ring_bell"', False),
        ('possible: holding "rung" and not event "ring_bell"', False),
        ('never holding "rung" while not event "ring_bell"', True),
        ('always possible: event "ring_bell"', True),
        ('possible: once (holding "rung" and not event "ring_bell")', False),
        ('at most 0 of {holding "rung" and not event "ring_bell"}', True),
        ('after holding "rung" and not event "ring_bell", anything cannot be reached', True),
    ],
)
def test_the_last_thing_that_can_be_done_is_the_last_moment(
    monkeypatch: pytest.MonkeyPatch, most_listed: int, text: str, holds: bool
) -> None:
    monkeypatch.setattr(sys.modules["worldkit.properties.verification"], "MAX_LISTED_POSITIONS", most_listed)
    world = wk.World.from_dict(HALL)
    assert wk.check(world, text)[0].holds is holds
    alone = wk.check(world, ['possible: holding "rung"', text])
    assert [result.holds for result in alone] == [True, holds]


LOOKS = [f"look_{number}" for number in range(22)]
ROOM = {
    "schemaVersion": "1.0",
    "entrance": {"state": "room"},
    "scene": {
        "states": {"room": {"base": "x"}, "end": {"base": "x", "ending": {"kind": "win", "title": "t"}}},
        "events": [
            *({"name": look, "kind": "override", "from": ["room"], "oneShot": True} for look in LOOKS),
            {"name": "ring", "kind": "override", "from": ["room"]},
            {"name": "take", "kind": "override", "from": ["room"], "grants": ["key"], "oneShot": True},
            {"name": "go", "kind": "transition", "from": ["room"], "to": "end", "requires": ["key"]},
        ],
    },
}
FEW_POSITIONS = {
    'always possible: event "go"': True,
    'always possible: event "ring" or win': True,
    'event "take" leads to event "go"': True,
    'never win while not event "go"': True,
    'always not win or event "go"': True,
    'after event "go", event "take" cannot be reached': True,
    'not event "take" until not event "go"': True,
    'possible: holding "key" and not holding "key" and not event "ring"': False,
    'never holding "key" while not event "ring"': False,
    'after event "take", event "ring" cannot be reached': False,
    'event "ring" leads to event "take" and event "go"': False,
    'always possible: event "take"': False,
    'at most 1 of {event "go", not event "go"}': False,
    'possible: win and not event "ring"': True,
}


def test_what_happens_once_and_matters_to_nothing_does_not_multiply_the_positions() -> None:
    world = wk.World.from_dict(ROOM)
    together = wk.check(world, list(FEW_POSITIONS))
    for (text, holds), result in zip(FEW_POSITIONS.items(), together, strict=True):
        for each in (result, wk.check(world, text)[0]):
            assert each.holds is holds, text
            assert each.positions < 50, text
