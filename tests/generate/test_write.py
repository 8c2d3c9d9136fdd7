"""Whatever a model answers, the world is whole: rubbish and silence fall back on the templates."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.texts import FERRY, LETTERS, MINE
from tests.generate.worlds import LIGHTHOUSE
from tests.growing import MAX_GROWTH
from worldkit import Report, Retelling, Verdict, World
from worldkit.core.progress import ignore
from worldkit.generation import generate_one
from worldkit.generation.engines.base import Ask, OnReply, Reply
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.generate_one import finished, judged
from worldkit.generation.pipeline.run import Commission
from worldkit.generation.planning.planner import plan
from worldkit.generation.prose import choice, requests
from worldkit.generation.prose.choice import EarlierTexts
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.writer import FREE_ANSWER_PROMPT, MAX_ATTEMPTS, ProseJob, ProseResult, Writer
from worldkit.generation.story import chapter
from worldkit.generation.story.retelling import retell_text
from worldkit.generation.text import constraints
from worldkit.ruleset.gate import verify

Answer = Callable[[Ask, int], Reply]


class Parrot:
    """An engine that says what it is told to say."""

    name = "parrot"
    is_weak = holds_lengths = False

    def __init__(self, say: Answer, capable: bool = False) -> None:
        self._say = say
        self.capable = capable
        self.asked: list[Ask] = []

    def answer(self, asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        """Answer each ask, telling which one it is."""
        replies = []
        for number, ask in enumerate(asks):
            self.asked.append(ask)
            replies.append(self._say(ask, len(self.asked)))
            on_reply(number, replies[-1])
        return replies


def _write_world(parrot: Parrot, progress: Callable[[int, int, str], None] = ignore) -> tuple[World, Report]:
    return generate_one(LIGHTHOUSE, 1, 6, Writer(parrot), progress)


def _say_new_words() -> Answer:
    words = map("".join, product("bdfgklprtz", "aeiou", "bdfgklprtz", "aeiou", "bdfgklprtz"))
    return lambda ask, n: Reply(f"{ask.prefix} {' '.join(islice(words, 12))}.", True, -1.0, 5)


def _judge(world: World) -> None:
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
    parrot = Parrot(lambda ask, n: Reply(text, True, -1.0, 5))
    world, report = _write_world(parrot)
    _judge(world)
    assert report.written == 0
    assert len(report.fallbacks) > 30


def test_answers_cut_short_are_not_taken() -> None:
    parrot = Parrot(lambda ask, n: Reply(f"{ask.prefix} under stone {n}.", False, -1.0, 5))
    assert _write_world(parrot)[1].written == 0


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_text_at_all_leaves_a_world_valid(data: st.DataObject) -> None:
    texts = data.draw(
        st.lists(st.sampled_from([*RUBBISH, "A lamp glows under the stair."]) | st.text(max_size=60), min_size=1)
    )
    parrot = Parrot(lambda ask, n: Reply(ask.prefix + texts[n % len(texts)], n % 3 > 0, -1.0, 5))
    _judge(_write_world(parrot)[0])


def test_an_answer_too_short_to_describe_a_place_is_not_taken() -> None:
    parrot = Parrot(lambda ask, n: Reply(f"{ask.prefix} waits {n}.", True, -1.0, 5))
    world, report = _write_world(parrot)
    _judge(world)
    assert "states.lighthouse.base" in report.fallbacks


def test_a_field_is_asked_for_four_times_at_most() -> None:
    parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0))
    _write_world(parrot)
    first = [
        ask for ask in parrot.asked if ask.prefix == parrot.asked[0].prefix and ask.question == parrot.asked[0].question
    ]
    assert len({ask.seed for ask in first}) == len(first)
    assert len(first) % MAX_ATTEMPTS == 0


def test_fit_answers_are_taken_as_they_are() -> None:
    parrot = Parrot(_say_new_words())
    world, report = _write_world(parrot)
    _judge(world)
    assert report.fallbacks == ()
    assert report.again == 0
    assert "states.lighthouse.base" not in report.fallbacks


def test_the_likeliest_fit_answer_wins() -> None:
    def say(ask: Ask, n: int) -> Reply:
        likely = -1.0 if n % 2 else -3.0
        words = " ".join(f"{chr(97 + n % 26)}{chr(97 + at)}{n}" for at in range(9))
        return Reply(f"{ask.prefix} {'rain' if n % 2 else 'snow'} {words}.", True, likely, 5)

    world, _ = _write_world(Parrot(say))
    assert "rain" in world.to_json()
    assert world.to_json().count("rain") > world.to_json().count("snow")


def test_a_word_that_was_said_often_is_passed_over() -> None:
    parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0))
    _write_world(parrot)
    ask = parrot.asked[0]
    answers = [Reply(f"{ask.prefix} waits {end}.", True, -1.0, 5) for end in ("under a spool", "under a funnel")]
    candidates = [(replace(ask, min_characters=0), answer) for answer in answers]
    for worn, answer_index in (("spool", 1), ("funnel", 0)):
        sentences = [f"A {worn} {verb}." for verb in ("waits", "leans", "turns")]
        assert EarlierTexts(*sentences).best(candidates, frozenset()) == answers[answer_index].text


def test_choosing_texts_takes_no_more_than_in_proportion_to_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    texts_read = 0
    read_words = constraints.words_of

    def words_of(text: str) -> list[str]:
        nonlocal texts_read
        texts_read += 1
        return read_words(text)

    for module in (constraints, choice):
        monkeypatch.setattr(module, "words_of", words_of)

    def count_texts_read(states: int) -> int:
        nonlocal texts_read
        world_plan = plan(LIGHTHOUSE, 1, states)
        job = ProseJob(world_plan, tuple(wanted(world_plan, 1)), 1)
        texts_read = 0
        [result] = Writer(Parrot(_say_new_words())).write([job], ignore)
        assert result.fallbacks == set()
        return texts_read

    small, large = map(count_texts_read, (20, 80))
    assert large < MAX_GROWTH**2 * small


def test_prompts_carry_the_subject_and_the_atmosphere_word_for_word() -> None:
    parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0), capable=True)
    world, _ = _write_world(parrot)
    for ask in parrot.asked:
        assert world.subject and world.subject in ask.system
        assert world.style_tail and world.style_tail in ask.system
        assert not ask.prefix.endswith(" ")
        assert FREE_ANSWER_PROMPT in ask.system


def test_a_small_model_is_given_its_words_and_a_capable_one_says_what_it_likes() -> None:
    asks_by_engine = []
    for capable in (True, False):
        parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0), capable)
        _write_world(parrot)
        asks_by_engine.append(parrot.asked)
    assert [ask.question for ask in asks_by_engine[0]] == [ask.question for ask in asks_by_engine[1]]
    is_free = [{"[A-Za-z0-9" in ask.grammar for ask in asks} for asks in asks_by_engine]
    assert is_free == [{True}, {False}]


def test_the_answers_that_a_small_models_string_is_chosen_from_share_a_grammar() -> None:
    parrot = Parrot(lambda ask, n: Reply("", True, 0.0, 0))
    _write_world(parrot)
    choice_asks = [ask for ask in parrot.asked if ask.min_characters]
    first = [ask for ask in choice_asks if ask.prefix == choice_asks[0].prefix]
    grammars = list(dict.fromkeys(ask.grammar for ask in first))
    assert len(first) == 3 * MAX_ATTEMPTS and len(grammars) == MAX_ATTEMPTS


def test_progress_only_grows_within_its_total_and_ends_done() -> None:
    updates: list[tuple[int, int, str]] = []
    _write_world(Parrot(lambda ask, n: Reply("", True, 0.0, 0)), lambda *a: updates.append(a))
    assert all(0 <= done <= total for done, total, _ in updates)
    assert updates[-1] == (1, 1, "done")


def test_prose_that_does_not_pass_is_left_out_and_the_report_says_what_it_took() -> None:
    world_plan = plan(LIGHTHOUSE, 1, 6)
    job = ProseJob(world_plan, tuple(wanted(world_plan, 1)), 1)
    [by_templates] = Writer().write([job], ignore)
    at = next(item.at for item in job.fields if item.question and item.at[2] == "base")
    texts = by_templates.texts | {at: "There is no light on the stair."}
    prose = ProseResult(texts, model={at}, tokens=7, again=2, notes=("the engine stopped",))
    world, report = finished(job, prose, "parrot", 1.0, ("a note",), LIGHTHOUSE, judged)
    assert world == finished(job, by_templates, "", 1.0, (), LIGHTHOUSE, judged)[0]
    assert (report.model, report.tokens, report.written, report.again) == ("parrot", 7, 0, 2)
    assert report.by_model == () and report.fallbacks == (f"states.{at[1]}.base",)
    first_note, left_out, last_note = report.notes
    assert (first_note, last_note) == ("a note", "the engine stopped") and "did not pass, and was left out" in left_out


def _retell(text: str, writer: Writer) -> Retelling:
    return retell_text(Commission("chapter", text, backend.named("templates"), 1), lambda: writer, ignore)


def _rests(ask: Ask, number: int) -> Reply:
    return Reply(f"{ask.prefix} rests in pale even light.", True, -1.0, 5)


def test_prose_of_a_text_that_does_not_pass_is_left_out_too(monkeypatch: pytest.MonkeyPatch) -> None:
    judged_worlds: list[World] = []

    def strict(world: World) -> Verdict:
        judged_worlds.append(world)
        return replace(verify(world), passed=len(judged_worlds) > 1)

    expected = _retell(FERRY, Writer()).world
    monkeypatch.setattr(chapter, "verify", strict)
    retelling = _retell(FERRY, Writer(Parrot(_rests)))
    assert len(judged_worlds) == 2 and judged_worlds[0] != expected == retelling.world
    [note] = retelling.report.notes
    assert retelling.report.by_model == () and "did not pass, and was left out" in note


def test_the_report_of_a_small_model_tells_the_acts_of_a_text_apart() -> None:
    retelling = _retell("\n\n".join([FERRY, MINE, LETTERS] * 2), Writer(Parrot(_rests)))
    ids = {f"act_{number}" for number in range(1, len(retelling.chapters) + 1)}
    assert len(ids) > 1 and {path.partition(".")[0] for path in retelling.report.fallbacks} == ids


def test_an_interrupt_goes_through() -> None:
    def stop(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _write_world(Parrot(lambda ask, n: Reply("", True, 0.0, 0)), stop)


def test_a_plan_draws_no_text_before_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = wanted(plan(LIGHTHOUSE, 1, 6), 1)
    [field] = [item for item in fields if item.at[2] == "camera.static"][:1]
    assert [*field.answers] == [*field.answers]
    drawn_texts = list[str]()

    draw = requests.Question.random_answer

    def random_answer(question: requests.Question, dice: random.Random, attempt: int) -> str:
        drawn_texts.append(draw(question, dice, attempt))
        return drawn_texts[-1]

    monkeypatch.setattr(requests.Question, "random_answer", random_answer)
    wanted(plan(LIGHTHOUSE, 1, 6), 1)
    assert not drawn_texts
    Writer().write([ProseJob(plan(LIGHTHOUSE, 1, 6), (field,), 1)], ignore)
    assert len(drawn_texts) == 1
