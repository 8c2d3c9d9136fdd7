"""Deep lint: what only exhaustive play sees, said as diagnostics, and nothing said twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

import worldkit as wk
from tests.lighthouse import CIRCULAR_WORLD, ROPELESS_WORLD, STUCK_WORLD
from tests.rules.spoiled import spoiled_documents
from worldkit import Budget
from worldkit.rules import DEEP_RULES, RULES, lint


def deep(world: wk.World, **options: Any) -> list[wk.Diagnostic]:
    """Return what deep lint adds to plain lint."""
    plain, diagnostic = world.lint(), world.lint(deep=True, **options)
    assert list(diagnostic[: len(plain)]) == list(plain)
    return list(diagnostic[len(plain) :])


def lint_and_item_ids(world: wk.World) -> list[tuple[str, str]]:
    return [(diagnostic.lint, diagnostic.item.id) for diagnostic in deep(world)]


@pytest.mark.parametrize("name", ["archive", "bench", "delivery", "lighthouse"])
def test_sound_worlds_have_nothing_added(name: str) -> None:
    assert deep(wk.samples.load(name)) == []


def test_a_soft_lock_names_its_cause_and_what_is_missing() -> None:
    (diagnostic,) = [diagnostic for diagnostic in deep(STUCK_WORLD) if diagnostic.lint == "soft-lock"]
    assert (diagnostic.severity, diagnostic.item.kind, diagnostic.item.id) == ("warning", "event", "enter_the_tower")
    assert 'without "oil"' in diagnostic.message and 'let "enter_the_tower" require "oil"' in diagnostic.message


def test_a_circle_of_keys_names_the_events_of_the_circle_and_softly_what_follows() -> None:
    diagnostic = deep(CIRCULAR_WORLD)
    dead = [one for one in diagnostic if one.lint == "dead-event"]
    assert {one.item.id for one in dead} == {"fill_a_carrying_can", "light_the_lamp"}
    assert {one.item.id for one in diagnostic if one.lint == "unreachable-ending"} == {
        "steamer_turns",
        "two_cups",
        "under_the_tide",
    }
    far = [one for one in diagnostic if one.lint == "never-offered"]
    assert "call_to_the_old_man" in {one.item.id for one in far}
    assert {one.severity for one in far} == {"info"}


def test_what_plain_lint_says_is_not_said_again() -> None:
    # the rope nobody grants is plain lint's unreachable-require; the ending behind it only play sees
    assert lint_and_item_ids(ROPELESS_WORLD) == [("unreachable-ending", "two_cups")]
    # nothing leads to the reef any more: plain lint's unreachable-state says so of that ending
    assert ("unreachable-ending", "on_the_teeth") not in lint_and_item_ids(STUCK_WORLD)


def test_a_dead_end_is_named() -> None:
    world = wk.load(
        {
            "entrance": {"state": "a"},
            "scene": {
                "states": {
                    "a": {"base": "A lane."},
                    "b": {"base": "A yard."},
                    "c": {"base": "A gate.", "ending": {"kind": "win", "title": "Out"}},
                },
                "events": [
                    {"name": "in", "kind": "transition", "from": ["a"], "to": "b"},
                    {"name": "out", "kind": "transition", "from": ["a"], "to": "c"},
                ],
            },
        }
    )
    assert lint_and_item_ids(world) == [("dead-end", "b")]


def test_what_was_not_decided_is_an_information() -> None:
    diagnostic = deep(wk.samples.load("archive"), budget=Budget(nodes=1, seconds=1e-9, memory=1))
    assert {one.lint for one in diagnostic} == {"not-decided"}
    assert {one.severity for one in diagnostic} == {"info"}


def test_a_world_without_states_has_nothing_added() -> None:
    assert deep(wk.load({"scene": {"states": {}, "events": []}})) == []


def test_deep_rules_never_block_play_and_stand_apart_from_the_plain_ones() -> None:
    assert not set(DEEP_RULES) & set(RULES)
    assert all(rule.severity != "error" and rule.fix is None for rule in DEEP_RULES.values())
    assert all(rule.title and rule.explanation.endswith(".") and rule.check.__doc__ for rule in DEEP_RULES.values())
    assert [one.lint for one in STUCK_WORLD.lint("studio")] == ["unreachable-state"]


@settings(max_examples=60, deadline=None)
@given(spoiled_documents())
def test_every_event_that_can_never_fire_is_spoken_for(document: dict[str, Any]) -> None:
    world = wk.load(document)
    diagnostic = wk.explore(world)
    diagnostics = lint(world, deep=True)
    names = {one.item.id for one in diagnostics if one.lint in ("dead-event", "never-offered")}
    assert names <= diagnostic.dead_events
    unreachable = {one.item.id for one in diagnostics if one.lint == "unreachable-state"}
    plain = {one.item.id for one in diagnostics if one.lint in ("orphan-event", "unreachable-require")}
    for name in diagnostic.dead_events - names - plain:
        sources = {id for event in world.events if event.name == name for id in event.from_ if id in world.states}
        assert sources <= unreachable
    ends = {one.item.id for one in diagnostics if one.lint == "unreachable-ending"}
    assert ends == diagnostic.unreachable_endings - unreachable
