"""A model's name that means nothing is refused at the call, with what was found and what is expected."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from worldkit.generation.pipeline import generate_one

WORLD = wk.samples.load("bench")
TEXT = "Mara went to the harbour at dusk. " * 20

CALLS: dict[str, Callable[[str], Any]] = {
    "generate": lambda model: wk.generate("A lamp.", model=model),
    "generate_many": lambda model: wk.generate_many(["A lamp."], model),
    "from_text": lambda model: wk.from_text(TEXT, model=model),
    "revise": lambda model: wk.revise(WORLD, "Make it night.", model=model),
    "rewrite": lambda model: wk.rewrite(WORLD, "bench", model=model),
    "propose_action": lambda model: wk.propose_action(wk.Session(WORLD), "sit down", model=model),
    "console_voice": lambda model: wk.console_voice(model),
    "play": lambda model: wk.play(WORLD, model=model),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_name_of_no_known_form_is_refused(call: str) -> None:
    with pytest.raises(wk.WorldError, match=r"model \"gpt\" is not known; expected \"tiny\""):
        CALLS[call]("gpt")


@pytest.mark.parametrize(("name", "meant"), [("template", "templates"), ("lokal", "local"), ("hostd", "hosted")])
def test_a_name_that_is_nearly_one_is_asked_about(name: str, meant: str) -> None:
    with pytest.raises(wk.WorldError, match=f'is not known; did you mean "{meant}"\\? Expected "tiny"'):
        wk.generate("A lamp.", model=name)


@pytest.mark.parametrize("name", ["sk-proj-1234567890", "chat:http://localhost:9/v1#sk-proj-1234567890"])
@pytest.mark.parametrize("call", CALLS)
def test_a_key_in_the_place_of_a_model_is_refused_and_not_repeated(call: str, name: str) -> None:
    with pytest.raises(wk.WorldError, match="WORLDKIT_CHAT_KEY") as error:
        CALLS[call](name)
    assert "1234567890" not in str(error.value)


@pytest.mark.parametrize("premise", ["Ein Taucher findet eine Tür unter dem Meer.", "一个潜水员在海底发现了一扇门。"])
def test_a_premise_in_another_language_is_reported_where_code_reads_it(premise: str) -> None:
    [result] = wk.generate_many([premise], "templates")
    note = "code reads premises in English only: the seed chose what the world is about"
    assert result.report is not None and result.report.notes == (note,)
    assert generate_one.notes_on_premise(premise, is_for_model=True) == ()


def test_the_report_of_a_world_without_a_model_names_the_templates() -> None:
    _, report = wk.generate_with_report("A diver finds a door.", "templates")
    assert report.model == "templates" and str(report).startswith("templates, seed 1, ")
    assert wk.revise(wk.samples.load("bench"), "rename lane to road", "templates").report.model == "templates"


def test_what_is_left_out_and_an_empty_premise_are_warned_of() -> None:
    for premise in ("", "?!"):
        with pytest.warns(UserWarning, match="the premise is empty: the seed chose what the world is about"):
            wk.generate(premise, "templates")
    with pytest.warns(UserWarning, match="missions: left out, because only a capable model plans them"):
        wk.generate("A lamp.", "templates", features=["missions"])
    results = wk.generate_many(["A diver finds a door.", None, ""], "templates")
    assert results[0].report is not None and results[0].report.notes == ()
    assert results[1].world is None and results[1].error == "premise: expected a string; got None"
    assert results[2].report is not None
    assert results[2].report.notes == ("the premise is empty: the seed chose what the world is about",)
    assert repr(results[0].report.kept[0]) == "KeptName('diver', in event[take_the_divers_knife])"
    assert len(repr(results[0].report.kept)) < 400


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "where", ["/no/such/folder", "./none", "~/none", "~nobody/none", "a/b/c", "models/none.gguf", "a\\b", "a\0b"]
)
def test_a_path_at_which_there_is_nothing_is_refused(call: str, where: str) -> None:
    with pytest.raises(wk.WorldError, match=r"there is nothing at|cannot be looked at"):
        CALLS[call](f"local:{where}")


@pytest.mark.parametrize("where", ["/no/such/folder", "./none", "a/b/c", "none.safetensors"])
def test_a_painter_is_refused_the_same(where: str) -> None:
    with pytest.raises(wk.WorldError, match="there is nothing at"):
        wk.paint(WORLD, model=f"diffusers:{where}")
    with pytest.raises(wk.WorldError, match='no model is called "gpt"; expected'):
        wk.paint(WORLD, model="gpt")


@pytest.mark.parametrize("model", ["templates", "hosted"])
def test_a_player_is_refused_a_model_that_cannot_write_an_action(model: str) -> None:
    with pytest.raises(wk.WorldError):
        wk.play(WORLD, model=model)
    with pytest.raises(wk.WorldError):
        wk.play(WORLD, model=model, consoles=True)


def test_an_id_that_the_hub_cannot_answer_for_is_not_asked_for_again_and_again(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    code = (
        "import worldkit as wk\n"
        "from worldkit.generation.engines import weights\n"
        "try:\n    weights.source('torch:nobody/no-such-model')\n"
        "except wk.WorldError as error:\n    print(error)\n"
    )
    # nobody answers there
    environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert "there is no folder of that name, and it is not downloaded, and the Hugging Face hub cannot" in run.stdout
