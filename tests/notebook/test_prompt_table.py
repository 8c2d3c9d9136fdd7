"""The cases that hold the inspector's preview to the prompts a world model is given: both sides read one table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from worldkit import Event, Phase, State, World, load
from worldkit.core.prompt_parts import PromptParts, cut_prompt
from worldkit.playing import prompts

TABLE: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[2] / "widgets/test/editor/prompts.json").read_text(encoding="utf-8")
)


def world(states: dict[str, Any], **fields: Any) -> World:
    return load({"schemaVersion": "1.0", **fields, "scene": {"states": states, "events": []}})


@pytest.mark.parametrize("case", TABLE["states"], ids=lambda case: str(case["says"]))
def test_a_states_prompts_are_those_of_the_table(case: dict[str, Any]) -> None:
    document = world({"here": case["state"]}, **case["world"])
    assert prompts.prompt(document, "here") == case["standing"]
    assert prompts.prompt(document, "here", moving=True) == case["moving"]
    assert prompts.budget(State.model_validate(case["state"])) == case["budget"]


@pytest.mark.parametrize("case", TABLE["events"], ids=lambda case: str(case["prompt"]))
def test_an_events_prompt_is_that_of_the_table(case: dict[str, Any]) -> None:
    states = {"a": {"base": "The foot."}, "b": {"base": "The gallery."}, "c": {"base": ""}}
    cutscene = {"id": "cut", "video": "v", "from": "a", "to": "b"}
    assert (
        prompts.event_prompt(world(states, cutscenes=[cutscene]), Event.model_validate(case["event"])) == case["prompt"]
    )


@pytest.mark.parametrize("case", TABLE["phases"], ids=lambda case: str(case["prompt"]))
def test_a_phases_prompt_is_that_of_the_table(case: dict[str, Any]) -> None:
    assert prompts.phase_prompt(Phase.model_validate(case["phase"])) == case["prompt"]


@pytest.mark.parametrize("case", TABLE["cuts"], ids=lambda case: str(case["says"]))
def test_a_long_prompt_is_cut_as_in_the_table(case: dict[str, Any]) -> None:
    assert cut_prompt(PromptParts(**case["parts"]), case["limit"]) == case["prompt"]
