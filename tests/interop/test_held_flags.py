"""What is certain about flags is what play, through all ways, shows to be certain."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings

import worldkit as wk
from tests.interop.stories import flag_machines
from worldkit.interop.stories import held_flags as module
from worldkit.interop.stories.copies import Copies, Copy
from worldkit.interop.stories.held_flags import HeldFlags, held_flags, required_flags
from worldkit.interop.stories.variables import plan_variables

HYPOTHESIS_SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def copies_of(machine: wk.Machine) -> tuple[Copies, list[str]]:
    """Return the states of a machine, and its flags."""
    plan = plan_variables(machine)
    return Copies(machine, plan, 16), sorted(plan.flags)


def arriving_flags(copies: Copies) -> dict[int, list[frozenset[str]]]:
    """Return the sets of flags with which play comes to each copy, found by taking every way."""
    flags_by_copy: dict[int, list[frozenset[str]]] = {}
    waiting = [(copies.start, frozenset(copies.start_flags))]
    visited: set[tuple[int, frozenset[str]]] = set()
    while waiting:
        copy, flags = waiting.pop()
        if (id(copy), flags) in visited:
            continue
        visited.add((id(copy), flags))
        flags_by_copy.setdefault(id(copy), []).append(flags)
        for move in copy.moves:
            if flags.issuperset(required_flags(move)):
                waiting.append((move.target, flags.union(move.grants)))
    return flags_by_copy


@HYPOTHESIS_SETTINGS
@given(flag_machines())
def test_what_is_said_of_a_flag_is_so_whichever_way_play_came(machine: wk.Machine) -> None:
    copies, flags = copies_of(machine)
    held_in, arriving = held_flags(copies, flags), arriving_flags(copies)
    for copy in copies.copies:
        for name in flags:
            answer = held_in(copy).is_held(name)
            assert all((name in held) == answer for held in arriving.get(id(copy), ())) or answer is None


def answers(story: str, name: str) -> dict[str, bool | None]:
    """Return whether a flag is held in each passage."""
    copies, flags = copies_of(wk.import_(story).machine)
    held_in = held_flags(copies, [name])
    assert name in flags and len(copies.copies) == story.count("::")

    def answer(copy: Copy) -> bool | None:
        return held_in(copy).is_held(name)

    return {copy.name: answer(copy) for copy in copies.copies}


KEY = ":: Start\n[[Key]] [[Hall]]\n:: Key\n(set: $key to true)[[Hall]]\n"


def test_a_flag_is_held_behind_what_requires_it() -> None:
    story = f"{KEY}:: Hall\n(if: $key)[[[Door]]]\n:: Door [win]\n"
    assert answers(story, "key") == {"Start": False, "Key": True, "Hall": None, "Door": True}


def test_a_flag_is_not_held_where_only_a_closed_way_brings_it() -> None:
    story = (
        ":: Start\n(if: $rope)[[[Pit]]](if: $key)[[[End]]]\n:: Pit\n(set: $rope to true)(set: $key to true)[[Start]]"
    )
    assert answers(f"{story}\n:: End [win]\n", "key") == {"Start": False, "Pit": None, "End": None}


def test_a_way_counts_also_where_its_flag_is_held_only_sometimes() -> None:
    story = (
        f"{KEY}:: Hall\n(if: $key)[[[Door]]] [[Shed]]\n:: Shed\n(set: $rope to true)[[Door]]\n"
        ":: Door\n(if: $rope)[[[End]]]\n:: End [win]\n"
    )
    assert answers(story, "rope")["Door"] is None


def test_nothing_is_certain_where_play_never_comes() -> None:
    story = f"{KEY}:: Hall\n(if: $key)[[[End]]]\n:: End [win]\n:: Attic\n[[Hall]]"
    assert answers(story, "key")["Attic"] is None


def test_what_is_gained_is_held_and_may_be_gained_later() -> None:
    gained = HeldFlags({"key": 1, "rope": 2}, 0, 0).gained(["key"])
    assert (gained.is_held("key"), gained.is_held("rope")) == (True, False)
    assert gained.uncertain(["key", "rope"]).is_held("key") is None


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_nothing_is_certain_when_it_takes_too_long_to_find_out(steps: int) -> None:
    story = f"{KEY}:: Hall\n(if: $key)[[[Door]]]\n:: Door [win]\n"
    with mock.patch.multiple(module, _MAX_STEPS=steps, _MAX_ROUNDS=0):
        assert set(answers(story, "key").values()) == {None}


def test_a_chain_of_flags_each_unlocking_the_next_is_walked_in_a_few_rounds() -> None:
    count = 200
    passages = (f":: A{n}\n(set: $k{n} to true)(if: $k{n - 1})[[[A{n + 1}]]][[A0]]\n" for n in range(1, count))
    story = f":: A0\n(set: $k0 to true)[[A1]]\n{''.join(passages)}:: A{count} [win]\n"
    with mock.patch.object(module, "_MAX_STEPS_PER_TRANSITION", module._MAX_ROUNDS):
        assert answers(story, f"k{count - 2}")[f"A{count}"] is True
