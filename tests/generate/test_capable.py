"""A capable model, really run: Qwen2.5-Coder-1.5B by llama.cpp in this process, where make bench-models has put it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

import worldkit as wk
from tests.generate import needs
from tests.generate.texts import FERRY
from worldkit.core.progress import ignore
from worldkit.generation.engines import local_runner
from worldkit.generation.engines.base import AnswerOptions, ChatRequest
from worldkit.generation.engines.llama_cpp import LlamaCppEngine
from worldkit.generation.engines.replies import read_json

pytestmark = pytest.mark.capable
FILE = needs.capable_model()
NAME = f"local:{FILE}"

CLOCK = "A clockmaker must wind the tower clock before midnight strikes"


@pytest.fixture(scope="module")
def engine() -> Iterator[LlamaCppEngine]:
    """Load the model once, on one thread unless the environment says otherwise."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    engine = local_runner.load(NAME)
    assert isinstance(engine, LlamaCppEngine)
    yield engine
    local_runner.engine_cache = local_runner.EngineCache()


def test_it_is_large_enough_and_held_to_a_schema(engine: LlamaCppEngine) -> None:
    assert engine.capable
    schema = {
        "type": "object",
        "properties": {"place": {"enum": ["attic", "cellar"]}, "steps": {"type": "integer", "maximum": 9}},
        "required": ["place", "steps"],
        "additionalProperties": False,
    }
    rates: list[str] = []
    question = [{"role": "user", "content": "Where is the lamp, and how many steps lead there?"}]
    answer = engine.reply(
        ChatRequest("You answer in JSON.", question, schema, AnswerOptions(60)),
        lambda arriving: rates.append(str(arriving)),
    )
    assert answer.is_complete and read_json(answer.text)["place"] in ("attic", "cellar")
    assert any("tokens/s" in rate for rate in rates)


def test_it_gives_the_clockmaker_a_talking_parrot(engine: LlamaCppEngine) -> None:
    world = wk.generate(CLOCK, "templates", seed=3, progress=ignore)
    revision = wk.revise(world, "give the clockmaker a talking parrot", NAME, progress=ignore)
    assert "parrot" in revision.world.to_json() and "parrot" not in world.to_json()
    assert not revision.world.lint("studio").errors
    assert not wk.explore(revision.world).soft_locks
    assert revision.world.apply([]).to_json() == world.apply(revision.ops).to_json()


def test_it_makes_a_world_of_a_chapter_that_is_played_in_the_order_of_the_text(engine: LlamaCppEngine) -> None:
    retelling = wk.from_text(FERRY, NAME, progress=ignore)
    world = retelling.world
    # code divides the text and plans for a model of this size, which writes the prose
    assert retelling.report.planned == "seed" and retelling.report.written > len(retelling.report.fallbacks)
    assert world.story and [beat.summary for beat in world.story.beats or ()] == [
        beat.summary for beat in retelling.beats
    ]
    spine = [state for beat in world.story.beats or () for state in beat.states or ()]
    route = wk.explore(world).route_to(spine[-1])
    assert route is not None
    route_states = [world.start, *(to for name in route.events if (to := world.events_by_name[name].to))]
    assert [state for state in dict.fromkeys(route_states) if state in spine] == spine
    assert not world.lint("studio").errors and not wk.explore(world).soft_locks


def test_it_writes_a_typed_action_as_one_event_into_a_new_place(engine: LlamaCppEngine) -> None:
    session = wk.Session(wk.samples.load("lighthouse"))
    before = session.world
    proposal = wk.propose_action(session, "climb the drainpipe", NAME, progress=ignore)
    assert set(proposal.world.states) - set(before.states) == {proposal.place}
    assert all(proposal.world.states[id] == before.states[id] for id in before.states)
    assert not proposal.world.lint("studio").errors
    assert proposal.take(session).state == proposal.place
    assert len(session.offers) == 2
