"""What holds for lint and its fixes whatever the world."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.spoiled import spoiled_documents
from tests.strategies import documents
from worldkit import Diagnostic, World
from worldkit.core.profile import HOSTED, STUDIO, Profile
from worldkit.playing import machine
from worldkit.playing.transition_table import table_of
from worldkit.ruleset import RULES, Index, errors_of, fix_ops, lint
from worldkit.ruleset.fixing import apply_fixes
from worldkit.ruleset.play_gate import play_blockers

Json = dict[str, Any]
FIXABLE = {rule.id for rule in RULES.values() if rule.fix is not None}
modest = settings(max_examples=60, deadline=None)
profiles = st.sampled_from([HOSTED, STUDIO])


def _exists(world: World, diagnostics: Diagnostic) -> bool:
    item = diagnostics.item
    ids_by_kind = {
        "state": set(world.states),
        "event": set(world.events_by_name),
        "cutscene": set(world.cutscenes_by_id),
        "sequence": {piece.id for piece in world.sequences or ()},
        "mission": {mission.id for mission in world.missions or ()},
    }
    return item.id == "" if item.kind == "world" else item.id in ids_by_kind[item.kind]


@modest
@given(documents())
def test_lint_never_fails_on_a_world_that_hangs_together(document: Json) -> None:
    world = World.from_dict(document)
    assert all(d.lint in RULES and _exists(world, d) for d in lint(world))


@modest
@given(spoiled_documents(), profiles)
def test_lint_never_fails_and_names_what_exists_or_the_world(document: Json, profile: Profile) -> None:
    world = World.from_dict(document)
    for diagnostics in lint(world, profile):
        assert _exists(world, diagnostics)
        if diagnostics.severity != RULES[diagnostics.lint].severity_in(profile):
            # kernel.allow lowers what it names
            assert diagnostics.severity == "info" and json.dumps(diagnostics.lint) in json.dumps(document["kernel"])
        assert diagnostics.message and "\n" not in diagnostics.message


@modest
@given(spoiled_documents())
def test_lint_is_deterministic_and_in_the_order_of_the_rules(document: Json) -> None:
    world = World.from_dict(document)
    diagnostics = lint(world)
    assert diagnostics == lint(World.from_dict(document))
    order = list(RULES)
    assert [d.lint for d in diagnostics] == sorted((d.lint for d in diagnostics), key=order.index)


@modest
@given(spoiled_documents(), profiles)
def test_fixing_leaves_nothing_to_fix_and_is_idempotent(document: Json, profile: Profile) -> None:
    world = World.from_dict(document)
    diagnostics = lint(world, profile)
    world_after = diagnostics.fixed()
    again = lint(world_after, profile)
    assert [d for d in again if d.fixable] == []
    assert again.fixed() is world_after
    assert apply_fixes(world_after, diagnostics, profile) == world_after


@modest
@given(spoiled_documents(), profiles)
def test_a_fix_brings_nothing_new(document: Json, profile: Profile) -> None:
    diagnostics = lint(World.from_dict(document), profile)
    before = {d.lint for d in diagnostics}
    assert {d.lint for d in lint(diagnostics.fixed(), profile)} <= before


@modest
@given(spoiled_documents(), profiles)
def test_the_operations_of_a_fix_settle_each_finding_one_by_one(document: Json, profile: Profile) -> None:
    world = World.from_dict(document)
    while finding := next((d for d in lint(world, profile) if d.fixable), None):
        before = lint(world, profile).total
        world = world.apply(finding.fix())
        assert lint(world, profile).total < before


@modest
@given(spoiled_documents())
def test_what_the_studio_calls_an_error_is_at_least_advice_in_hosted_and_what_blocks_play_is_an_error_in_both(
    document: Json,
) -> None:
    world = World.from_dict(document)
    blockers = {(d.lint, d.item) for d in play_blockers(world)}
    assert {lint_id for lint_id, _ in blockers} <= {d.lint for d in lint(world).errors} | {"no-entrance"}
    assert {(d.lint, d.item) for d in play_blockers(world, "studio")} == {
        (d.lint, d.item) for d in lint(world, STUDIO).errors
    }
    assert {(d.lint, d.item) for d in errors_of(world)} == {(d.lint, d.item) for d in lint(world).errors}


@modest
@given(spoiled_documents())
def test_what_lint_calls_unreachable_is_what_play_cannot_enter_with_every_flag_held(document: Json) -> None:
    world = World.from_dict(document)
    table = table_of(world)
    ids, waiting = set(), [table.start]
    while waiting:
        here = waiting.pop()
        if here in ids:
            continue
        ids.add(here)
        if here in table.endings:
            continue
        waiting += [action.target for action in table.by_state[here] if action.target is not None]
        for walk in table.sequences.get(here, ()):
            waiting += [beat.state for beat in machine.reached_beats(table, walk)]
    index = Index(world)
    assert index.reachable == ids
    assert [d.item.id for d in lint(world) if d.lint == "unreachable-state"] == index.unreachable


@modest
@given(spoiled_documents())
def test_the_index_lands_where_the_world_lands(document: Json) -> None:
    world = World.from_dict(document)
    index = Index(world)
    assert index.landings == [world.landing(event.to) for event in index.transitions]


@pytest.mark.parametrize("rule", sorted(FIXABLE))
def test_fix_ops_are_none_for_rules_without_a_fix(rule: str) -> None:
    assert RULES[rule].fix is not None
    world = World.from_dict({"scene": {"states": {}, "events": []}})
    unfixable = next(d for d in lint(world) if d.lint == "no-ending")
    assert fix_ops(world, unfixable) is None
