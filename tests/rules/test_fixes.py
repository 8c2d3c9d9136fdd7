"""The safe fixes, as operations and run for real."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.rules.house import event, house, move, with_event, with_events, without
from worldkit import Diagnostic, Item, OpError, World
from worldkit.ruleset import fix_ops, lint
from worldkit.ruleset.fixing import apply_fixes

Json = dict[str, Any]


def _ops(document: Json, lint_id: str) -> list[list[Json] | None]:
    world = World.from_dict(document)
    return [fix_ops(world, d) for d in lint(world) if d.lint == lint_id]


def _fix(document: Json) -> World:
    original = copy.deepcopy(document)
    world = World.from_dict(document)
    fixed_world = lint(world).fixed()
    assert document == original, "the world that was fixed is left as it was"
    assert world.to_dict() == original
    return fixed_world


def test_a_sliver_gets_a_proximity_and_keeps_the_rest_of_its_anchor() -> None:
    anchor = {"label": "lamp", "x": [1], "aliases": ["lantern"], "expectedAspect": {"min": 0.5, "max": 2}}
    document = with_event(anchor=anchor)
    expected = {**anchor, "minProximity": 0.15}
    assert _ops(document, "sliver-evidence") == [
        [{"op": "update_event", "name": "look", "patch": {"anchor": expected}}]
    ]
    assert _fix(document).to_dict() == with_event(anchor=expected)


def test_a_sliver_is_fixed_in_the_event_that_has_it_when_two_share_a_name() -> None:
    document = with_events(
        event(), event(anchor={"label": "lamp"}), event(anchor={"label": "desk", "minProximity": 0.3})
    )
    world_after = _fix(document)
    assert [e.get("anchor", {}).get("minProximity") for e in world_after.to_dict()["scene"]["events"][-3:]] == [
        None,
        0.15,
        0.3,
    ]
    assert [e.name for e in world_after.events[-3:]] == ["look", "look_2", "look_3"]
    assert list(lint(world_after)) == []


def test_later_events_of_a_name_get_the_next_free_number() -> None:
    document = with_events(event(x=1), event(name="look_2"), event(x=2), event(name="look_2", x=3), event(x=4))
    world_after = _fix(document)
    assert [(e.name, (e.model_extra or {}).get("x")) for e in world_after.events[-5:]] == [
        ("look", 1),
        ("look_2", None),
        ("look_3", 2),
        ("look_2_2", 3),
        ("look_4", 4),
    ]


def test_what_a_world_allows_of_events_that_share_a_name_is_allowed_of_those_that_get_another() -> None:
    document = with_events(event(base="No light."), event(base="No lamp."), event(base="No match."))
    world = World.from_dict({**document, "kernel": {"allow": {"event[look].base": ["negation"]}}})
    world_after = world.lint("studio").fixed()
    assert list(world_after.raw["kernel"]["allow"]) == ["event[look].base", "event[look_2].base", "event[look_3].base"]
    assert not world_after.lint("studio").errors


def test_the_fixes_of_one_lint_go_together_and_leave_what_the_world_allows_meanwhile() -> None:
    document = with_events(*(event(name=name, x=x) for name in ("look", "wait") for x in (1, 2)))
    allow = {"event[look].base": ["negation"], "event[wait].base": ["count"]}
    world = World.from_dict({**document, "kernel": {"allow": allow}})
    fixable = [item for item in world.lint() if item.lint in ("duplicate-event", "dangling-ref")]
    assert len(fixable) == 4
    world_after = world.apply([op for item in fixable for op in item.fix()])
    assert world_after.raw["kernel"]["allow"] == {
        **allow,
        "event[look_2].base": ["negation"],
        "event[wait_2].base": ["count"],
    }
    assert [e.name for e in world_after.events[-4:]] == ["look", "look_2", "wait", "wait_2"]
    later_allow = {"event[look].base": ["negation", "count"], "state[hall].base": ["count"]}
    later_world = world.apply([{"op": "put_world", "set": {"kernel": {"allow": later_allow}}}])
    assert later_world.apply(fixable[0].fix()).raw["kernel"]["allow"] == {
        **later_allow,
        "event[look_2].base": ["negation", "count"],
    }


@pytest.mark.parametrize(
    "op",
    [
        {"op": "put_event", "event": event(name="first", base="Precious."), "at": 0},
        {"op": "put_event", "index": 2, "event": event(name="listen")},
        {"op": "put_event", "index": 2, "event": event(base="Precious.")},
        {"op": "delete_event", "name": "enter_study"},
    ],
)
def test_a_fix_made_for_another_world_does_not_replace_what_an_event_is_since(op: Json) -> None:
    events = [event(name="enter_study"), event(), event(), event(anchor={"label": "lamp"})]
    world = World.from_dict({**house(), "scene": {**house()["scene"], "events": events}})
    fixes = {d.lint: d.fix() for d in world.lint() if d.fixable}
    assert set(fixes) >= {"sliver-evidence", "dangling-ref"}
    assert [e.name for e in world.apply(fixes["dangling-ref"]).events][1:] == ["look", "look_2", "look_3"]
    edited = world.apply([op])
    with pytest.raises(OpError, match="for this world"):
        edited.apply(fixes["dangling-ref"])
    with pytest.raises(OpError, match='event 3 is "look_3" now, not "look"'):
        world.apply(fixes["dangling-ref"]).apply(fixes["sliver-evidence"])


def test_a_duplicate_is_renamed_even_where_it_names_nothing() -> None:
    document = with_events(event(), event(at=["attic"], to="attic"))
    world_after = _fix(document)
    assert world_after.events[-1].name == "look_2"
    assert {d.lint for d in lint(world_after)} == {"dangling-ref"}


def test_an_override_loses_the_destination_it_never_reaches() -> None:
    document = with_event(to="study", base="A draught.", hotkey=None)
    assert _ops(document, "transition-needs-to") == [[{"op": "update_event", "name": "look", "patch": {"to": None}}]]
    assert _fix(document).to_dict() == with_event(base="A draught.", hotkey=None)


@pytest.mark.parametrize("profile", ["hosted", "studio"])
def test_an_event_of_a_kind_of_a_later_version_keeps_its_destination(profile: Any) -> None:
    world = World.from_dict({**with_event(kind="portal", to="study"), "schemaVersion": "1.5"})
    assert not [d for d in world.lint(profile) if d.lint in ("override-with-to", "transition-needs-to")]
    assert world.lint(profile).fixed() == world
    terminal = event(kind="terminal", terminal={"persona": "A clerk."}, to="study")
    both = {**with_events(event(kind="portal", to="study"), terminal), "schemaVersion": "1.5"}
    assert [e.to for e in World.from_dict(both).lint(profile).fixed().events[-2:]] == ["study", None]


def test_a_missing_entrance_is_set_to_where_play_starts_anyway() -> None:
    document = without("entrance")
    assert _ops(document, "no-entrance") == [[{"op": "set_entrance", "state": "hall"}]]
    before = World.from_dict(document)
    after = _fix(document)
    assert after.start == before.start == "hall"
    assert list(lint(after)) == []


def test_an_entrance_that_names_nothing_is_left_to_the_writer() -> None:
    world = World.from_dict(house(entrance={"state": "attic"}))
    assert lint(world).fixed() is world


def test_only_what_is_given_is_fixed() -> None:
    world = World.from_dict(with_events(event(anchor={"label": "lamp"}), event(name="smell", anchor={"label": "desk"})))
    diagnostic = lint(world)
    assert [d.item.id for d in lint(apply_fixes(world, diagnostic[:1]))] == ["smell"]


def test_a_finding_that_is_gone_or_unknown_changes_nothing() -> None:
    world = World.from_dict(house())
    stale_diagnostics = [
        Diagnostic("sliver-evidence", "warning", "events.look", "gone", Item("event", "look", "anchor")),
        Diagnostic("cascade", "info", "events.look", "a note", Item("event", "look")),
    ]
    assert apply_fixes(world, stale_diagnostics) is world


@pytest.mark.parametrize("name", ["a.b c", "📯", "x\ny", '"<b>'])
def test_odd_names_are_fixed_like_others(name: str) -> None:
    world_after = _fix(with_events(event(name=name, anchor={"label": "lamp"}), {**move(), "name": name}))
    assert [e.name for e in world_after.events[-2:]] == [name, f"{name}_2"]
    assert world_after.events[-2].anchor is not None and world_after.events[-2].anchor.min_proximity == 0.15


def test_a_fix_is_one_that_can_be_taken_back() -> None:
    from worldkit.editing.batch import apply

    world = World.from_dict(with_events(event(anchor={"label": "lamp"}), event()))
    for diagnostic in lint(world):
        result = apply(world, fix_ops(world, diagnostic) or [])
        assert apply(result.world, result.inverse).world == world


def test_a_way_out_of_an_ending_is_mended_where_its_other_source_is_missing_too() -> None:
    way = {"name": "go", "kind": "transition", "from": ["gone", "end"], "to": "yard", "base": "On."}
    states = {"yard": {"base": "A yard."}, "end": {"base": "An end.", "ending": {"kind": "win", "title": "Out"}}}
    world = World.from_dict({"entrance": {"state": "yard"}, "scene": {"states": states, "events": [way]}})
    (finding,) = [one for one in world.lint() if one.lint == "ending-not-terminal"]
    assert world.apply(finding.fix()).events[0].from_ == ("gone",)
