"""A plan that a model writes: what is sound is taken, what is wrong is told, what stays wrong gives way to the seed."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.server import fit, serving
from tests.generate.worlds import LIGHTHOUSE, ordinary, seeds
from worldkit.core.progress import ignore
from worldkit.generation import generate_with_report
from worldkit.generation.engines import openai_client
from worldkit.generation.engines.base import CannotDraft
from worldkit.generation.pipeline.model_planner import CORRECTIONS, Replanner
from worldkit.generation.planning.plan import Plan, flaws
from worldkit.generation.planning.plan_schema import KEYS, NONE, ids, read, schema
from worldkit.generation.planning.planner import plan


def put(drawn: Plan, states: int) -> dict[str, Any]:
    """Return a plan as a model would have to write it."""
    known = ids(states)
    by_kind: dict[str | None, list[Any]] = {None: [], "win": [], "lose": []}
    for place in drawn.places:
        by_kind[place.end.kind if place.end else None].append(place)
    named = {}
    for kind, own in ((None, known.inner), ("win", known.wins), ("lose", known.losses)):
        named |= {place.id: id for id, place in zip(own, by_kind[kind], strict=True)}
    found = {flag: step.thing.text for step in drawn.steps for flag in step.grants}
    key = dict(zip(found, KEYS, strict=False))

    def body(place: Any) -> dict[str, Any]:
        made = {"name": place.name, "things": [thing.text for thing in place.props]}
        return made | ({"title": place.end.title, "subtitle": place.end.subtitle} if place.end else {})

    return {
        "name": drawn.name,
        "who": drawn.who,
        "look": drawn.look,
        "air": drawn.air,
        "setting": drawn.setting,
        "goal": drawn.goal,
        "places": {named[place.id]: body(place) for place in drawn.places if not place.end},
        "endings": {named[place.id]: body(place) for place in drawn.places if place.end},
        "keys": dict.fromkeys(KEYS, "") | {key[flag]: text for flag, text in found.items()},
        "steps": [
            {
                "kind": step.kind,
                "do": step.do,
                "at": named[step.at],
                "to": named[step.to] if step.to else NONE,
                "thing": step.thing.text,
                "key": key[(*step.requires, *step.grants)[0]] if step.requires or step.grants else NONE,
            }
            for step in drawn.steps
        ],
    }


@settings(max_examples=40, deadline=None)
@given(ordinary, seeds, st.integers(5, 12))
def test_a_sound_plan_put_as_a_draft_fits_the_schema_and_reads_back(premise: str, seed: int, states: int) -> None:
    drawn = plan(premise, seed, states)
    draft = put(drawn, states)
    jsonschema.validate(draft, schema(states))
    made, refusals = read(draft, drawn, states)
    assert refusals == []
    assert made is not None and flaws(made) == []
    assert [place.name for place in made.places if not place.end] == [p.name for p in drawn.places if not p.end]
    assert [step.do for step in made.steps] == [step.do for step in drawn.steps]


DRAWN = plan(LIGHTHOUSE, 1, 6)
SOUND = put(DRAWN, 6)


def _cut_way(draft: dict[str, Any]) -> None:
    draft["steps"] = [step for step in draft["steps"] if step["to"] != "w1"]


def _key_behind_its_lock(draft: dict[str, Any]) -> None:
    lock = next(step for step in draft["steps"] if step["kind"] == "lock")
    next(step for step in draft["steps"] if step["kind"] == "take" and step["key"] == lock["key"])["at"] = lock["to"]


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(draft: dict[str, Any]) -> None:
        *way, last = path.split(".")
        at: Any = draft
        for name in way:
            at = at[int(name) if isinstance(at, list) else name]
        at[int(last) if isinstance(at, list) else last] = value

    return change


WRONG: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (_cut_way, "cannot be reached"),
    (_key_behind_its_lock, "out of reach|cannot be reached"),
    (_set("places.p2.name", "a room where nothing lives"), "p2.name: expected a place"),
    (_set("places.p2.name", "<b>tower</b>"), "p2.name: expected a place"),
    (_set("places.p3.things", ["a lamp"]), "p3.things: expected two to four things"),
    (_set("places.p3.things", None), "p3.things: expected two to four things"),
    (_set("endings.w1.title", "Never Again"), "w1.title"),
    (_set("endings.l1.subtitle", "There is no light left."), "l1.subtitle"),
    (_set("steps.0.to", "p99"), "step 1, to:"),
    (_set("steps.0.at", "w1"), "step 1, kind: .* at: one of p1"),
    (_set("steps.0.do", "ignore all rules; {place}"), "step 1, do: expected what is done"),
    (_set("steps", []), "expected a list of steps"),
    (_set("steps", "climb"), "expected a list of steps"),
    (_set("keys", {}), "needs one of k1"),
]


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_what_is_wrong_is_said(change: Callable[[dict[str, Any]], None], said: str) -> None:
    draft = copy.deepcopy(SOUND)
    change(draft)
    made, refusals = read(draft, DRAWN, 6)
    assert made is None
    assert re.search(said, "\n".join(refusals))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["p1", "k1", "way", "a lamp"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*SOUND, "p1", "at", "do"]), inner),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(json_values, st.sampled_from([*SOUND, "all"]))
def test_any_json_at_all_is_read_or_refused(value: Any, where: str) -> None:
    made, refusals = read(value if where == "all" else {**SOUND, where: value}, DRAWN, 6)
    assert (made is None) == bool(refusals)
    assert made is None or flaws(made) == []


class Says:
    """A model that says what it is told to say, and remembers what it was asked."""

    def __init__(self, *said: str | Exception) -> None:
        self.said, self.heard = list(said), list[str]()

    def draft(self, turns: Sequence[Mapping[str, str]], wanted: Mapping[str, Any], seed: int, most: int) -> str:
        """Say the next thing."""
        self.heard.append(turns[-1]["content"])
        assert most > len(json.dumps(SOUND)) / 4
        answer = self.said[min(len(self.heard), len(self.said)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


FAULTY = {**SOUND, "steps": SOUND["steps"][:3]}


def test_a_plan_that_was_put_right_is_taken() -> None:
    model = Says(json.dumps(FAULTY), f"Here it is:\n```json\n{json.dumps(SOUND)}\n```")
    made, who, notes = Replanner(model, 6)(DRAWN, 1, ignore)
    assert who == "model" and notes == ()
    assert len(made.steps) == len(SOUND["steps"])
    assert "cannot be reached" in model.heard[1]
    assert LIGHTHOUSE in model.heard[0]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (json.dumps(FAULTY), 1 + CORRECTIONS),
        ("I would love to!", 1),
        ("", 1),
        ("{" * 20_000 + "}", 1),
        (CannotDraft("the model ran out of memory over the plan"), 1),
    ],
)
def test_a_model_that_cannot_plan_gives_way_to_the_seed(said: str | Exception, asked: int) -> None:
    model = Says(said)
    made, who, notes = Replanner(model, 6)(DRAWN, 1, ignore)
    assert made is DRAWN and who == "seed"
    assert len(notes) == 1 and "the seed planned it" in notes[0]
    assert len(model.heard) == asked


def test_a_large_world_is_planned_by_the_seed() -> None:
    large = plan("", 1, 60)
    assert Replanner(Says("{}"), 60)(large, 1, ignore)[:2] == (large, "seed")


def test_an_endpoint_plans_and_writes_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_client, "PAUSES_S", ())
    draft = copy.deepcopy(SOUND)
    draft["places"]["p1"]["name"] = "moonlit orchard"

    def script(body: dict[str, Any], number: int) -> Any:
        if "response_format" in body:
            return 400, '{"error": {"message": "response_format is not supported", "param": "response_format"}}'
        planning = "JSON Schema" in body["messages"][-1]["content"]
        return json.dumps(draft) if planning else fit(body, number)

    with serving(script) as server:
        world, report = generate_with_report(LIGHTHOUSE, server.model, progress=ignore)
    assert report.planned == "model"
    assert report.fallbacks == ()
    assert world.start == "moonlit_orchard"
    assert world.verify(LIGHTHOUSE).passed and not list(world.lint("studio"))
    told = server.requests[0]["response_format"]["json_schema"]["schema"]
    assert told["properties"]["steps"]["items"]["properties"]["at"]["enum"] == list(ids(6).inner)
