"""Edges run as schema/conformance/geometry.json says, which the browser is held to as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scripts import load_script
from worldkit.layout.routing import routes

ROOT = Path(__file__).parents[2]
CONFORMANCE = json.loads((ROOT / "schema/conformance/geometry.json").read_text("utf-8"))
TOLERANCE = 0.01


SCRIPT = load_script("scripts/geometry.py")


def differences(actual: Any, expected: Any, path: str = "") -> list[str]:
    """Return what differs by more than the tolerance."""
    if isinstance(actual, dict) and isinstance(expected, dict) and actual.keys() == expected.keys():
        return [line for key in actual for line in differences(actual[key], expected[key], f"{path}/{key}")]
    if isinstance(actual, list) and isinstance(expected, list) and len(actual) == len(expected):
        pairs = enumerate(zip(actual, expected, strict=True))
        return [line for index, pair in pairs for line in differences(*pair, f"{path}/{index}")]
    if isinstance(actual, (int, float)) and isinstance(expected, (int, float)):
        return [] if abs(actual - expected) <= TOLERANCE else [f"{path}: {actual}, expected {expected}"]
    return [] if actual == expected else [f"{path}: {actual}, expected {expected}"]


@pytest.mark.parametrize("case", CONFORMANCE["cases"], ids=lambda case: case["title"])
def test_edges_run_as_in_the_case(case: dict[str, Any]) -> None:
    cards = {id: (x, y) for id, (x, y) in case["cards"].items()}
    actual = [SCRIPT.route_as_json(route) for route in routes(cards, [tuple(edge) for edge in case["edges"]])]
    assert differences(actual, case["routes"]) == []


def test_the_sizes_and_the_cases_are_those_of_this_version() -> None:
    message = "run scripts/geometry.py"
    assert SCRIPT.DIMENSIONS.read_text("utf-8") == SCRIPT.dimensions(), message
    assert SCRIPT.CASES.read_text("utf-8") == SCRIPT.conformance(), message


def test_the_cases_have_every_kind_of_route_ways_round_lanes_and_full_gaps() -> None:
    all_routes = [route for case in CONFORMANCE["cases"] for route in case["routes"]]
    kinds = {route["kind"] for route in all_routes}
    assert kinds == {"ahead", "back", "wrap", "down", "up", "bow", "loop", "stub"}
    assert sum(len(route["lanes"]) > 1 for route in all_routes) > 20
    assert len(CONFORMANCE["cases"]) > 48


@pytest.mark.parametrize("flip", ["x", "y"])
def test_an_edge_is_as_long_in_a_mirror(flip: str) -> None:
    """A route is decided by distances: turned round or upside down, a free edge has the same length."""
    for place in ((504, 0), (504, 300), (900, -200), (400, 60)):
        x, y = place
        mirror_image = (-x, y) if flip == "x" else (x, -y)
        lengths = [
            sum(routes({"a": (0, 0), "b": at}, [("a", "b")])[0].path.lengths)
            for at in ((float(x), float(y)), mirror_image)
        ]
        assert lengths[0] == pytest.approx(lengths[1])
