"""Plays the exchanges of schema/conformance against a server, and says what does not match."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.server.running import Running, wait_for
from worldkit.server.settings import SCOPES

FOLDER = Path(__file__).parents[2] / "schema" / "conformance"
CASES: list[dict[str, Any]] = [
    case
    for name in ("api.json", "studio_client.json", "sessions.json", "apps.json")
    for case in json.loads((FOLDER / name).read_text(encoding="utf-8"))["cases"]
]
ANY, ABSENT = "{{any}}", "{{absent}}"
PATTERNS = {
    "{{uuid}}": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"),
    "{{time}}": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z"),
}
_NAME = re.compile(r"\{\{(\w+)\}\}")


ADMIN_TOKEN = "the-user-session-of-the-tests"
"""The user session of a server that plays the cases."""


def client_of(server: Running, case: Mapping[str, Any]) -> httpx.Client:
    """Return a client of a new app, with what the case is given."""
    setup = case.get("given", {})
    keys = server.app(caps=setup.get("caps"), scopes=setup.get("scopes", SCOPES))
    credentials = {"publishable": keys.publishable_key, "user": ADMIN_TOKEN}
    return server.client(credentials.get(setup.get("key"), keys.secret))


def play(case: Mapping[str, Any], client: httpx.Client) -> None:
    """Play one case; raises ``AssertionError`` at the first answer that does not match."""
    values: dict[str, Any] = {}
    for number, step in enumerate(case["steps"]):
        request, expected = fill(step["request"], values), fill(step["response"], values)
        place = f"{case['name']}, step {number}: {request['method']} {request['path']}"

        def ask(request: dict[str, Any] = request, expected: dict[str, Any] = expected) -> httpx.Response | None:
            response = client.request(
                request["method"], request["path"], headers=request.get("headers"), json=request.get("body")
            )
            return response if not expected.get("until") or _fits(expected, response) else None

        response = wait_for(place, ask) if expected.get("until") else ask()
        assert response is not None and response.status_code == expected["status"], (
            f"{place}: {response and response.text}"
        )
        for name, value in expected.get("headers", {}).items():
            assert response.headers.get(name) == value, f"{place}: {name}"
        if "members" in expected:
            assert sorted(response.json()) == sorted(expected["members"]), f"{place}: {response.text}"
        if "body" in expected:
            assert (wrong := unlike(expected["body"], response.json())) is None, f"{place}: {wrong} in {response.text}"
        for name, where in expected.get("capture", {}).items():
            values[name] = response.json()[where]


def _fits(expected: Mapping[str, Any], response: httpx.Response) -> bool:
    return response.status_code == expected["status"] and unlike(expected["body"], response.json()) is None


def fill(value: Any, values: Mapping[str, Any]) -> Any:
    """Return a value with what was captured before in the place of its names."""
    if isinstance(value, dict):
        return {key: fill(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, values) for item in value]
    if isinstance(value, str) and value not in (ANY, ABSENT, *PATTERNS):
        return _NAME.sub(lambda match: str(values[match[1]]), value)
    return value


class _Missing:
    def __repr__(self) -> str:
        return "missing"


MISSING = _Missing()


def unlike(expected: Any, actual: Any, path: str = "body") -> str | None:
    """Return where an answer is not what was expected; an object may hold more, a list may not."""
    if expected == ANY:
        return None if actual is not MISSING else f"{path} is missing"
    if expected == ABSENT:
        return None if actual is MISSING else f"{path} is there"
    if isinstance(expected, str) and expected in PATTERNS:
        is_like = isinstance(actual, str) and PATTERNS[expected].match(actual)
        return None if is_like else f"{path} is {actual!r}, expected {expected}"
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return f"{path} is no object"
        parts = [(f"{path}.{key}", item, actual.get(key, MISSING)) for key, item in expected.items()]
    elif isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return f"{path} is no list of {len(expected)}"
        parts = [(f"{path}[{at}]", item, actual[at]) for at, item in enumerate(expected)]
    else:
        same = type(expected) is type(actual) and expected == actual
        return None if same else f"{path} is {actual!r}, expected {expected!r}"
    return next((wrong for where, item, have in parts if (wrong := unlike(item, have, where))), None)
