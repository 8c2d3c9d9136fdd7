"""The server answers what schema/conformance/api.json says, and that file speaks of every call of the specification."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import worldkit as wk
from tests.server.conformance import ABSENT, ADMIN_TOKEN, ANY, CASES, client_of, play, unlike
from tests.server.running import Revised, Running, Seer, quick, running
from worldkit.server.generator import ModelGenerator

CALLS = """
POST /v1/worlds; GET /v1/jobs/{id}; DELETE /v1/jobs/{id}
GET /v1/worlds; GET /v1/worlds/{id}; PATCH /v1/worlds/{id}; DELETE /v1/worlds/{id}
POST /v1/worlds/{id}/forks; GET /v1/worlds/{id}/scene; GET /v1/worlds/{id}/states; GET /v1/worlds/{id}/events
GET /v1/worlds/{id}/states/{sid}; GET /v1/worlds/{id}/events/{name}; POST /v1/worlds/{id}/states
PATCH /v1/worlds/{id}/states/{sid}; DELETE /v1/worlds/{id}/states/{sid}; POST /v1/worlds/{id}/events
PATCH /v1/worlds/{id}/events/{name}; DELETE /v1/worlds/{id}/events/{name}; PATCH /v1/worlds/{id}/entrance
POST /v1/worlds/{id}/ops; POST /v1/worlds/{id}/validate; POST /v1/worlds/{id}/lint; POST /v1/worlds/{id}/edit
POST /v1/worlds/{id}/versions; GET /v1/worlds/{id}/versions; GET /v1/worlds/{id}/versions/{vid}
PATCH /v1/worlds/{id}/versions/{vid}; DELETE /v1/worlds/{id}/versions/{vid}
GET /v1/worlds/{id}/versions/{a}/diff/{b}; POST /v1/worlds/{id}/checkout; POST /v1/sessions/token
POST /v1/sessions/connect; POST /v1/sessions/refresh; POST /v1/sessions/track; POST /v1/sessions/end
POST /v1/apps; GET /v1/apps; PATCH /v1/apps/{id}; POST /v1/apps/{id}/keys; GET /v1/apps/{id}/keys
POST /v1/apps/{id}/keys/{kid}/revoke; POST /v1/apps/{id}/webhooks; GET /v1/apps/{id}/webhooks
DELETE /v1/apps/{id}/webhooks/{wid}; POST /v1/apps/{id}/webhooks/{wid}/delete
POST /v1/perceive; POST /v1/ground/objects; POST /v1/seed-frame; GET /v1/usage
""".replace("\n", ";")


class Colder:
    """Generates from templates, and follows every instruction by the same words."""

    def generate(self, premise: str, seed: int, progress: Callable[[int, int, str], None]) -> wk.World:
        """Return a world of templates."""
        return ModelGenerator("templates").generate(premise, seed, progress)

    def revise(self, world: wk.World, instruction: str, progress: Callable[[int, int, str], None]) -> Any:
        """Make the first state cold."""
        op = {"op": "set_field", "state": next(iter(world.states)), "field": "base", "value": "Frost on pale stone."}
        return Revised([op], "It is colder now.")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = quick(
        tmp_path_factory.mktemp("full") / "w.db", generator=Colder(), vision=Seer(), admin_token=ADMIN_TOKEN
    )
    with running(settings) as here:
        yield here


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_server_answers_as_written(full: Running, case: dict[str, Any]) -> None:
    play(case, client_of(full, case))


def test_every_call_of_the_contract_is_spoken_of_with_an_answer() -> None:
    calls = [call.strip() for call in CALLS.split(";") if call.strip()]
    patterns = {
        call: re.compile(re.sub(r"\{\w+\}", "[^/?]+", call.replace("?", "\\?")) + r"(\?.*)?\Z") for call in calls
    }
    call_names = {
        call
        for call, pattern in patterns.items()
        for case in CASES
        for step in case["steps"]
        if step["response"]["status"] < 300 and pattern.match(f"{step['request']['method']} {step['request']['path']}")
    }
    assert set(calls) - call_names == set() and len(calls) == 50


def test_every_route_is_a_call_of_the_contract_or_documented(full: Running) -> None:
    api = full.client(None).get("/openapi.json").json()
    routes = {f"{method.upper()} {path}" for path, at in api["paths"].items() for method in at}
    calls = {call.strip() for call in CALLS.split(";") if call.strip()}
    assert calls <= routes and routes - calls == {"POST /v1/sessions/revoke", "GET /healthz"}


def test_what_does_not_match_is_found() -> None:
    assert unlike({"a": [1, ANY], "c": ABSENT}, {"a": [1, 2], "b": 3}) is None
    assert unlike({"a": "{{uuid}}"}, {"a": "0a0a0a0a-0000-4000-8000-0123456789ab"}) is None
    for expected, actual in (
        ({"a": 1}, {}),
        ([1], [1, 2]),
        (1, True),
        (1, 1.0),
        ({"a": 1}, []),
        ({"a": ANY}, {}),
        ({"a": ABSENT}, {"a": None}),
    ):
        assert unlike(expected, actual) is not None
