"""Prompts are assembled as the specification says (docs/spec/runtime.md#prompts)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.play.worlds import playable
from worldkit import Phase, World
from worldkit.core.prompt_parts import MAX_PROMPT_LENGTH, prompt_length
from worldkit.playing import budget, event_prompt, phase_prompt, prompt

WORLD = World.from_dict(
    {
        "subject": "A keeper in a yellow coat",
        "styleTail": "Grey morning light.",
        "scene": {
            "states": {
                "lane": {
                    "base": " A lane. ",
                    "camera": {"static": "Low angle.", "dynamic": "Tracking shot."},
                    "movement": {"static": "She stands.", "dynamic": "She walks."},
                    "ambient": ["Rain beads."],
                },
                "gate": {"base": "a keeper in a\nyellow coat waits. Grey morning light."},
            },
            "events": [
                {
                    "name": "walk_up",
                    "kind": "transition",
                    "from": ["lane"],
                    "to": "gate",
                    "camera": "Pan.",
                    "movement": "Run.",
                },
                {"name": "look_up", "kind": "override", "from": ["lane"], "to": "gate", "detail": "A look upwards"},
                {"name": "ring_the_bell", "kind": "override", "from": ["lane"], "base": "  "},
                {
                    "name": "cut",
                    "kind": "transition",
                    "from": ["gate"],
                    "to": "clip",
                    "base": "She turns.",
                    "detail": "x",
                },
                {"name": "ride", "kind": "transition", "from": ["gate"], "to": "clip"},
            ],
        },
        "cutscenes": [{"id": "clip", "video": "c.mp4", "from": "gate", "to": "lane"}],
    }
)


def test_a_state_is_base_camera_movement_subject_and_tail_standing() -> None:
    expected = "A lane. Low angle. She stands. A keeper in a yellow coat Grey morning light."
    assert prompt(WORLD, "lane") == prompt(WORLD, WORLD.states["lane"]) == expected


def test_a_moving_prompt_takes_the_travelling_halves() -> None:
    expected = "A lane. Tracking shot. She walks. A keeper in a yellow coat Grey morning light."
    assert prompt(WORLD, "lane", moving=True) == expected


def test_subject_and_tail_already_in_the_text_are_not_repeated() -> None:
    assert prompt(WORLD, "gate") == "a keeper in a\nyellow coat waits. Grey morning light."


def test_an_event_speaks_its_destination_when_it_has_no_base() -> None:
    assert event_prompt(WORLD, "walk_up") == "a keeper in a\nyellow coat waits. Grey morning light. Pan. Run."


def test_an_event_speaks_the_destination_behind_a_cutscene() -> None:
    assert event_prompt(WORLD, "ride") == "A lane."


def test_an_override_has_no_destination_so_it_speaks_its_detail() -> None:
    assert event_prompt(WORLD, "look_up") == "A look upwards"


def test_an_event_without_prose_speaks_its_name() -> None:
    assert event_prompt(WORLD, WORLD.events_by_name["ring_the_bell"]) == "ring the bell"


def test_an_events_own_base_wins() -> None:
    assert event_prompt(WORLD, "cut") == "She turns."


def test_a_phase_is_base_camera_movement_detail() -> None:
    phase = Phase.model_validate({"base": "One.", "detail": "Four.", "movement": "Three.", "camera": "Two."})
    assert phase_prompt(phase) == "One. Two. Three. Four."


def test_the_budget_counts_both_halves_and_every_ambient_line() -> None:
    assert budget(WORLD.states["lane"]) == len("A lane. Low angle. Tracking shot. She stands. She walks. Rain beads.")


def test_a_prompt_that_is_too_long_loses_its_camera_first() -> None:
    whole = "A lane. Low angle. She stands. A keeper in a yellow coat Grey morning light."
    assert prompt(WORLD, "lane", limit=len(whole)) == whole
    shorter = prompt(WORLD, "lane", limit=len(whole) - 1)
    assert shorter == "A lane. She stands. A keeper in a yellow coat Grey morning light."
    assert event_prompt(WORLD, "walk_up", limit=58) == "a keeper in a\nyellow coat waits. Grey morning light. Run."


def test_a_long_prompt_is_cut_between_words() -> None:
    assert event_prompt(WORLD, "look_up", limit=7) == "A look"
    assert phase_prompt(Phase(base="A stone wall"), limit=8) == "A stone"


def test_unknown_states_and_events_are_key_errors() -> None:
    with pytest.raises(KeyError):
        prompt(WORLD, "moon")
    with pytest.raises(KeyError):
        event_prompt(WORLD, "moon")


@settings(max_examples=50, deadline=None)
@given(playable(), st.booleans(), st.integers(1, 200))
def test_no_prompt_is_longer_than_its_limit(world: World, moving: bool, limit: int) -> None:
    for id in world.states:
        whole = prompt(world, id, moving, limit=10**9)
        assert prompt_length(prompt(world, id, moving)) <= MAX_PROMPT_LENGTH
        short = prompt(world, id, moving, limit=limit)
        assert prompt_length(short) <= limit
        assert short == whole or prompt_length(whole) > limit
    for event in world.events:
        assert prompt_length(event_prompt(world, event, limit)) <= limit
