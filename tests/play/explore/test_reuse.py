"""After an edit only what can have changed is explored again, and the answer is that of exploring everything."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.effort import seeds
from tests.play.explore.families import FAMILIES, shape, small
from worldkit import World, explore, samples
from worldkit.exploration import portfolio, reuse
from worldkit.exploration.engine import solve
from worldkit.exploration.mask_sets import EngineAnswer
from worldkit.exploration.transition_system import build_system

pytestmark = pytest.mark.seeds

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def no_earlier_answers() -> None:
    reuse.forget()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The engines that were started."""
    starts: list[str] = []
    start = portfolio.Portfolio.run

    def run(self: portfolio.Portfolio) -> Any:
        starts.append("run")
        return start(self)

    monkeypatch.setattr(portfolio.Portfolio, "run", run)
    return starts


def facts(answer: EngineAnswer, states: int) -> tuple[Any, ...]:
    """Return all that an answer says, but for the engine it comes from."""
    masks = [(answer.fewest_stuck(state), answer.fewest_idle(state)) for state in range(states)]
    sets = (
        answer.reached_states,
        answer.fireable_events,
        answer.classes,
        answer.stuck_classes,
        answer.stuck,
        answer.idle_states,
    )
    return (*sets, answer.undecided_reasons, masks)


def test_an_edit_of_words_or_of_names_explores_nothing_again(runs: list[str]) -> None:
    world = samples.load("lighthouse")
    before = explore(world)
    state, event = next(iter(world.states)), world.events[0].name
    words = world.apply([{"op": "set_field", "state": state, "field": "base", "value": "Other words."}])
    names = words.apply([{"op": "rename_state", "from": state, "to": "somewhere_else"}])
    after = explore(names.apply([{"op": "rename_event", "from": event, "to": "do_it"}]))
    assert runs == ["run"]
    assert (after.positions, after.classes, after.endings) == (before.positions, before.classes, before.endings)
    assert "somewhere_else" in after.states and "do_it" in after.events


def test_an_event_that_can_never_happen_explores_nothing_again(runs: list[str]) -> None:
    world = World.from_dict(shape("hub", 24, 70, 7, 0, 3))
    before = explore(world)
    never = {"name": "never", "kind": "transition", "from": ["place_3"], "to": "place_4", "requires": ["no_such_key"]}
    after = explore(world.apply([{"op": "add_event", "event": never}]))
    assert runs == ["run"]
    assert "never" in after.dead_events and after.positions == before.positions


@pytest.mark.parametrize("engine", [None, "search", "bdd", "compiled"])
@pytest.mark.parametrize("family", FAMILIES)
def test_answers_after_an_edit_are_those_of_exploring_everything(family: str, engine: str | None) -> None:
    if engine == "compiled":
        pytest.importorskip("numba", reason="numba is not installed: the compiled engine is not tested")
    rng = random.Random(family)
    for seed in range(seeds(25)):
        document = small(family, seed)
        solve(build_system(World.from_dict(document)), engine=engine)
        for _ in range(3):
            events = document["scene"]["events"]
            edited_event = {**rng.choice(events)} if events else None
            if edited_event is not None:
                edited_event["name"] = f"new_{seed}"
                edited_event["requires"] = rng.sample(["a", "b", *edited_event.get("requires", [])], 1)
                if rng.random() < 0.5:
                    edited_event.pop("requires")
                other_events = [event for event in events if rng.random() > 0.1]
                document = {**document, "scene": {**document["scene"], "events": [*other_events, edited_event]}}
            system = build_system(World.from_dict(document))
            again = solve(system, engine=engine, reuse=True)
            reuse.forget()
            states = len(system.states)
            assert facts(again, states) == facts(solve(system, engine=engine), states)
