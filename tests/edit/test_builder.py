"""``wk.build``: a world written in Python, as operations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.growing import MAX_GROWTH, growth

Write = Callable[[wk.Builder], object]


def build(*calls: Write) -> wk.Builder:
    with wk.build("The Cellar") as b:
        for call in calls:
            call(b)
    return b


def test_the_first_state_is_the_entrance_and_the_empty_one_is_gone() -> None:
    b = build(lambda b: b.state("hall", "A hall."), lambda b: b.state("cellar", "A cellar.", ending="win"))
    assert b.world.name == "The Cellar"
    assert b.world.start == "hall"
    assert list(b.world.states) == ["hall", "cellar"]
    assert b.world.states["cellar"].ending == wk.Ending(kind="win", title="Cellar")


def test_a_choice_may_lead_to_a_state_that_is_added_later() -> None:
    b = build(
        lambda b: b.state("hall", "A hall."),
        lambda b: b.transition("hall", "cellar", "go_down", requires=["key"]),
        lambda b: b.override("hall", "take_the_key", grants=["key"], one_shot=True),
        lambda b: b.state("cellar", "A cellar.", ending={"kind": "lose", "title": "The dark"}),
    )
    assert [event.name for event in b.world.events] == ["take_the_key", "go_down"]
    assert set(wk.explore(b.world).endings) == {"cellar"}


def test_choices_without_a_name_get_one_that_is_free() -> None:
    b = build(
        lambda b: b.state("hall", "A hall."),
        lambda b: b.transition("hall", "cellar"),
        lambda b: b.transition("hall", "cellar"),
        lambda b: b.override("hall"),
        lambda b: b.state("cellar", "A cellar."),
    )
    assert {event.name for event in b.world.events} == {"go_to_cellar", "go_to_cellar_2", "override_3"}


def test_any_other_operation_can_be_applied_in_between() -> None:
    with wk.build("Gate") as b:
        b.state("road", "A road.")
        b.apply(
            {"op": "set_subject", "subject": "A postman."},
            {"op": "add_state", "id": "gate", "state": {"base": "A gate."}},
        )
        b.transition("road", "gate")
    assert b.world.to_dict()["subject"] == "A postman."
    assert b.world.events[0].to == "gate"


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda b: b.state("hall", "Again."), wk.WrongArgument, '"hall", which there is already'),
        (lambda b: b.state("attic", "An attic.", ambiant=[]), wk.WrongArgument, 'did you mean "ambient"'),
        (lambda b: b.state("attic", "An attic.", ambient="x"), wk.OpError, 'state "attic" would not be valid: ambient'),
        (lambda b: b.state("attic", "An attic.", ending="draw"), wk.OpError, "expected one of 'win' or 'lose'"),
        (lambda b: b.transition("hall", "hall", "stay"), wk.WrongArgument, '"stay", which there is already'),
        (lambda b: b.override("hall", kind="terminal"), wk.WrongArgument, '"kind": expected a field of an event'),
        (lambda b: b.transition("hall", "hal"), wk.WrongArgument, 'did you mean "hall"'),
    ],
)
def test_a_mistake_is_refused_at_its_call_and_says_what_to_do(call: Write, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        build(lambda b: b.state("hall", "A hall."), lambda b: b.override("hall", "stay"), call)


def _deep(levels: int) -> object:
    return [_deep(levels - 1)] if levels else []


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda b: b.state("  ", "A blank."), wk.OpError, "a state's id has at least one visible character"),
        (lambda b: b.state("attic", variants=[{"label": "B", "base": "x"}] * 2), wk.OpError, 'already a variant "B"'),
        (lambda b: b.override("hall", " "), wk.OpError, "an event's name has at least one visible character"),
        (lambda b: b.transition([], "hall"), wk.OpError, "from: expected at least one state, got none"),
        (lambda b: b.override("hall", drive={"x": _deep(600)}), wk.WorldError, "deep"),
        (lambda b: b.override("hall", "wait"), wk.WrongArgument, '"wait", which there is already'),
        (lambda b: b.apply({"op": "rename_event", "from": "stay", "to": "wait"}), wk.WrongArgument, 'state "yard"'),
        (
            lambda b: b.apply({"op": "add_event", "event": {"name": "wait", "kind": "override", "from": ["hall"]}}),
            wk.WrongArgument,
            'ops: expected operations that leave the names of other events free; got "wait", which a choice has',
        ),
    ],
)
def test_a_mistake_is_refused_at_its_line_and_the_world_can_be_written_on(
    call: Write, error: type[Exception], words: str
) -> None:
    with wk.build("The Cellar") as b:
        b.state("hall", "A hall.")
        b.override("hall", "stay")
        b.transition("hall", "yard", "wait")
        with pytest.raises(error, match=words):
            call(b)
        b.state("yard", "A yard.")
    assert list(b.world.states) == ["hall", "yard"]
    assert [event.name for event in b.world.events] == ["stay", "wait"]
    assert wk.World.new("The Cellar").apply(b.ops) == b.world


@pytest.mark.parametrize("states", [["hall", "road"], ["road"]])
def test_the_first_state_of_a_new_world_may_be_renamed_or_deleted_before_any_is_added(states: list[str]) -> None:
    first = {"op": "rename_state", "from": "start", "to": "hall"}
    with wk.build("The Cellar") as b:
        b.apply(first if "hall" in states else {"op": "delete_state", "id": "start"})
        b.transition(states, "road", "go_on")
        b.state("road", "A road.")
    assert list(b.world.states) == states and b.world.start == states[0]
    assert [event.name for event in b.world.events] == ["go_on"]


def test_a_list_that_is_changed_after_it_was_given_changes_nothing() -> None:
    lines, flags = ["Drip."], ["key"]
    beats = [{"state": "hall"}, {"state": "cellar"}]
    with wk.build("The Cellar") as b:
        b.state("hall", "A hall.", ambient=lines)
        b.transition("hall", "cellar", "go_down", requires=flags)
        b.state("cellar", "A cellar.", ambient=lines)
        b.apply({"op": "add_sequence", "id": "walk", "title": "Walk", "beats": beats})
        lines.append("Drop.")
        flags.append("lamp")
        beats.clear()
    assert [state.ambient for state in b.world.states.values()] == [("Drip.",), ("Drip.",)]
    assert b.world.events[0].requires == ("key",)
    assert wk.World.new("The Cellar").apply(b.ops) == b.world


def test_an_error_in_the_block_is_not_hidden_by_a_choice_that_leads_nowhere_yet() -> None:
    def fail(b: wk.Builder) -> None:
        b.transition(b.state("road", "A road."), "gate")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        build(fail)


def test_states_that_an_operation_adds_count_too_before_the_first_state_and_after() -> None:
    with wk.build("Gate") as b:
        b.transition("gate", "road", "go_back")
        b.apply({"op": "add_state", "id": "gate", "state": {"base": "A gate."}})
        b.state("road", "A road.")
        b.transition("road", "gate", "go_on")
    assert list(b.world.states) == ["road", "gate"]
    assert [event.name for event in b.world.events] == ["go_back", "go_on"]
    assert wk.World.new("Gate").apply(b.ops) == b.world


def test_a_choice_that_waits_for_its_state_follows_what_is_renamed_meanwhile() -> None:
    console = {"persona": "The door.", "facts": [{"text": "It is open.", "requires": ["key"]}]}
    with wk.build("The Cellar") as b:
        b.state("hall", "A hall.")
        b.override("hall", "take", grants=["key"])
        b.transition("hall", "cellar", "down", requires=["key"], terminal=console)
        b.transition("cellar", "attic", "up")
        b.apply(
            {"op": "rename_flag", "flag": "key", "newFlag": "brass"},
            {"op": "rename_state", "id": "hall", "to": "lobby"},
        )
        b.apply(
            {"op": "add_state", "id": "attic", "state": {"base": "An attic."}},
            {"op": "rename_state", "from": "attic", "to": "loft"},
        )
        b.state("cellar", "A cellar.", ending="win")
    down, up = b.world.events_by_name["down"], b.world.events_by_name["up"]
    assert (down.from_, down.to, down.requires) == (("lobby",), "cellar", ("brass",))
    assert (up.from_, up.to) == (("cellar",), "loft")
    assert b.world.to_dict()["scene"]["events"][1]["terminal"]["facts"][0]["requires"] == ["brass"]
    assert wk.World.new("The Cellar").apply(b.ops) == b.world


@pytest.mark.parametrize("states_first", [True, False])
def test_writing_takes_time_in_proportion_to_what_is_written(states_first: bool) -> None:
    def write(count: int) -> wk.World:
        with wk.build("X") as b:
            for number in range(count) if states_first else ():
                b.state(f"s{number}", "A place.")
            for number in range(count):
                b.transition(f"s{number}", "s0", requires=[f"f{number}"])
            for number in () if states_first else range(count - 1, -1, -1):
                b.state(f"s{number}", "A place.")
        return b.world

    assert growth(lambda count: lambda: write(count), 150) <= MAX_GROWTH


ids = st.sampled_from(["a", "b", "c", "start", "d e"])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ids, unique=True, min_size=1), st.lists(st.tuples(ids, ids)))
def test_the_operations_make_the_world(states: list[str], moves: list[tuple[str, str]]) -> None:
    with wk.build("X") as b:
        for number, (source, to) in enumerate(moves):
            if source in states and to in states:
                b.transition(source, to, f"move_{number}")
        for id in states:
            b.state(id, f"Place {id}.")
    assert wk.World.new("X").apply(b.ops) == b.world
    assert list(b.world.states) == states
