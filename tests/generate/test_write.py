"""Whatever a model answers, the world is whole: rubbish and silence fall back on the templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.worlds import LIGHTHOUSE
from worldkit import World
from worldkit.core.progress import ignore
from worldkit.generation import Report, compose
from worldkit.generation.engines.base import Ask, Reply
from worldkit.generation.prose.selection import best
from worldkit.generation.prose.writer import OPEN, ROUNDS, ModelWriter
from worldkit.generation.text.lexicon import FAVOURITES
from worldkit.generation.tiny.corpus import corpus

Answer = Callable[[Ask, int], Reply]


class Parrot:
    """An engine that says what it is told to say."""

    name = "parrot"

    def __init__(self, say: Answer, capable: bool = False) -> None:
        self._say = say
        self.capable = capable
        self.asked: list[Ask] = []

    def answer(self, asks: Sequence[Ask], done: Callable[[], None] = lambda: None) -> list[Reply]:
        """Answer each ask, telling which one it is."""
        replies = []
        for ask in asks:
            self.asked.append(ask)
            replies.append(self._say(ask, len(self.asked)))
            done()
        return replies

    def words(self) -> list[str]:
        """Return a small vocabulary."""
        return ["not", "stone", "blooming"]


def _made(parrot: Parrot, progress: Callable[[int, int, str], None] = ignore) -> tuple[World, Report]:
    return compose(LIGHTHOUSE, 1, 6, lambda: (ModelWriter(parrot), parrot.name), progress)


def _judged(world: World) -> None:
    assert list(world.lint("studio")) == []
    assert world.verify(LIGHTHOUSE).passed


RUBBISH = [
    "",
    "}}]} // Example JSON",
    "The harbor has nothing, and no light.",
    "<script>alert(1)</script>.",
    "You must kill him. " * 50,
    "white-out, blinding bloom.",
    "灯台。",
]


@pytest.mark.parametrize("text", RUBBISH)
def test_a_model_that_writes_rubbish_leaves_it_all_to_the_templates(text: str) -> None:
    parrot = Parrot(lambda ask, n: Reply(text, True, -1.0, 0.0, 5))
    world, report = _made(parrot)
    _judged(world)
    assert report.written == 0
    assert len(report.fallbacks) > 30


def test_answers_cut_short_and_words_made_up_are_not_taken() -> None:
    for whole, odd in ((False, 0.0), (True, -9.0)):
        parrot = Parrot(lambda ask, n, w=whole, o=odd: Reply(f"{ask.opening} under stone {n}.", w, -1.0, o, 5))
        assert _made(parrot)[1].written == 0


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_text_at_all_leaves_a_world_valid(data: st.DataObject) -> None:
    texts = data.draw(
        st.lists(st.sampled_from([*RUBBISH, "A lamp glows under the stair."]) | st.text(max_size=60), min_size=1)
    )
    parrot = Parrot(lambda ask, n: Reply(ask.opening + texts[n % len(texts)], n % 3 > 0, -1.0, 0.0, 5))
    _judged(_made(parrot)[0])


def test_an_answer_that_quotes_the_corpus_is_not_taken() -> None:
    for quoted, taken in ((6, False), (4, True)):
        answers = iter([text.answer for text in corpus() if text.kind == "place"] * 40)

        def say(ask: Ask, n: int, words: int = quoted, answers: Iterator[str] = answers) -> Reply:
            said = next(answers).lower().rstrip(".").split()[-words:]
            return Reply(f"{ask.opening} under the {n}th lamp, {' '.join(said)}.", True, -1.0, 0.0, 5)

        assert (_made(Parrot(say))[1].written > 0) is taken


def test_an_answer_too_short_to_describe_a_place_is_not_taken() -> None:
    parrot = Parrot(lambda ask, n: Reply(f"{ask.opening} waits {n}.", True, -1.0, 0.0, 5))
    world, report = _made(parrot)
    _judged(world)
    assert "states.lighthouse.base" in report.fallbacks


def test_a_field_is_asked_for_four_times_at_most() -> None:
    parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0.0, 0))
    _made(parrot)
    first = [
        ask
        for ask in parrot.asked
        if ask.opening == parrot.asked[0].opening and ask.question == parrot.asked[0].question
    ]
    assert len({ask.seed for ask in first}) == len(first)
    assert len(first) % ROUNDS == 0


def test_fit_answers_are_taken_as_they_are() -> None:
    words = iter(f"{a}{b}{c}{d}" for a in "bdfgklprtz" for b in "aeiou" for c in "bdfgklprtz" for d in "aeiou")
    parrot = Parrot(
        lambda ask, n: Reply(f"{ask.opening} {' '.join(next(words) for _ in range(12))}.", True, -1.0, 0.0, 5)
    )
    world, report = _made(parrot)
    _judged(world)
    assert report.fallbacks == ()
    assert report.again == 0
    assert "states.lighthouse.base" not in report.fallbacks


def test_the_likeliest_fit_answer_wins() -> None:
    def say(ask: Ask, n: int) -> Reply:
        likely = -1.0 if n % 2 else -3.0
        words = " ".join(f"{chr(97 + n % 26)}{chr(97 + at)}{n}" for at in range(9))
        return Reply(f"{ask.opening} {'rain' if n % 2 else 'snow'} {words}.", True, likely, 0.0, 5)

    world, _ = _made(Parrot(say))
    assert "rain" in world.to_json()
    assert world.to_json().count("rain") > world.to_json().count("snow")


def test_each_answer_of_a_capable_model_may_use_some_of_the_favourite_words_and_never_all() -> None:
    parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0.0, 0), capable=True)
    _made(parrot)
    open_ = [sum(word not in ask.shut for word in FAVOURITES) for ask in parrot.asked]
    assert all(count < len(FAVOURITES) for count in open_)
    assert 0.15 < sum(open_) / len(open_) / len(FAVOURITES) < OPEN + 0.05
    assert all(any(word not in ask.shut for ask in parrot.asked) for word in FAVOURITES)


def test_a_word_that_was_said_often_is_passed_over() -> None:
    parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0.0, 0))
    _made(parrot)
    ask = parrot.asked[0]
    answers = [Reply(f"{ask.opening} waits {end}.", True, -1.0, 0.0, 5) for end in ("under a spool", "under a funnel")]
    for worn, taken in (("spool", 1), ("funnel", 0)):
        said = [f"A {worn} {verb}." for verb in ("waits", "leans", "turns")]
        assert best(answers, [replace(ask, shortest=0)] * 2, said, frozenset()) == answers[taken].text


def test_prompts_carry_the_subject_and_the_atmosphere_word_for_word() -> None:
    parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0.0, 0), capable=True)
    world, _ = _made(parrot)
    for ask in parrot.asked:
        assert world.subject and world.subject in ask.system
        assert world.style_tail and world.style_tail in ask.system
        assert not ask.opening.endswith(" ")
        said = {word for _, answer in ask.examples for word in re.findall("[a-z]+", answer.lower())}
        assert said & {"stone", "lamp", "sea", "grey", "brass"} <= ask.shut
        assert "not" in ask.shut


def test_a_capable_model_says_what_it_likes_and_a_small_one_what_it_is_given() -> None:
    asked = {}
    for capable in (True, False):
        parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0.0, 0), capable)
        _made(parrot)
        asked[capable] = parrot.asked
    assert [ask.question for ask in asked[True]] == [ask.question for ask in asked[False]]
    assert all(ask.shut for ask in asked[True]) and not any(ask.shut for ask in asked[False])
    free = [ask for ask in asked[True] if "WORD: / [a-z]+/" in ask.grammar]
    assert len(free) == len(asked[True])
    assert not any("[a-z]" in ask.grammar for ask in asked[False])


def test_the_answers_that_a_small_models_string_is_chosen_from_share_a_grammar() -> None:
    parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0.0, 0))
    _made(parrot)
    described = [ask for ask in parrot.asked if ask.shortest]
    first = [ask for ask in described if ask.opening == described[0].opening]
    grammars = list(dict.fromkeys(ask.grammar for ask in first))
    assert len(first) == 3 * ROUNDS and len(grammars) == ROUNDS


def test_progress_only_grows_within_its_total_and_ends_done() -> None:
    told: list[tuple[int, int, str]] = []
    _made(Parrot(lambda ask, n: Reply("", True, 0.0, 0.0, 0)), lambda *a: told.append(a))
    assert all(0 <= done <= total for done, total, _ in told)
    assert told[-1] == (1, 1, "done")


def test_an_interrupt_goes_through() -> None:
    def stop(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _made(Parrot(lambda ask, n: Reply("", True, 0.0, 0.0, 0)), stop)
