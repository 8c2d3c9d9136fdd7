"""Laws of importing: a world plays as the story does, and whatever cannot be expressed is said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unittest import mock

import pytest
from hypothesis import HealthCheck, assume, given, settings

import worldkit as wk
from tests.interop.stories import FORMATS, Page, flag_machines, machine_of, machines, pages, plays_alike, twee
from worldkit.interop.stories import explored
from worldkit.interop.stories.expressions import Constant, Operation, Variable
from worldkit.interop.stories.machine import Forward, VariableEffect
from worldkit.interop.stories.machine_document import machine_document

HYPOTHESIS_SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def left_out(losses: Iterable[wk.Loss]) -> tuple[list[str], list[wk.Loss]]:
    """Return the texts that are listed as left out, and all else that is lost, except for what nothing depends on."""
    texts, others = [], []
    for loss in losses:
        match = re.match(r'the text "(.*?)", shown if', loss.what)
        if match is not None:
            texts.append(match[1])
        elif "nothing that was imported depends on it" not in loss.why:
            others.append(loss)
    return texts, others


@HYPOTHESIS_SETTINGS
@given(machines())
def test_a_world_plays_as_its_machine_where_nothing_was_lost(machine: wk.Machine) -> None:
    document, _, losses = machine_document(machine, 200)
    texts, others = left_out(losses)
    if not others:
        plays_alike(machine, wk.load(document), texts)


@HYPOTHESIS_SETTINGS
@given(flag_machines())
def test_texts_are_shown_as_in_the_machine_where_flags_alone_decide_them(machine: wk.Machine) -> None:
    with mock.patch.object(explored, "_MAX_ATTEMPTS", 0):  # no state is copied for a text
        document, _, losses = machine_document(machine, 200)
    texts, others = left_out(losses)
    assume(not any("leads back to itself without a choice" in loss.what for loss in others))  # play would never end
    assert others == []
    plays_alike(machine, wk.load(document), texts)


@pytest.mark.parametrize("form", FORMATS)
@HYPOTHESIS_SETTINGS
@given(story=pages())
def test_a_twine_story_plays_as_it_is_written(form: str, story: list[Page]) -> None:
    imported = wk.import_(twee(story, form), max_copies=500)
    texts, others = left_out(imported.lost)
    assert others == []
    plays_alike(machine_of(story), imported.world, texts)
    assert set(imported.world.states) >= {page.name for page in story}


def test_a_choice_that_is_in_view_twice_and_can_be_taken_once_is_offered_where_it_is_first() -> None:
    on = Operation("<", (Variable("coins"), Constant(2)))
    counting = VariableEffect("coins", Operation("+", (Variable("coins"), Constant(1))))
    node = wk.MachineNode("hall", (), (counting,), (Forward("hall", on, "kept"),))
    ways = tuple(wk.MachineTransition("hall", None, f"go {number}", once=number != 1) for number in range(3))
    machine = wk.Machine("hall", "hall", (node,), ways, {"coins": 0})
    document, _, losses = machine_document(machine)
    assert losses == []
    world = wk.load(document)
    plays_alike(machine, world)
    assert [event.one_shot for event in world.events] == [True, None, True, None]


def test_a_choice_that_copies_remember_is_offered_once_where_it_is_in_view_twice() -> None:
    on = Operation("==", (Variable("coins"), Constant(2)))
    counting = VariableEffect("coins", Operation("+", (Variable("coins"), Constant(1))))
    node = wk.MachineNode("hall", (), (counting,), (Forward("hall", on, "kept"),))
    ways = tuple(wk.MachineTransition("hall", "hall", f"go {number}", once=number == 0) for number in range(2))
    machine = wk.Machine("hall", "hall", (node,), ways, {"coins": 0})
    document, _, losses = machine_document(machine)
    assert losses == []
    plays_alike(machine, wk.load(document))
