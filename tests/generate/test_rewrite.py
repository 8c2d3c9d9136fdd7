"""Alternatives to a state: distinct, within the rules, labelled, and taken only when you take them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.generate.scripted import Scripted
from tests.generate.worlds import from_templates, ordinary
from worldkit import WorldError
from worldkit.core.progress import ignore
from worldkit.generation.engines import local_runner
from worldkit.generation.pipeline import backend
from worldkit.generation.revision import rewriting as rewriting_module
from worldkit.generation.revision.rewriting import MAX_ALTERNATIVES, by_chat

BENCH = wk.samples.load("bench")
FIRST_VARIANT = "A lane of pale frost between two walls, and four lime trees at its top."
SECOND_VARIANT = "Frost along a farm lane; at the rise the lime trees lean over a bench."


@settings(max_examples=12, deadline=None)
@given(ordinary, st.integers(0, 99), st.integers(1, MAX_ALTERNATIVES), st.data())
def test_alternatives_are_distinct_and_keep_the_rules(premise: str, seed: int, n: int, data: st.DataObject) -> None:
    world = from_templates(premise, seed, 6)[0]
    state = data.draw(st.sampled_from(list(world.states)))
    rewriting = wk.rewrite(world, state, n, model="templates", seed=seed, progress=ignore)
    assert rewriting.world == world.apply(rewriting.ops)
    assert list(rewriting.world.lint("studio")) == []
    bases = [world.states[state].base, *(variant.base for variant in rewriting.variants)]
    assert len(set(bases)) == n + 1
    again = wk.rewrite(rewriting.world, state, n, model="templates", seed=seed, progress=ignore)
    every = [variant.base for variant in again.world.states[state].variants or ()]
    assert len(set(every)) == len(every) == 2 * n
    labels = [variant.label for variant in again.world.states[state].variants or ()]
    assert labels == list("BCDEFGHIJKLMNOPQ")[: 2 * n]


def test_the_same_seed_gives_the_same_and_repr_shows_them() -> None:
    first, second = (wk.rewrite(BENCH, "lane", model="templates", progress=ignore) for _ in "ab")
    assert repr(first) == repr(second)
    assert repr(first).count("\n") == 3
    assert first.diff.states.changed.keys() == {"lane"}


def test_where_the_templates_are_used_up_it_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting_module, "MAX_DRAWS", 1)

    def rewrite_again_and_again() -> None:
        world = BENCH
        for _ in range(60):
            world = wk.rewrite(world, "lane", MAX_ALTERNATIVES, model="templates", progress=ignore).world

    with pytest.raises(WorldError, match=r'no further way to put "lane" was found, beside .* name a capable model'):
        rewrite_again_and_again()


@pytest.mark.parametrize("n", [0, -1, MAX_ALTERNATIVES + 1, 2.0, True])
def test_a_number_out_of_bounds_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match=r"1 to 8|n: expected a whole number"):
        wk.rewrite(BENCH, "lane", n, model="templates")


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(WorldError, match='did you mean "lane"'):
        wk.rewrite(BENCH, "laen", model="templates")


def test_a_models_alternatives_are_taken_once_they_are_fit() -> None:
    wrong = (
        {"variants": [FIRST_VARIANT]},
        {"variants": [FIRST_VARIANT, FIRST_VARIANT]},
        {"variants": [FIRST_VARIANT, "There is no lane at all, and never was one."]},
    )
    chat = Scripted(*wrong, {"variants": [FIRST_VARIANT, SECOND_VARIANT]})
    rewriting = by_chat(BENCH, "lane", 2, chat, 1, ignore)
    assert [variant.base for variant in rewriting.variants] == [FIRST_VARIANT, SECOND_VARIANT]
    assert len(rewriting.refusals) == 3
    assert "negation" in rewriting.refusals[2].reason
    assert rewriting.report.model == chat.name
    assert (rewriting.report.tokens, rewriting.report.again, rewriting.report.written) == (40, 3, 2)


def test_a_large_model_that_runs_here_writes_whole_texts_as_an_endpoint_does(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = Scripted({"variants": [FIRST_VARIANT, SECOND_VARIANT]})
    chat.capable = True  # type: ignore[attr-defined]
    monkeypatch.setattr(local_runner, "resolved", lambda model: "local:some/model")
    monkeypatch.setattr(backend, "opened", lambda model, progress: SimpleNamespace(engine=chat))
    rewriting = wk.rewrite(BENCH, "lane", 2, model="local", progress=ignore)
    assert [variant.base for variant in rewriting.variants] == [FIRST_VARIANT, SECOND_VARIANT]
    assert len(chat.asked) == 1 and rewriting.report.model == chat.name


def test_the_seed_goes_with_the_question_and_the_next_number_with_a_correction() -> None:
    chat = Scripted({"variants": [FIRST_VARIANT]}, {"variants": [FIRST_VARIANT, SECOND_VARIANT]})
    by_chat(BENCH, "lane", 2, chat, 7, ignore)
    assert chat.seeds == [7, 8]


def test_alternatives_that_differ_in_a_word_are_handed_back() -> None:
    chat = Scripted(
        {"variants": [FIRST_VARIANT, FIRST_VARIANT.replace("pale", "thin")]},
        {"variants": [FIRST_VARIANT, SECOND_VARIANT]},
    )
    rewriting = by_chat(BENCH, "lane", 2, chat, 1, ignore)
    assert "variant 1 is nearly the same as another" in rewriting.refusals[0].reason
    assert [variant.base for variant in rewriting.variants] == [FIRST_VARIANT, SECOND_VARIANT]


def test_a_model_is_shown_texts_of_one_length_in_the_order_of_the_document() -> None:
    bases = [f"Frost along the lane, and lamp {number} lit." for number in range(1, MAX_ALTERNATIVES + 1)]
    ops = [{"op": "add_variant", "state": "lane", "variant": {"base": base}} for base in bases]
    chat = Scripted({"variants": [FIRST_VARIANT, SECOND_VARIANT]})
    by_chat(BENCH.apply(ops), "lane", 2, chat, 1, ignore)
    assert "\n".join(f"- {base}" for base in bases) in chat.asked[0][0]["content"]
