"""A rule that finds very much lists its first findings and counts the rest; nothing else depends on the list."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.house import event, move, with_event, with_events
from worldkit import Diagnostic, Diagnostics, Item, RuleViolation, World, build
from worldkit.reporting.lint_sarif import Located, sarif
from worldkit.ruleset import MAX_FINDINGS, RULES, all_found, fix_ops, lint
from worldkit.ruleset.rules import MAX_FINDINGS_LENGTH, Found

Json = dict[str, Any]
ERROR_COUNT = 3 * MAX_FINDINGS


def _slivers(count: int) -> World:
    return World.from_dict(with_events(*(event(name=f"look {n}", anchor={"label": "lamp"}) for n in range(count))))


def _of(world: World, rule: str) -> list[Diagnostic]:
    return [diagnostics for diagnostics in lint(world) if diagnostics.lint == rule]


@pytest.mark.parametrize(
    "count", [0, 1, MAX_FINDINGS - 1, MAX_FINDINGS, MAX_FINDINGS + 1, MAX_FINDINGS + 2, ERROR_COUNT]
)
def test_all_findings_are_counted_and_the_first_are_listed(count: int) -> None:
    world = _slivers(count)
    diagnostics = _of(world, "sliver-evidence")
    assert sum(one.count for one in diagnostics) == count == lint(world).warnings.total
    single_findings = [one for one in diagnostics if one.count == 1]
    assert [one.item.id for one in single_findings] == [f"look {n}" for n in range(len(single_findings))]
    assert len(single_findings) == (count if count <= MAX_FINDINGS + 1 else MAX_FINDINGS)
    if count > MAX_FINDINGS + 1:
        rest = diagnostics[-1]
        assert rest.severity == "warning" and rest.item == Item("world") and rest.path == "world"
        assert f"{count - MAX_FINDINGS:,} more like these" in rest.message


def test_counts_hold_by_severity_and_errors_stay_true_beyond_the_list() -> None:
    dangling = [move(name=f"go {n}", at=["hall"], to="nowhere") for n in range(ERROR_COUNT)]
    diagnostics = lint(World.from_dict(with_events(*dangling)))
    assert diagnostics.counts == {"error": ERROR_COUNT, "warning": len(diagnostics.warnings), "info": 0}
    assert diagnostics.errors.total == ERROR_COUNT and diagnostics.total == ERROR_COUNT + len(diagnostics.warnings)
    assert len(diagnostics.errors) == MAX_FINDINGS + 1
    assert (
        f"{ERROR_COUNT - MAX_FINDINGS} more" in str(diagnostics)
        and f"{ERROR_COUNT - MAX_FINDINGS} more" in diagnostics._repr_html_()
    )


def test_a_finding_that_stands_for_many_says_so_in_json_and_in_sarif() -> None:
    rest = _of(_slivers(ERROR_COUNT), "sliver-evidence")[-1]
    assert rest.to_dict()["count"] == ERROR_COUNT - MAX_FINDINGS
    assert "count" not in lint(_slivers(1))[0].to_dict()
    (result,) = sarif([Located("a.world.json", rest)], list(RULES.values()))["runs"][0]["results"]
    assert result["occurrenceCount"] == ERROR_COUNT - MAX_FINDINGS


def test_fixed_mends_what_is_not_listed_too() -> None:
    world = _slivers(ERROR_COUNT)
    assert _of(lint(world).fixed(), "sliver-evidence") == []
    rest = _of(world, "sliver-evidence")[-1]
    ops = fix_ops(world, rest)
    assert ops is not None and len(ops) == ERROR_COUNT
    assert _of(world.apply(ops), "sliver-evidence") == []


def test_fixed_mends_only_what_it_is_given() -> None:
    world = _slivers(ERROR_COUNT)
    world_after = Diagnostics(lint(world)[:3], world).fixed()
    assert sum(one.count for one in _of(world_after, "sliver-evidence")) == ERROR_COUNT - 3


def test_a_strict_batch_is_refused_for_an_error_that_no_list_shows() -> None:
    dangling = [move(name=f"go {n}", at=["hall"], to="nowhere") for n in range(ERROR_COUNT)]
    world = World.from_dict(with_events(*dangling))
    bad = move(name="one more", at=["hall"], to="nowhere")
    with pytest.raises(RuleViolation) as error:
        world.apply([{"op": "put_event", "event": bad, "force": True}], strict=True)
    assert [diagnostics.item.id for diagnostics in error.value.diagnostics] == ["one more"]
    front = {"op": "put_event", "event": event(name="first"), "at": 0}
    assert world.apply([front], strict=True).events[0].name == "first"


def test_a_long_name_is_not_repeated_for_every_finding_about_it() -> None:
    name = "n" * 200_000
    world = World.from_dict(with_event(name=name, at=[f"gone {n}" for n in range(ERROR_COUNT)]))
    diagnostics = _of(world, "dangling-ref")
    assert sum(one.count for one in diagnostics) == ERROR_COUNT
    assert len(json.dumps([one.to_dict() for one in diagnostics])) < 4 * (MAX_FINDINGS_LENGTH + 2 * len(name))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 40_000), max_size=MAX_FINDINGS + 5))
def test_listing_loses_no_finding_and_stays_small(sizes: list[int]) -> None:
    diagnostics = [Found("m" * size, "event", str(n)) for n, size in enumerate(sizes)]
    listing = list(RULES["negation"].listed(diagnostics))
    assert sum(one.count for one in listing) == len(diagnostics)
    assert [one.message for one in listing if one.count == 1] == [
        one.message for one in diagnostics[: sum(one.count == 1 for one in listing)]
    ]
    assert len(listing) <= MAX_FINDINGS + 1
    assert sum(len(one.message) for one in listing) <= MAX_FINDINGS_LENGTH + 2 * 40_000 + 100


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab"), st.floats(0, 1), st.floats(0, 1)), max_size=12))
def test_a_way_back_overlaps_exactly_with_the_ways_out_that_end_where_it_begins(
    ways: list[tuple[str, str, float, float]],
) -> None:
    events = [
        {
            "name": f"{n}",
            "kind": "transition",
            "from": [source],
            "to": target,
            "base": "On.",
            "landWhen": {"minLuminance": low, "maxLuminance": high},
        }
        for n, (source, target, low, high) in enumerate(ways)
    ]
    world = World.from_dict({"scene": {"states": {"a": {"base": "A."}, "b": {"base": "B."}}, "events": events}})
    overlapping = {
        str(n): sum(source != target and (a, b) == (target, source) and high >= low for a, b, low, _ in ways)
        for n, (source, target, _, high) in enumerate(ways)
    }
    diagnostics = {one.id: one.message for rule, one in all_found(world) if rule.id == "luminance-overlap"}
    assert diagnostics.keys() == {name for name, count in overlapping.items() if count}
    for name, message in diagnostics.items():
        count = overlapping[name]
        assert ("the way out" if count == 1 else f"{count} ways out") in message


def test_a_long_path_is_broken_in_a_narrow_cell_and_stays_text() -> None:
    html = lint(World.from_dict(with_event(name="look_<b>_around", anchor={"label": "lamp"})))._repr_html_()
    assert "<wbr>[look_<wbr>&lt;b&gt;_<wbr>around]<wbr>.anchor<wbr>.minProximity" in html and "<b>" not in html


def test_findings_that_say_the_same_of_many_places_are_told_together() -> None:
    with build("Rooms") as b:
        for number in range(6):
            b.state(f"room{number}", "A room with no window." if number else "A hall.")
    told = repr(b.world.lint())
    alike = [line for line in told.splitlines() if "negation" in line or "the same of" in line]
    assert alike[0].startswith("warning state[room1].base: found") and len(alike[:2]) == 2
    same = "        the same of 4 more: state[room2].base, state[room3].base, state[room4].base, state[room5].base"
    assert alike[1] == same
    assert len(b.world.lint().of("warning")) >= 10, "each is in the list"
