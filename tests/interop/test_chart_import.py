"""State machines: XState as JSON, and SCXML; nested and parallel states, conditions, and what is taken at once."""

from __future__ import annotations

import dataclasses
import json
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.growing import MAX_GROWTH, growth
from tests.interop.stories import VARIABLES, machines, plays_alike
from worldkit.core.spoken_names import button_label
from worldkit.interop.stories.chart_machine import MAX_CONFIGURATIONS
from worldkit.interop.stories.expressions import Constant, Expression, Operation, Variable

HYPOTHESIS_SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def xstate(states: dict[str, Any], **fields: Any) -> wk.Imported[wk.World]:
    return wk.import_(json.dumps({"id": "m", "initial": next(iter(states)), "states": states, **fields}))


def assign(**values: bool) -> dict[str, Any]:
    return {"type": "assign", "params": values}


def moves(world: wk.World) -> list[tuple[list[str], str, str | None]]:
    return [(list(event.from_), event.name, event.to) for event in world.events]


def test_states_and_events_of_a_flat_machine() -> None:
    imported = xstate(
        {
            "hall": {"description": "A hall.", "on": {"GO": "attic", "WAIT": {"target": "hall"}}},
            "attic": {"on": {"GO": [{"target": "end"}]}},
            "end": {"type": "final", "tags": ["lose"]},
        }
    )
    assert imported.lost == ()
    assert moves(imported.world) == [(["hall"], "GO", "attic"), (["hall"], "WAIT", None), (["attic"], "GO_2", "end")]
    assert imported.world.states["hall"].base == "A hall."
    assert imported.world.states["end"].ending.kind == "lose"


def test_a_guard_that_is_a_variable_becomes_a_flag() -> None:
    imported = xstate(
        {
            "hall": {"on": {"TAKE": {"actions": assign(key=True)}, "OPEN": {"target": "end", "guard": "key"}}},
            "end": {"type": "final", "tags": "win"},
        },
        context={"key": False},
    )
    take, open_ = imported.world.events
    assert (take.kind, take.grants, open_.requires, imported.lost) == ("override", ("key",), ("key",), ())


def test_the_first_transition_whose_guard_holds_is_taken() -> None:
    imported = xstate(
        {
            "hall": {
                "on": {
                    "TAKE": {"actions": assign(key=True)},
                    "OPEN": [{"target": "end", "guard": "({ context }) => context.key === true"}, "stuck"],
                }
            },
            "stuck": {"on": {"BACK": "hall"}},
            "end": {"type": "final", "tags": "win"},
        },
        context={"key": False},
    )
    session = wk.Session(imported.world)
    assert (session.fire("OPEN"), session.position.state)[1] == "stuck"
    session.fire("BACK")
    session.fire("TAKE")
    session.fire(next(offer.name for offer in session.offers if offer.label == "OPEN"))
    assert (session.position.state, imported.lost) == ("end", ())


def test_an_inner_state_answers_before_the_state_around_it() -> None:
    imported = xstate(
        {
            "house": {
                "initial": "hall",
                "states": {"hall": {"on": {"GO": "attic"}}, "attic": {}},
                "on": {"GO": "garden", "LEAVE": "garden"},
            },
            "garden": {"on": {"HOME": "house.attic"}},
        }
    )
    assert moves(imported.world) == [
        (["hall"], "GO", "attic"),
        (["hall"], "LEAVE", "garden"),
        (["attic"], "GO_2", "garden"),
        (["attic"], "LEAVE_2", "garden"),
        (["garden"], "HOME", "attic"),
    ]


@pytest.mark.parametrize(
    "names",
    [
        ["*", "door.*", "door.open"],
        ["door.*", "door.open.*", "*"],
        ["*", "window.*", "window"],
        ["door", "door.open"],
        ["door.*", "doors", "door"],
    ],
)
def test_the_name_of_an_event_goes_before_patterns_and_of_these_the_longest(names: list[str]) -> None:
    states = {f"s{number}": {"id": name, "type": "final"} for number, name in enumerate(names)}
    machine = xstate({"hall": {"on": {name: f"#{name}" for name in names}}, **states}).machine
    ways = {(way.label, way.target) for way in machine.transitions}
    assert ways == {(name, f"s{number}") for number, name in enumerate(names)}
    assert len(machine.transitions) == len(names)


def test_patterns_are_tried_when_the_condition_of_a_name_does_not_hold() -> None:
    ways = {"*": "b", "open": {"target": "c", "guard": "key"}}
    states = {"a": {"on": ways, "entry": assign(key=False)}, "b": {"type": "final"}, "c": {"type": "final"}}
    machine = xstate(states, context={"key": False}).machine
    assert [(way.target, str(way.guard)) for way in machine.transitions] == [
        ("b", "true"),
        ("c", "key"),
        ("b", "not key"),
    ]


def test_in_parallel_states_every_name_that_takes_an_event_answers() -> None:
    def region(name: str) -> dict[str, Any]:
        return {"initial": "off", "states": {"off": {"on": {name: "on"}}, "on": {}}}

    regions = {"a": region("door.open"), "b": region("door.*"), "c": region("door")}
    imported = xstate({"p": {"type": "parallel", "states": regions}})
    ways = {way.target for way in imported.machine.transitions if way.source == "off + b.off + c.off"}
    assert ways == {"on + b.on + c.off", "off + b.on + c.on", "off + b.on + c.off"}


def test_parallel_states_are_states_together() -> None:
    region = {"initial": "off", "states": {"off": {"on": {"SWITCH": "on"}}, "on": {}}}
    imported = xstate({"both": {"type": "parallel", "states": {"lamp": region, "radio": region}}})
    assert list(imported.world.states) == ["off + radio.off", "on + radio.on"]
    assert moves(imported.world) == [(["off + radio.off"], "SWITCH", "on + radio.on")]


def test_a_state_may_be_called_as_the_states_of_two_regions_together_are() -> None:
    parallel = {"type": "parallel", "states": {"a": {}, "b": {}}}
    ways = {"APART": "a + b", "TOGETHER": "both"}
    imported = xstate({"start": {"on": ways}, "a + b": {"on": {"BACK": "start"}}, "both": parallel})
    assert list(imported.world.states) == ["start", "a + b", "a + b_2"]
    assert moves(imported.world) == [
        (["start"], "APART", "a + b"),
        (["start"], "TOGETHER", "a + b_2"),
        (["a + b"], "BACK", "start"),
    ]


TWO_REGIONS = {
    "a": {"initial": "a1", "states": {"a1": {}, "a2": {}}},
    "b": {"initial": "b1", "states": {"b1": {"on": {"NEXT": "b2"}}, "b2": {}}},
}


@pytest.mark.parametrize("targets", [["both.a.a2", "both.b.b2"], ["both.b.b2", "both.a.a2"]])
def test_a_transition_may_lead_into_several_regions_at_once(targets: list[str]) -> None:
    both = {"type": "parallel", "states": TWO_REGIONS}
    imported = xstate({"out": {"on": {"GO": {"target": targets}}}, "both": both})
    assert moves(imported.world) == [(["out"], "GO", "a2 + b2")]


def test_a_chart_may_begin_inside_of_several_regions() -> None:
    inner = "<state id='b2'><state id='b21'/><state id='b22'/></state>"
    regions = f"<state id='a'><state id='a1'/><state id='a2'/></state><state id='b'><state id='b1'/>{inner}</state>"
    imported = wk.import_(f"<scxml initial='b22 a2'><parallel id='p'>{regions}</parallel></scxml>")
    assert list(imported.world.states) == ["a2 + b22"]


@pytest.mark.parametrize("is_outermost", [True, False])
def test_a_way_inside_of_a_parallel_state_lets_its_other_regions_begin_anew(is_outermost: bool) -> None:
    both = {"type": "parallel", "states": TWO_REGIONS, "on": {"MOVE": ".a.a2"}}
    imported = wk.import_(json.dumps(both)) if is_outermost else xstate({"both": both})
    targets = {(id, button_label(event)): event.to for event in imported.world.events for id in event.from_}
    assert targets == {
        ("a1 + b1", "NEXT"): "a1 + b2",
        ("a2 + b1", "NEXT"): "a2 + b2",
        ("a1 + b1", "MOVE"): "a2 + b1",
        ("a1 + b2", "MOVE"): "a2 + b1",
        ("a2 + b2", "MOVE"): "a2 + b1",
        ("a2 + b1", "MOVE"): None,
    }


def test_a_variable_may_begin_with_any_letter() -> None:
    data = "<datamodel><data id='été' expr='false'/></datamodel>"
    take = "<transition event='take'><assign location='été' expr='true'/></transition>"
    way = "<transition event='go' cond='été' target='z'/>"
    imported = wk.import_(f"<scxml>{data}<state id='s'>{take}{way}</state><state id='z'/></scxml>")
    assert [(event.name, event.requires, event.grants) for event in imported.world.events] == [
        ("take", None, ("été",)),
        ("go", ("été",), None),
    ]


def test_what_is_taken_at_once_and_what_is_done_after_a_time() -> None:
    imported = xstate(
        {
            "hall": {"on": {"GO": "door"}, "after": {"2000": "end"}},
            "door": {"always": [{"target": "end", "guard": "key"}, {"target": "hall", "actions": assign(key=True)}]},
            "end": {"type": "final", "tags": "win"},
        },
        context={"key": False},
    )
    assert "door" not in imported.world.states
    timers = [event for event in imported.world.events if event.auto_after_ms]
    assert all(event.hidden and event.auto_after_ms == 2000 and event.to == "end" for event in timers)
    session = wk.Session(imported.world)
    for state in ("hall (key)", "end"):
        session.fire(next(offer.name for offer in session.offers if offer.label == "GO"))
        assert session.position.state == state


def test_what_a_file_does_not_hold_is_said() -> None:
    imported = xstate(
        {
            "hall": {
                "entry": "ring",
                "invoke": {"src": "load", "onDone": "end"},
                "on": {"GO": {"target": "end", "guard": "isReady"}, "LOST": "nowhere"},
                "after": {"SOON": "end"},
            },
            "end": {"type": "final"},
            "island": {},
        },
        context={"list": [1]},
    )
    places = [(loss.where, loss.what) for loss in imported.lost]
    assert places == [
        ("context", 'the variable "list"'),
        ('state "hall"', 'the action "ring"'),
        ('state "hall", "LOST"', 'the way to "nowhere"'),
        ('state "hall"', 'the delay "SOON"'),
        ('state "hall"', 'the service "load"'),
        ('state "end"', "whether this ending is won or lost"),
        ('state "island"', 'the state "island"'),
        ('state "hall", "GO"', "the condition of 'GO', (isReady)"),
    ]


SCXML = """<?xml version="1.0" encoding="UTF-8"?>
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" name="The key" initial="hall" datamodel="ecmascript">
  <datamodel><data id="key" expr="false"/><data id="tries" expr="0"/></datamodel>
  <state id="hall">
    <transition event="take" cond="!key"><assign location="key" expr="true"/></transition>
    <transition event="open" cond="key" target="house"/>
    <transition event="open" cond="tries &lt; 2"><assign location="tries" expr="tries + 1"/></transition>
  </state>
  <state id="house" initial="stairs">
    <onentry>
      <if cond="tries == 0"><assign location="lucky" expr="true"/><else/><assign location="lucky" expr="false"/></if>
    </onentry>
    <state id="stairs"><transition event="up" target="top"/></state>
    <final id="top"/>
    <transition event="done.state.house" cond="lucky" target="won"/>
    <transition event="done.state.house" target="lost"/>
  </state>
  <final id="won"/>
  <final id="lost"/>
</scxml>"""


def test_a_chart_in_scxml() -> None:
    imported = wk.import_(SCXML)
    assert imported.world.name == "The key"
    assert {loss.what for loss in imported.lost} == {"whether this ending is won or lost"}

    def run(*labels: str) -> str:
        session = wk.Session(imported.world)
        for label in labels:
            session.fire(next(offer.name for offer in session.offers if offer.label == label))
        return session.position.state

    assert run("take", "open", "up") == "won"
    assert run("open", "take", "open", "up") == "lost"
    assert [offer.label for offer in wk.Session(imported.world).offers] == ["take", "open"]


def test_an_else_denies_what_its_if_was_told() -> None:
    toggle = "<if cond='lamp'><assign location='lamp' expr='false'/><else/><assign location='lamp' expr='true'/></if>"
    session = wk.Session(
        wk.import_(
            f"<scxml><datamodel><data id='lamp' expr='false'/></datamodel><state id='a'><onentry>{toggle}</onentry>"
            "<transition event='read' cond='lamp' target='a'/><transition event='sleep' cond='!lamp' target='a'/>"
            "</state></scxml>"
        ).world
    )
    for label in ("read", "sleep", "read"):
        assert [offer.label for offer in session.offers] == [label]
        session.fire(session.offers[0].name)


def test_an_action_without_a_counterpart_is_listed_with_its_line() -> None:
    imported = wk.import_(SCXML.replace("<onentry>", '<onentry><send event="x"/>'))
    assert ("line 10", "<send>") in [(loss.where, loss.what) for loss in imported.lost]


def scxml(head: str, entry: str = "", condition: str = "k", inner: str = "") -> wk.Imported[wk.World]:
    """Return a chart in which ``x`` needs a condition."""
    ways = f"<transition event='x' cond='{condition}' target='b'/><transition event='y' target='b'/>"
    state = f"<state id='a'>{inner}<onentry>{entry}</onentry>{ways}</state>"
    return wk.import_(f"<scxml {head}{state}<final id='b'/></scxml>")


def offered(imported: wk.Imported[wk.World]) -> tuple[list[str], bool]:
    """Return what is offered at the start, and whether ``k`` is listed as not followed."""
    labels = [offer.label for offer in wk.Session(imported.world).offers]
    return labels, any('what the variable "k" decides' in loss.what for loss in imported.lost)


@pytest.mark.parametrize(
    ("data", "condition", "is_offered", "is_unknown"),
    [
        ("<data id='k'>true</data>", "k", True, False),
        ("<data id='k'> 3 </data>", "k > 2", True, False),
        ("<data id='k'>3</data>", "k > 3", False, False),
        ("<data id='k'/>", "k", False, False),
        ("<data id='k' src='x.json'/>", "k", True, True),
        ("<data id='k'>{\"a\": 1}</data>", "k", True, True),
        ("<data id='k'>hello there</data>", "k", True, True),
        ("<data id='k'><a/></data>", "k", True, True),
        ("<data id='k' expr='true'/><data id='k' expr='false'/>", "k", True, True),
    ],
)
def test_first_values_stand_in_any_data_model(data: str, condition: str, is_offered: bool, is_unknown: bool) -> None:
    model = f"<datamodel>{data}</datamodel>"
    for imported in (scxml(f">{model}", condition=condition), scxml(">", condition=condition, inner=model)):
        assert offered(imported) == (["x", "y"] if is_offered else ["y"], is_unknown)


def test_a_value_that_is_given_when_its_state_is_entered_is_not_known() -> None:
    model = "<datamodel><data id='k' expr='false'/></datamodel>"
    assert offered(scxml("binding='late'>", inner=model)) == (["x", "y"], True)


@pytest.mark.parametrize(
    ("entry", "is_offered", "is_unknown"),
    [
        ("<assign location='k'>true</assign>", True, False),
        ("<assign location='k'>k + 1</assign>", True, True),
        ("<assign location='k' expr='k || 5'/>", True, True),
        ("<script>var i = 0; k = true;</script>", True, True),
        ("<script>if (k == 1) { other++ }</script>", False, False),
        ("<script>++k</script>", True, True),
        ("<script>other = 1; -- k</script>", True, True),
        ("<script>k ??= 1</script>", True, True),
        ("<log expr='k = true'/>", True, True),
        ("<log expr='k == true'/>", False, False),
        ("<assign location='other' expr='++k'/>", True, True),
        ("<if cond='k++ == 0'><assign location='other' expr='1'/></if>", True, True),
        ("<script>other.k = 1; if (a => k, $k == 1) ++other.k</script>", False, False),
        ("<foreach array='list' item='i'><assign location='k' expr='true'/></foreach>", True, True),
        ("<send event='e' idlocation='k'/>", True, True),
    ],
)
def test_what_is_assigned_in_other_ways_is_not_overlooked(entry: str, is_offered: bool, is_unknown: bool) -> None:
    imported = scxml("><datamodel><data id='k' expr='false'/></datamodel>", entry)
    assert offered(imported) == (["x", "y"] if is_offered else ["y"], is_unknown)


def chart(*states: str, head: str = "") -> wk.Imported[wk.World]:
    return wk.import_(f"<scxml {head}>{''.join(states)}<final id='end'/></scxml>")


def ways(imported: wk.Imported[wk.World], state: str) -> list[tuple[str, str | None]]:
    return [(button_label(event), event.to) for event in imported.world.events if state in event.from_]


ENDING = "<state id='p'><state id='p1'><transition event='e' target='p2'/></state><final id='p2'/></state>"


@pytest.mark.parametrize("name", ["done.state.p", "done.state.*", "done.state", "done", "*", "x done.state.p"])
def test_a_state_around_it_goes_on_when_a_state_has_ended(name: str) -> None:
    imported = chart(f"<state id='q'><transition event='{name}' target='end'/>{ENDING}</state>")
    assert ("e", "end") in ways(imported, "p1")
    assert not any("done.state" in label for label, _ in ways(imported, "p1"))
    assert {loss.what for loss in imported.lost} == {"whether this ending is won or lost"}


def test_the_innermost_state_answers_that_a_state_has_ended() -> None:
    own = ENDING[: -len("</state>")] + "<transition event='done.state.p' cond='k' target='r'/></state>"
    model = "<datamodel><data id='k' expr='false'/></datamodel>"
    take = "<transition event='take'><assign location='k' expr='true'/></transition>"
    outer = "<transition event='done.state.p' target='end'/>"
    imported = chart(model, f"<state id='q'>{outer}{take}{own}</state><state id='r'/>")
    session = wk.Session(imported.world)
    session.fire(next(offer.name for offer in session.offers if offer.label == "e"))
    assert session.position.state == "end"
    session = wk.Session(imported.world)
    for label in ("take", "e"):
        session.fire(next(offer.name for offer in session.offers if offer.label == label))
    assert session.position.state == "r"


REGION = "<state id='r'><state id='a'><transition event='e' target='b'/></state><final id='b'/></state>"


def test_another_region_goes_on_when_a_state_has_ended() -> None:
    listening = "<state id='w'><transition event='done.state.r' target='z'/></state><state id='z'/>"
    imported = chart(f"<parallel id='p'>{REGION}<state id='s'>{listening}</state></parallel>")
    assert imported.world.start == "a + w"
    assert ways(imported, "a + w") == [("e", "b + z")]


def test_who_listens_too_late_does_not_hear_that_a_state_has_ended() -> None:
    before = "<state id='v'><transition event='next' target='w'/></state>"
    listening = "<state id='w'><transition event='done.state.r' target='z'/><transition event='x' target='z'/></state>"
    imported = chart(f"<parallel id='p'>{REGION}<state id='s'>{before}{listening}<state id='z'/></state></parallel>")
    assert ways(imported, "b + v") == [("next", "b + w")]
    assert ways(imported, "b + w") == [("x", "b + z")]
    assert ways(imported, "a + w") == [("e", "b + z"), ("x", "a + z")]


def test_what_is_done_at_once_goes_before_what_is_done_at_an_end() -> None:
    hurry = "<transition cond='k' target='end'/>"
    model = "<datamodel><data id='k' expr='false'/></datamodel>"
    inner = ENDING.replace(
        "<final id='p2'/>", "<final id='p2'><onentry><assign location='k' expr='true'/></onentry></final>"
    )
    imported = chart(
        model, f"<state id='q'>{hurry}<transition event='done.state.p' target='r'/>{inner}</state><state id='r'/>"
    )
    assert ways(imported, "p1") == [("e", "end")]
    assert "r" not in wk.explore(imported.world).states


def test_a_parallel_state_has_ended_when_all_its_regions_have() -> None:
    other = REGION.replace("'r'", "'s'").replace("'a'", "'c'").replace("'b'", "'d'").replace("'e'", "'f'")
    imported = chart(
        "<state id='q'><transition event='done.state.p' target='end'/>"
        f"<parallel id='p'>{REGION}{other}</parallel></state>"
    )
    assert ways(imported, "a + c") == [("e", "b + c"), ("f", "a + d")]
    assert (ways(imported, "b + c"), ways(imported, "a + d")) == ([("f", "end")], [("e", "end")])


def test_the_last_regions_end_before_the_parallel_state_around_them() -> None:
    other = REGION.replace("'r'", "'s'").replace("'a'", "'c'").replace("'b'", "'d'")
    imported = chart(
        "<state id='q'><transition event='done.state.p' target='outer'/>"
        "<transition event='done.state.s' target='inner'/>"
        f"<parallel id='p'>{REGION}{other}</parallel></state><state id='outer'/><state id='inner'/>"
    )
    assert ways(imported, "a + c") == [("e", "inner")]


def test_a_state_that_ends_at_once_is_heard_at_the_start() -> None:
    imported = chart(
        "<state id='q'><transition event='done.state.p' target='r'/>"
        "<state id='p'><final id='f'/></state></state><state id='r'/>"
    )
    assert imported.world.start == "r"


def test_a_condition_at_an_end_that_is_not_known_is_a_choice() -> None:
    listening = "<transition event='done.state.p' cond='random() > 1' target='end'/><transition event='stay'/>"
    imported = chart(f"<state id='q'>{listening}{ENDING}</state>")
    session = wk.Session(imported.world)
    session.fire("e")
    assert [offer.label for offer in session.offers] == ["go on to end", "go on to p2"]
    assert any("play that goes on to end by itself" in loss.what for loss in imported.lost)


def test_nobody_passes_over_an_end_that_is_heard_in_any_case() -> None:
    first = "<transition event='done.state.p' cond='random() > 1' target='end'/>"
    imported = chart(
        f"<state id='q'>{first}<transition event='done.state.p' target='r'/>{ENDING}</state><state id='r'/>"
    )
    session = wk.Session(imported.world)
    session.fire("e")
    assert [offer.label for offer in session.offers] == ["go on to end", "go on to r"]


def test_an_end_that_is_passed_over_is_listed_with_its_place() -> None:
    listening = "<transition event='done.state.p' cond='random() > 1' target='end'/>"
    imported = chart(f"\n<state id='q'>{listening}\n{ENDING}</state>")
    assert [loss.where for loss in imported.lost if "goes on to p2" in loss.what] == ['state "p", line 3']


def test_an_end_that_can_be_answered_in_too_many_ways_is_passed_over() -> None:
    listening = "".join(
        f"<state id='l{n}'><state id='i{n}'><transition event='done.state.r' cond='k == {n}' target='j{n}'/></state>"
        f"<state id='j{n}'/></state>"
        for n in range(6)
    )
    surely = "<state id='u'><state id='v'><transition event='done.state.r' target='w'/></state><state id='w'/></state>"
    model = "<datamodel><data id='k' expr='0'/></datamodel><transition event='x' target='end'/>"
    imported = chart(model, f"<parallel id='p'>{REGION}{listening}{surely}</parallel>")
    session = wk.Session(imported.world)
    session.fire("e")
    assert "x" in [offer.label for offer in session.offers]


def test_the_end_of_a_state_is_heard_once() -> None:
    again = "<transition event='again'><assign location='k' expr='true'/></transition>"
    model = "<datamodel><data id='k' expr='false'/></datamodel>"
    imported = chart(
        model, f"<state id='q'>{again}<transition event='done.state.p' cond='k' target='end'/>{ENDING}</state>"
    )
    session = wk.Session(imported.world)
    for label in ("e", "again"):
        session.fire(next(offer.name for offer in session.offers if offer.label == label))
    assert session.position.state.startswith("p2")


def test_onDone_of_xstate_is_taken_when_its_own_state_ends() -> None:
    inner = {"initial": "p1", "states": {"p1": {"on": {"E": "p2"}}, "p2": {"type": "final"}}}
    p = {**inner, "onDone": [{"target": "#m.r", "guard": "k"}], "on": {"K": {"actions": assign(k=True)}}}
    q = {"initial": "p", "states": {"p": p}, "on": {"*": "s"}, "onDone": "s"}
    imported = xstate({"q": q, "r": {"type": "final"}, "s": {"type": "final"}}, context={"k": False})
    session = wk.Session(imported.world)
    assert [offer.label for offer in session.offers] == ["E", "K", "*"]
    session.fire("E")
    assert session.position.state == "p2"
    session = wk.Session(imported.world)
    for label in ("K", "E"):
        session.fire(next(offer.name for offer in session.offers if offer.label == label))
    assert session.position.state == "r"


def test_a_chart_without_parallel_states_may_be_as_large_as_it_likes() -> None:
    states: dict[str, Any] = {f"s{n}": {"on": {"GO": f"s{n + 1}"}} for n in range(MAX_CONFIGURATIONS)}
    inner = {"initial": "a", "states": {"a": {"on": {"GO": "b"}}, "b": {"type": "final"}}}
    for n in range(MAX_CONFIGURATIONS, MAX_CONFIGURATIONS + 3):
        states[f"s{n}"] = {**inner, "onDone": {"target": f"s{n + 1}", "guard": "k"}}
    states[f"s{MAX_CONFIGURATIONS + 3}"] = {"type": "final"}
    machine = xstate(states, initial="s0", context={"k": True}).machine
    assert len(machine.nodes) > MAX_CONFIGURATIONS


def test_ends_that_are_not_heard_in_too_many_ways_are_refused() -> None:
    regions = "".join(
        f"<state id='r{n}'><state id='s{n}'><transition event='e{n}' target='f{n}'/></state><final id='f{n}'/></state>"
        for n in range(12)
    )
    with pytest.raises(wk.InvalidStory, match=f"in more than {MAX_CONFIGURATIONS:,} ways"):
        chart(f"<parallel id='p'><transition event='done.state' cond='x'/>{regions}</parallel>")


def written(expression: Expression, variable: str) -> str:
    if isinstance(expression, Constant):
        return json.dumps(expression.value)
    if isinstance(expression, Variable):
        return variable + expression.name
    assert isinstance(expression, Operation)
    parts = [f"({written(part, variable)})" for part in expression.operands]
    signs = {"and": " && ", "or": " || ", "not": "!", "==": " === "}
    sign = signs.get(expression.operator, f" {expression.operator} ")
    return f"{sign}{parts[0]}" if len(parts) == 1 else sign.join(parts)


def as_xstate(machine: wk.Machine) -> str:
    """Write a machine as XState does, each transition with an event of its own."""

    def value(effect: Any) -> Any:
        return effect.value.value if isinstance(effect.value, Constant) else written(effect.value, "context.")

    def actions(effects: tuple[Any, ...]) -> list[Any]:
        return [{"type": "assign", "params": {effect.name: value(effect)}} for effect in effects]

    states: dict[str, Any] = {}
    for node in machine.nodes:
        states[node.id] = {"type": "final", "tags": ["win"]} if node.ending else {"on": {}}
        states[node.id]["entry"] = actions(node.effects)
        if node.forwards:
            ways = [{"target": way.target, "guard": written(way.guard, "context.")} for way in node.forwards]
            states[node.id]["always"] = ways
    for way in machine.transitions:
        if "on" in states[way.source]:
            body: dict[str, Any] = {"guard": written(way.guard, "context."), "actions": actions(way.effects)}
            if way.target is not None:
                body |= {"target": way.target, "reenter": True}
            states[way.source]["on"][way.label] = body
    context = dict(machine.variables)
    return json.dumps({"id": machine.name, "initial": machine.start, "context": context, "states": states})


@st.composite
def plain_machines(draw: st.DrawFn) -> wk.Machine:
    """Return machines whose effects are unconditional and whose transitions can be taken again and again."""
    machine = draw(machines())

    def plain(effects: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(effect._replace(guard=Constant(True)) for effect in effects)

    nodes = tuple(
        dataclasses.replace(
            node,
            texts=(),
            effects=plain(node.effects),
            forwards=tuple(forward._replace(text="unseen") for forward in node.forwards),
        )
        for node in machine.nodes
    )
    ways = tuple(dataclasses.replace(way, effects=plain(way.effects), once=False) for way in machine.transitions)
    names = [name for owner in (*nodes, *ways) for name in (effect.name for effect in owner.effects)]
    variables = {name: value for name, value in machine.variables.items() if name in names}
    return dataclasses.replace(machine, nodes=nodes, transitions=ways, variables=variables)


@HYPOTHESIS_SETTINGS
@given(plain_machines())
def test_a_machine_written_as_xstate_comes_back(machine: wk.Machine) -> None:
    imported = wk.import_(as_xstate(machine), max_copies=300)
    reads_unset = any("cannot be told" in loss.why for loss in imported.lost)
    if not reads_unset and not any("copies" in loss.why or "without a choice" in loss.what for loss in imported.lost):
        whole = {**dict.fromkeys(VARIABLES, False), "coins": 0, **machine.variables}
        plays_alike(dataclasses.replace(machine, variables=whole), imported.world)


def chain(count: int) -> str:
    states = {
        f"s{n}": {"on": {"GO": f"s{n + 1}", "BACK": "s0", "TRY": {"target": f"s{n * 7 % count}", "guard": "key"}}}
        for n in range(count)
    }
    states[f"s{count}"] = {"type": "final"}
    return json.dumps({"id": "m", "initial": "s0", "context": {"key": False}, "states": states})


def nested_chart(count: int) -> str:
    inner = "".join(
        f"<state id='s{n}'><transition event='e' target='s{(n + 1) % count}'/></state>" for n in range(count)
    )
    return f"<scxml><state id='a'><transition event='out' target='b'/>{inner}</state><final id='b'/></scxml>"


def regions(count: int) -> str:
    """Many states that are active together, each with an event of its own and all with one."""
    inner = ""
    for n in range(count):
        ways = f"<transition event='e{n}' target='p{n}'/><transition event='all' cond='x' target='p{n}'/>"
        inner += f"<state id='p{n}'>{ways}</state>"
    return f"<scxml><parallel id='p'>{inner}</parallel></scxml>"


def dotted_events(count: int) -> str:
    """Events whose names begin with those of others, and one that takes all of them."""
    events = ["a", *(f"{'a.' * (n % 40)}e{n}" for n in range(count)), "*"]
    ways = "".join(f"<transition event='{event}' target='s'/>" for event in events)
    return f"<scxml><state id='s'>{ways}</state></scxml>"


def rivals(count: int) -> str:
    """Many transitions for one event in one state, each with a condition."""
    ways = "".join(f"<transition event='e' cond='x == {n}' target='s'/>" for n in range(count))
    return f"<scxml><datamodel><data id='x' expr='0'/></datamodel><state id='s'>{ways}</state></scxml>"


def elses(count: int) -> str:
    """A long chain of branches."""
    parts = "".join(f"<elseif cond='x == {n}'/><assign location='y' expr='{n}'/>" for n in range(count))
    return f"<scxml><state id='s'><onentry><if cond='x'>{parts}</if></onentry></state></scxml>"


def ends(count: int) -> str:
    """Regions that all end at once, and of whose ends only some are heard."""
    inner = ""
    for n in range(count):
        inner += f"<state id='r{n}'><transition event='done.state.r{count - n}.*' cond='x'/><final id='f{n}'/></state>"
    return f"<scxml><parallel id='p'>{inner}</parallel></scxml>"


def same_ids(count: int) -> str:
    """States that all have one id."""
    return "<scxml>" + "<state id='s'/>" * count + "</scxml>"


def wide_targets(count: int) -> str:
    """One transition with very many targets."""
    inner = "".join(f"<state id='s{n}'/>" for n in range(count))
    return (
        f"<scxml><state id='a'><transition event='e' target='{' '.join(f's{n}' for n in range(count))}'/></state>"
        f"<parallel id='p'>{inner}</parallel></scxml>"
    )


def listeners(count: int) -> str:
    """States of whose ends every other one is heard, by names of many lengths."""
    inner = "".join(
        f"<state id='{'s' * (n % 50)}{n}'><transition event='done.state.{'s' * (n % 50)}{n}' target='s1'/>"
        f"<transition event='e' target='f{n}'/><final id='f{n}'/></state>"
        for n in range(count)
    )
    return f"<scxml>{inner}</scxml>"


def blanks(count: int) -> str:
    """A declaration that is nearly all blanks."""
    return f"<?xml version='1.0'{' ' * (60 * count)}?><scxml><state id='a'/></scxml>"


@pytest.mark.parametrize(
    "make", [chain, nested_chart, dotted_events, rivals, elses, same_ids, wide_targets, listeners, blanks]
)
def test_the_time_grows_with_the_chart(make: Any) -> None:
    assert growth(lambda count: partial(wk.import_, make(count)), 100) <= MAX_GROWTH


@pytest.mark.parametrize("make", [regions, ends])
def test_parallel_states_in_which_too_much_can_be_done_are_refused(make: Any) -> None:
    wk.import_(make(20))
    with pytest.raises(wk.InvalidStory, match="too much can be done in its parallel states"):
        wk.import_(make(800))
