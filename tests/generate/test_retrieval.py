"""Near examples are near, the same every time, and never those that are held out."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripts.adapter_lessons import KINDS, world_of

from tests.generate.worlds import premises, seeds
from worldkit.generation.planning.planner import plan
from worldkit.generation.planning.stock import stock
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.writer import ROUNDS
from worldkit.generation.tiny.corpus import RUN, Text, copied, corpus, digest
from worldkit.generation.tiny.retrieval import SHOTS, Index, examples, index

KEYS = st.sampled_from(KINDS)


def test_every_answer_of_the_corpus_goes_on_from_an_opening() -> None:
    for text in corpus():
        assert text.answer.startswith(text.opening)
        assert len(text.answer) > len(text.opening) + 5


def test_whole_places_are_held_out_and_about_a_tenth_of_all() -> None:
    held = [text for text in corpus() if text.held_out]
    assert 0.06 < len(held) / len(corpus()) < 0.14
    assert {text.genre for text in held} == {text.genre for text in corpus()}
    away = {(text.genre, text.place) for text in held if text.place}
    assert [text for text in corpus() if not text.held_out and (text.genre, text.place) in away] == []


@given(st.data())
def test_five_words_in_a_row_are_a_copy_and_four_are_none(data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(corpus())).answer.split()
    at = data.draw(st.integers(0, max(0, len(words) - RUN)))
    piece = words[at : at + RUN]
    assert copied(" ".join(["zorblax", *piece, "zorblax"])) is (len(piece) == RUN)
    assert not copied(" ".join([*piece[:2], "zorblax", *piece[2:]]))


def test_the_digest_is_of_what_is_shipped() -> None:
    assert digest() == digest()
    assert len(digest()) == 64


@settings(max_examples=20, deadline=None)
@given(premises, seeds, KEYS, st.integers(0, ROUNDS))
def test_examples_are_two_of_the_kind_and_never_held_out(premise: str, seed: int, kind: str, attempt: int) -> None:
    drawn = plan(premise, seed)
    found = examples(drawn, kind, attempt)
    assert len(set(found)) == SHOTS
    assert all(text.kind == kind and not text.held_out for text in found)
    assert found == examples(plan(premise, seed), kind, attempt)


@pytest.mark.parametrize("kind", ["place", "step", "ambient"])
def test_the_nearest_are_mostly_of_the_genre(kind: str) -> None:
    dice = random.Random(1)
    found = [text.genre == genre for genre in stock().genres for text in examples(world_of(genre, dice), kind)]
    assert sum(found) > 0.7 * len(found)


def test_a_genre_of_no_texts_is_shown_those_of_others() -> None:
    bare = set(stock().genres) - {text.genre for text in corpus()}
    assert bare == {"town"}
    drawn = world_of("town", random.Random(2))
    for kind in KINDS:
        assert len(set(examples(drawn, kind))) == SHOTS


def test_each_attempt_has_examples_of_its_own() -> None:
    drawn = plan("A keeper at the lighthouse", 1)
    found = [text for attempt in range(ROUNDS) for text in examples(drawn, "step", attempt)]
    assert len(set(found)) == ROUNDS * SHOTS


def test_what_is_asked_for_is_not_its_own_example() -> None:
    drawn = plan("A keeper at the lighthouse", 1)
    first = examples(drawn, "take")
    assert not set(first) & set(examples(drawn, "take", without=first))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_text_is_nearest_to_its_own_words(data: st.DataObject) -> None:
    kind = data.draw(KEYS)
    text = data.draw(st.sampled_from(index(kind).texts))
    words = " ".join([text.question, text.answer, *stock().genres[text.genre].words])
    assert index(kind).near(words)[0].kind == kind
    assert text in index(kind).near(words)[:3]


def test_words_that_no_text_has_leave_the_order_of_the_corpus() -> None:
    texts = [
        Text("sail", "line", "Place: the deck.", "You wait."),
        Text("sail", "line", "Place: the mast.", "You climb."),
    ]
    assert Index.of(texts).near("zorblax 灯台") == texts
    assert Index.of(texts).near("mast")[0] == texts[1]


def test_every_kind_that_is_asked_for_has_examples_for_every_attempt() -> None:
    asked = {item.question.kind for seed in range(4) for item in wanted(plan("", seed), seed) if item.question}
    assert asked <= set(KINDS)
    assert all(len(index(kind).texts) >= ROUNDS * SHOTS for kind in KINDS)
