"""After an edit only what it can have changed is checked again, and the findings are those of a full lint."""

from __future__ import annotations

import contextlib
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.edit.ops_strategy import operations, rich_documents
from tests.effort import seeds
from tests.export.worlds import move, tangle
from tests.rules.spoiled import spoiled_documents
from worldkit import World, WorldError
from worldkit.core.profile import HOSTED, STUDIO, Profile
from worldkit.ruleset import RULES, lint
from worldkit.ruleset.change import change_between
from worldkit.ruleset.checked_world import CheckedWorld
from worldkit.ruleset.index import Index
from worldkit.samples import load, names

pytestmark = pytest.mark.seeds

Json = dict[str, Any]
profiles = st.sampled_from([HOSTED, STUDIO])


def assert_equal_to_lint(checker: CheckedWorld, world: World, profile: Profile) -> None:
    expected = lint(world, profile)
    assert [finding.to_dict() for finding in checker.diagnostics] == [finding.to_dict() for finding in expected]


@settings(max_examples=150, deadline=None)
@given(rich_documents() | spoiled_documents(), profiles, st.data())
def test_random_edits_give_the_findings_of_a_full_lint(document: Json, profile: Profile, data: st.DataObject) -> None:
    world = World.from_dict(document)
    checker = CheckedWorld(world, profile)
    assert_equal_to_lint(checker, world, profile)
    for _ in range(6):
        try:
            world = world.apply([data.draw(operations(world.to_dict()))])
        except WorldError:
            continue
        checker = checker.after(world)
        assert_equal_to_lint(checker, world, profile)


def random_edit(pick: random.Random, world: World, number: int) -> list[Json]:
    """Return an edit that sets or settles findings: of texts, ends, endings, flags, names, keys, evidence, order."""
    state, other = pick.choice(list(world.states)), pick.choice(list(world.states))
    event = pick.choice(world.events).name
    text = pick.choice(["A stair.", "No people.", "x " * 1000, "A blinding light."])
    place = pick.randrange(len(world.events))
    broken_event = move(world.events[place].name, state, "nowhere")
    evidence = {pick.choice(["minLuminance", "maxLuminance"]): pick.random(), "auto": pick.random() < 0.3}
    patch = pick.choice(
        [
            {"to": other},
            {"to": "cut"},
            {"requires": [pick.choice("abc")]},
            {"grants": [pick.choice("abc")]},
            {"hotkey": pick.choice("efgw")},
            {"landWhen": evidence},
            {"hidden": True},
            {"detail": text},
            {"kind": "override", "to": None},
        ]
    )
    sequence = {"id": f"s{number}", "title": "A walk", "beats": [{"state": state}, {"state": other}]}
    return pick.choice(
        [
            [{"op": "set_field", "state": state, "field": "base", "value": text}],
            [{"op": "update_event", "name": event, "patch": patch}],
            [{"op": "update_event", "name": event, "patch": patch}],
            [{"op": "delete_state", "id": state}],
            [{"op": "delete_event", "name": event}],
            [{"op": "add_state", "id": f"new {number}", "state": {"base": text}}],
            [{"op": "add_event", "event": move(f"way {number}", [state, other], pick.choice([other, state]))}],
            [{"op": "rename_state", "from": state, "to": f"renamed {number}"}],
            [{"op": "set_state_ending", "state": state, "kind": pick.choice(["win", "lose"]), "title": "The end"}],
            [{"op": "set_entrance", "state": other}],
            [{"op": "add_sequence", "sequence": sequence}],
            [{"op": "delete_event", "name": broken_event["name"]},
             {"op": "put_event", "at": place, "event": broken_event, "force": True}],
            [{"op": "set_subject", "subject": pick.choice(["a fox", None])}],
        ]
    )  # fmt: skip


@pytest.mark.parametrize("profile", [HOSTED, STUDIO], ids=["hosted", "studio"])
@pytest.mark.parametrize("seed", range(seeds(4, share=2)))
def test_a_long_series_of_edits_of_a_larger_world_gives_the_findings_of_a_full_lint(
    seed: int, profile: Profile
) -> None:
    pick = random.Random(seed)
    document = tangle(150, 400, seed).to_dict()
    document["cutscenes"] = [{"id": "cut", "from": "s1", "to": "s2", "video": "a.mp4"}]
    world = World.from_dict(document)
    checker = CheckedWorld(world, profile)
    edit_count = follow_count = 0
    for number in range(120):
        try:
            after = world.apply(random_edit(pick, world, number))
        except WorldError:
            continue
        follow_count += change_between(Index(world, profile), Index(after, profile)) is not None
        edit_count, world = edit_count + 1, after
        checker = checker.after(world)
        assert_equal_to_lint(checker, world, profile)
    assert edit_count > 60 and follow_count > edit_count // 2


@pytest.mark.parametrize("name", names())
def test_deleting_any_state_of_a_sample_gives_the_findings_of_a_full_lint(name: str) -> None:
    world = load(name)
    checker = CheckedWorld(world)
    for id in list(world.states)[:20]:
        after = world.apply([{"op": "delete_state", "id": id}])
        assert_equal_to_lint(checker.after(after), after, HOSTED)


def test_an_event_that_moves_in_the_list_moves_in_the_findings() -> None:
    document = tangle(60, 120).to_dict()
    events = document["scene"]["events"]
    for place in (5, 40, 100):
        events[place]["base"] = "No people."
    world = World.from_dict(document)
    name = events[5]["name"]
    after = world.apply(
        [
            {"op": "delete_event", "name": name},
            {"op": "put_event", "at": 60, "event": events[5]},
        ]
    )
    assert [event.name for event in after.events].index(name) == 60
    assert_equal_to_lint(CheckedWorld(world).after(after), after, HOSTED)


def test_what_can_be_reached_follows_edits_of_a_large_world() -> None:
    for seed in range(seeds(6)):
        pick = random.Random(seed)
        world = tangle(200, 260, seed)
        checker = CheckedWorld(world)
        for number in range(40):
            state, other = pick.choice(list(world.states)), pick.choice(list(world.states))
            event = pick.choice(world.events).name
            edit = pick.choice(
                [
                    {"op": "delete_state", "id": state},
                    {"op": "delete_event", "name": event},
                    {"op": "update_event", "name": event, "patch": {"to": other}},
                    {"op": "add_event", "event": move(f"way {number}", [state, other], pick.choice([other, state]))},
                    {"op": "set_state_ending", "state": state, "kind": "win", "title": "The end"},
                ]
            )
            with contextlib.suppress(WorldError):
                world = world.apply([edit])
            checker = checker.after(world)
            assert_equal_to_lint(checker, world, HOSTED)


def test_a_check_leaves_the_one_before_as_it_was() -> None:
    world = load("lighthouse")
    checker = CheckedWorld(world)
    before = checker.diagnostics.to_list()
    checker.after(world.apply([{"op": "delete_state", "id": "kitchen"}]))
    assert checker.diagnostics.to_list() == before


def test_an_edit_of_prose_checks_only_the_state_and_the_events_at_it() -> None:
    world = tangle(500, 1000)
    after = world.apply([{"op": "set_field", "state": "s7", "field": "base", "value": "A stair."}])
    change = change_between(Index(world), Index(after))
    assert change is not None
    assert {event.name for event in change.events} == {
        event.name for event in world.events if "s7" in (event.to, *event.from_)
    }
    assert len(change.states) < 10


def test_every_rule_says_what_its_findings_depend_on() -> None:
    for rule in RULES.values():
        assert rule.parts, rule.id
        assert all(part.scope != "whole" for part in rule.parts), rule.id
