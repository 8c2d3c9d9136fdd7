"""The tests give the same answer each time, and search at random when asked."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import EXAMPLE_DIVISOR, PROFILE

PROFILES = {"repeatable": True, "random": False}


def settings_of(item: pytest.Item) -> settings | None:
    """Return the settings of a property test or of a state machine, None for any other test."""
    test = getattr(item, "obj", None)
    if machine := getattr(item, "cls", None):
        return getattr(machine, "settings", None)
    return (
        getattr(test, "_hypothesis_internal_use_settings", settings.default)
        if item.get_closest_marker("hypothesis")
        else None
    )


def test_every_property_test_follows_the_profile(request: pytest.FixtureRequest) -> None:
    derandomize = PROFILES[PROFILE]
    every = {item.nodeid: options for item in request.session.items if (options := settings_of(item))}
    assert {name for name, options in every.items() if options.derandomize is not derandomize} == set()


def test_no_property_test_fails_because_the_machine_is_busy(request: pytest.FixtureRequest) -> None:
    every = {item.nodeid: options for item in request.session.items if (options := settings_of(item))}
    assert {name for name, options in every.items() if options.deadline is not None} == set()
    assert {
        name for name, options in every.items() if HealthCheck.too_slow not in options.suppress_health_check
    } == set()


@settings(max_examples=90)
@given(st.integers())
def test_a_property_test_takes_the_share_of_its_examples_that_the_profile_says(number: int) -> None:
    test = test_a_property_test_takes_the_share_of_its_examples_that_the_profile_says
    assert test._hypothesis_internal_use_settings.max_examples == 90 // EXAMPLE_DIVISOR  # type: ignore[attr-defined]
