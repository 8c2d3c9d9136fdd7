"""Long texts become acts: cut where the author cut them, and each told by what the others have settled."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from tests.generate import storyteller
from tests.generate.server import serving
from tests.generate.storyteller import Body, good, kind_of
from tests.generate.texts import FERRY, LETTERS, MINE
from worldkit import Retelling, WorldError
from worldkit.core.progress import ignore
from worldkit.generation.story.act_writer import StoryProgress
from worldkit.generation.story.acts import acts

BODIES = (FERRY.partition("\n\n")[2], MINE, LETTERS)
BOOK = "The Three Errands\n\n" + "\n\n".join(
    f"Chapter {number}. {title}\n\n" + "\n\n* * *\n\n".join([body] * 5)
    for number, title, body in (("I", "The Crossing", BODIES[0]), ("II", "The Mine", MINE))
)


def retell(
    script: Callable[[Body, int], Any] = good, text: str = BOOK, model: str = "", **options: Any
) -> tuple[Retelling, list[Body]]:
    with serving(script) as server:
        name = f"{server.model.partition('#')[0]}#{model}" if model else server.model
        retelling = wk.from_text(text, name, progress=ignore, **options)
    return retelling, server.requests


def questions(requests: list[Body], kind: str, start: str = "") -> list[str]:
    texts = [body["messages"][-1]["content"] for body in requests if kind_of(body) == kind]
    return [text for text in texts if text.startswith(start)]


def with_facts(body: Body, number: int) -> str:
    answer = storyteller.ANSWERS[kind_of(body)](body)
    return json.dumps(answer | {"facts": ["The parcel holds a rope."]} if kind_of(body) == "basis" else answer)


# ---- where a text is cut ---------------------------------------------------------------------------


def test_a_long_text_is_cut_at_its_chapters_whose_titles_are_those_of_the_acts() -> None:
    retelling, requests = retell()
    assert retelling.campaign and retelling.campaign.title == "The Three Errands"
    assert [act.title for act in retelling.campaign.acts] == ["The Crossing", "The Mine"]
    assert [world.name for world in retelling.worlds.values()] == ["The Crossing", "The Mine"]
    first, second = questions(requests, "basis")
    assert first.startswith('Chapter "The Crossing": "Marta Weil,') and second.startswith('Chapter "The Mine": "I went')
    assert not any(mark in " ".join(questions(requests, "beats")) for mark in ("* * *", "Chapter I"))


def test_without_chapters_a_long_text_is_cut_at_marks_between_scenes_and_named_by_the_model() -> None:
    scenes = [body * 5 for body in BODIES]
    text_acts = acts("\n\n#\n\n".join(scenes), 15_000, 12_000, 14)
    assert [act.title for act in text_acts] == ["", ""]
    assert [act.text[:6] for act in text_acts] == ["Marta ", "I went"]
    retelling, _ = retell(text="\n\n***\n\n".join(scenes))
    assert {chapter.title for chapter in retelling.chapters} == {storyteller.BASIS["title"]}


@pytest.mark.parametrize(
    "heading", ["Chapter Two", "II", "2.", "## The Mill", "THE MILL", "Part the Second: The Mill", "Epilogue"]
)
def test_what_heads_a_chapter_is_no_sentence_of_it(heading: str) -> None:
    text = f"{FERRY * 4}\n\n{heading}\n\n{MINE * 6}"
    last = acts(text, 15_000, 12_000, 14)[-1]
    assert last.text.startswith("I went into the hills") and heading not in last.text
    assert last.title and last.title in f"{heading}."


@pytest.mark.parametrize(
    "paragraph",
    ["I went on.", "Part of the wall was gone.", '"Chapter and verse," he said.', "Nothing!", "Yours,\n\nAnne"],
)
def test_a_short_paragraph_is_no_heading(paragraph: str) -> None:
    [act] = acts(f"{FERRY}\n\n{paragraph}\n\n{MINE}", 15_000, 12_000, 14)
    assert paragraph in act.text


SHORT_LINES = (
    *("Dear Anna", "KEEP OUT", "The End", "The End.", "Where is he", "THE MILL", "1. Take the bread", "Your Ilse"),
    *("O captain of the boats", "# Night", "Chapter Two. The Weir", "Book III: The Snow", "Oil; Bread", "* * *"),
)
lines_of_a_text = st.lists(st.sampled_from((*SHORT_LINES, *FERRY.split("\n\n"))), min_size=4, max_size=40)


@given(lines_of_a_text, st.sampled_from([500, 2_000, 9_000]))
def test_no_word_of_a_text_is_lost_between_its_acts(paragraphs: list[str], length: int) -> None:
    text_acts = acts("\n\n".join(paragraphs), length, length, 9)
    number = re.compile(r"^(?:Chapter|Book) \w+\W|^\d+\.")
    all_words = Counter(word for paragraph in paragraphs for word in re.findall(r"\w+", number.sub("", paragraph)))
    assert all_words <= Counter(re.findall(r"\w+", " ".join(f"{act.title} {act.text}" for act in text_acts)))


def test_a_line_that_comes_again_is_a_signature_and_no_title() -> None:
    text_acts = acts("\n\n".join(f"{body}\n\nYour Ilse" for body in (FERRY, MINE, LETTERS, MINE)), 3_000, 3_000, 9)
    assert len(text_acts) > 1 and not any("Ilse" in act.title for act in text_acts)
    assert sum(act.text.count("Your Ilse") for act in text_acts) == 4


def test_a_heading_inside_an_act_stays_in_its_text() -> None:
    [act] = acts(f"THE RIVER\n\n{FERRY}\n\n## Chapter Two: The Mine\n\n{MINE}", 15_000, 12_000, 14)
    assert "THE RIVER" in act.text and "\n\nChapter Two: The Mine\n\n" in act.text


@pytest.mark.parametrize("sign", ["KEEP OUT OF THE OLD MILL AT NIGHT", "Dear Anna and all who keep the inn with her"])
def test_a_sign_or_a_greeting_is_no_picture_and_no_summary(sign: str) -> None:
    retelling = wk.from_text(f"{FERRY}\n\n{sign}\n\n{MINE}", "templates", progress=ignore)
    assert sign in " ".join(beat.text for beat in retelling.beats)
    assert not any(sign in beat.summary or sign in beat.picture for beat in retelling.beats)


def test_a_letter_is_not_called_as_it_greets_and_a_title_stands_before_that_of_the_chapter() -> None:
    letter = wk.from_text(f"Dear Anna,\n\n{LETTERS}", "templates", progress=ignore)
    assert letter.beats[0].text.startswith("Dear Anna,") and "Anna" not in letter.world.name
    book = wk.from_text(f"The Three Errands\n\nChapter I: The Mine\n\n{MINE}", "templates", progress=ignore)
    assert book.world.name == "The Three Errands: The Mine"


def test_the_number_of_an_act_is_no_title() -> None:
    [chapter] = wk.from_text(f"Act 1\n\n{MINE}", "templates", progress=ignore).chapters
    assert chapter.title == chapter.world.name == "The Road"
    numbered = f"Act 1\n\n{MINE * 4}\n\nAct 2\n\n{BODIES[0] * 4}"
    campaign = wk.from_text(numbered, "templates", progress=ignore).campaign
    assert campaign and campaign.title == "The Mill"
    assert [act.title for act in campaign.acts] == [f"The Mill {number}" for number in range(1, len(campaign.acts) + 1)]
    retelling, _ = retell(text=f"Act 1\n\n{MINE * 6}\n\nAct 2\n\n{BODIES[0] * 4}")
    assert {chapter.title for chapter in retelling.chapters} == {storyteller.BASIS["title"]}, "the model names it"


@pytest.mark.parametrize("line", ["***", "* * *", "Chapter Two", "---"])
def test_a_mark_needs_no_blank_lines_around_it(line: str) -> None:
    text_acts = acts(f"{FERRY.strip() * 4}\n{line}\n{MINE * 6}", 15_000, 12_000, 14)
    assert text_acts[-1].text.startswith("I went into the hills") and line not in "".join(act.text for act in text_acts)


def test_a_scene_is_cut_only_where_it_is_too_long_by_itself() -> None:
    text = "\n\n***\n\n".join([MINE, FERRY * 20, LETTERS])
    text_acts = acts(text, 15_000, 12_000, 14)
    assert len(text_acts) > 2 and all(len(act.text) < 20_000 for act in text_acts)
    assert any(act.text.rstrip().endswith(LETTERS.strip()[-40:]) for act in text_acts)


def test_up_to_15_000_characters_are_one_world_for_a_strong_model_that_is_shown_all_of_them() -> None:
    text = "\n\n***\n\n".join(BODIES * 2)
    assert 9_000 < len(text) < 15_000
    retelling, requests = retell(text=text)
    assert retelling.campaign is None
    [question] = questions(requests, "basis")
    assert "[...]" not in question and question.count("forty pairs of boots") == 2
    weak, requests = retell(text=text, model="qwen2.5:1.5b")
    assert weak.campaign and all("This is act" not in question for question in questions(requests, "basis"))
    assert wk.from_text(text, "templates", progress=ignore).campaign is not None


# ---- what an act is told of the others -------------------------------------------------------------


def test_a_later_act_is_told_how_the_hero_looks_what_is_settled_and_how_the_act_before_ends() -> None:
    retelling, requests = retell(with_facts)
    first, second = questions(requests, "basis")
    won = next(
        state for state in retelling.chapters[0].world.states.values() if state.ending and state.ending.kind == "win"
    )
    assert "This is act 2 of 2 of one story." in second
    assert storyteller.BASIS["look"] in second and "a sleepy night guard; a shop cat" in second
    assert "What was so until now, and is where nothing changes it: The parcel holds a rope." in second
    assert won.narration and won.narration in second and retelling.chapters[0].beats[-1].summary in second
    [opening] = questions(requests, "place", "Write p1,")[1:]
    assert "The act begins here, after the one before:" in opening and won.narration in opening
    assert "The story begins here" not in opening
    assert "act before" not in first and "Facts so far" not in first


def test_each_act_is_told_what_the_next_one_begins_with_and_the_last_is_told_nothing() -> None:
    retelling, requests = retell()
    beat = retelling.chapters[1].beats[0].summary
    for kind, start in (("basis", ""), ("plan", ""), ("place", "Write w1")):
        first, second = questions(requests, kind, start)
        assert "next act" in first and beat in first
        assert "next act" not in second


def test_no_question_of_an_act_says_something_twice_or_asks_for_what_is_known() -> None:
    _, requests = retell(with_facts)
    assert not any("title:" in question for question in questions(requests, "basis"))
    for question in questions(requests, "place", "Write p1,"):
        assert question.count("say is its first line") == 1
    # the move that wins is asked for with the last place, and the ending after it
    for question in questions(requests, "place", "Write p5,"):
        assert "How it ends belongs into the move that wins and into the ending, not into base and say." in question
    assert not any("Marta Weil;" in question.partition("There:")[2] for question in questions(requests, "plan"))
    _, requests = retell(text="\n\n***\n\n".join([FERRY.partition("\n\n")[2] * 5, MINE * 5]))
    assert "title: this act's own; before it came 'The Night Kitchen'." in questions(requests, "basis")[1]


def test_a_later_act_is_divided_with_the_names_of_the_acts_before() -> None:
    retelling, requests = retell()
    first, second = questions(requests, "beats")
    assert first.startswith("1. Marta Weil")
    assert second.startswith("This is part 2 of 2 of one story, and its hero is Marta Weil.")
    assert "People so far, which keep their names: Marta Weil, priest." in second and "carpet room" in second
    # the basis of the first act calls the hero otherwise, and so do the acts after it
    assert retelling.chapters[0].facts.hero == "Marta Weil"
    assert retelling.chapters[1].facts.hero == storyteller.BASIS["who"]
    assert f"the hero is {storyteller.BASIS['who']}." in questions(requests, "basis")[1]


def test_an_act_whose_look_is_not_given_keeps_that_of_the_act_before() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        is_second = kind_of(body) == "basis" and "act 2 of 2" in json.dumps(body["messages"])
        return json.dumps(answer | {"look": ""} if is_second else answer)

    retelling, _ = retell(script)
    assert retelling.chapters[1].world.subject == storyteller.BASIS["look"]


def test_a_strong_model_is_asked_for_the_choices_and_failures_of_the_text_and_a_weak_one_for_no_plan() -> None:
    rule = "An attempt that fails in the chapter is a move that stays, leads back or is lost"
    for model in ("", "qwen2.5:1.5b"):
        _, requests = retell(text=FERRY, model=model)
        plans = [body for body in requests if kind_of(body) == "plan"]
        assert bool(plans) == (not model) and all(rule in json.dumps(body) for body in plans)


def test_an_act_with_an_attempt_that_fails_and_another_choice_is_played_to_its_end() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "plan":
            answer["p2"]["do"] += [
                {"do": "pull at the wet rope", "to": "stay", "takes": "none", "needs": []},
                {"do": "jump over the rail", "to": "l1", "takes": "none", "needs": []},
            ]
        return json.dumps(answer)

    retelling, _ = retell(script)
    assert len(retelling.worlds) == 2
    for world in retelling.worlds.values():
        assert world.states[str(world.events_by_name["jump_over_the_rail"].to)].ending
        assert world.events_by_name["pull_at_the_wet_rope"].to is None
        assert not wk.explore(world).soft_locks and not wk.explore(world).dead_events


def test_every_act_has_the_features_that_are_asked_for() -> None:
    retelling, _ = retell(features=["missions", "timers"])
    assert len(retelling.worlds) == 2
    for world in retelling.worlds.values():
        assert world.missions and any(event.auto_after_ms for event in world.events)
        assert world.verify().passed and not wk.explore(world).soft_locks


# ---- what it says of itself ------------------------------------------------------------------------


def test_what_a_world_and_an_act_tell_is_the_logline_of_the_model() -> None:
    retelling, _ = retell()
    assert retelling.campaign
    for act, world in zip(retelling.campaign.acts, retelling.worlds.values(), strict=True):
        assert act.summary == world.description == storyteller.BASIS["logline"]


def test_the_progress_and_the_report_tell_the_acts_apart() -> None:
    steps: list[tuple[int, int, str]] = []
    with serving(good) as server:
        retelling = wk.from_text(BOOK, server.model, progress=lambda *step: steps.append(step))
    whats = {what.partition(",")[0] for _, _, what in steps if not what.startswith("connecting")}
    assert whats == {"act 1 of 2", "act 2 of 2", "done"}
    assert {path.partition(".")[0] for path in retelling.report.by_model} == {"act_1", "act_2"}
    assert not goes_back(steps) and steps[-1][0] == steps[-1][1] == 200


def goes_back(steps: list[tuple[int, int, str]]) -> bool:
    """Say whether less is done at some step than before, or of less."""
    pairs = list(pairwise(steps))
    return any(after[0] < before[0] or after[1] < before[1] for before, after in pairs)


@pytest.mark.parametrize("model", ["templates", "qwen2.5:1.5b", ""])
@pytest.mark.parametrize("text", [FERRY, BOOK], ids=["one act", "several acts"])
def test_no_model_makes_the_progress_go_back(text: str, model: str) -> None:
    steps: list[tuple[int, int, str]] = []
    with serving(lambda body, number: good(body) if number % 3 else "{}") as server:
        name = f"{server.model.partition('#')[0]}#{model}" if model != "templates" else model
        wk.from_text(text, name if model else server.model, progress=lambda *step: steps.append(step))
    assert not goes_back(steps) and steps[-1][0] == steps[-1][1]


@given(st.integers(1, 9), st.lists(st.tuples(st.booleans(), st.integers(0, 8), st.integers(0, 9), st.integers(0, 9))))
def test_the_progress_of_acts_never_goes_back(act_count: int, calls: list[tuple[bool, int, int, int]]) -> None:
    steps: list[tuple[int, int, str]] = []
    story = StoryProgress(lambda *step: steps.append(step), act_count)
    for is_reading, number, done, total in calls:
        (story.begin_reading if is_reading else story.begin_writing)(number % act_count)
        story(done, total, "some work")
    story.finish()
    assert not goes_back(steps) and all(0 <= done <= total for done, total, _ in steps)


def test_of_several_acts_the_message_says_where_the_worlds_are() -> None:
    retelling, _ = retell()
    with pytest.raises(WorldError, match=r"2 acts, 'The Crossing' and 'The Mine'.*retelling\.worlds\['act_1'\]"):
        _ = retelling.world
    assert "retelling.worlds['act_2']" in repr(retelling)


@pytest.mark.parametrize("name", ["world", "worlds", "bible"])
def test_of_no_act_the_message_says_that_there_is_none(name: str) -> None:
    retelling, _ = retell(text=FERRY)
    with pytest.raises(WorldError, match="holds no world"):
        getattr(Retelling((), None, retelling.report), name)


# ---- refusals --------------------------------------------------------------------------------------


def test_everything_that_a_text_does_not_support_goes_back_at_once_and_is_left_out_when_it_comes_again() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "beats":
            answer["beats"][1] |= {"who": ["Captain Nemo"], "what": ""}
            answer["beats"][2]["things"] = ["submarine"]
            answer["hero"] = "Captain Nemo"
        return json.dumps(answer)

    retelling, requests = retell(script, FERRY)
    second = questions(requests, "beats")[1]
    for reason in ("beat 2, who: the text has no 'Captain Nemo'", "beat 2, what: expected", "beat 3, things", "hero:"):
        assert reason in second
    assert len(retelling.refusals) == 1 and retelling.bible.hero == "Marta Weil"
    assert all("Captain Nemo" not in beat.people for beat in retelling.beats)


def test_beats_that_are_too_few_and_out_of_order_are_refused_together() -> None:
    def script(body: Body, number: int) -> str:
        return json.dumps({"beats": [3, 1]}) if number == 1 else good(body)

    retelling, _ = retell(script, FERRY)
    [refusal] = retelling.refusals
    assert "there are 2 beats" in refusal.reason and "not in rising order" in refusal.reason


def test_a_fact_that_names_somebody_of_no_chapter_is_handed_back_and_left_out() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "basis":
            answer["facts"] = ["Captain Nemo waits below.", "The rope was cut."]
            answer["stake"] = ""
        return json.dumps(answer)

    _, requests = retell(script, FERRY)
    _, second = questions(requests, "basis")
    assert "the chapter has no 'Nemo'" in second and "stake: it is empty" in second
    [plan] = [body for body in requests if kind_of(body) == "plan"]
    assert (
        "Nemo waits" not in plan["messages"][-2]["content"] and "The rope was cut." in plan["messages"][-2]["content"]
    )


def test_a_heading_of_markdown_needs_no_blank_line_below_it() -> None:
    story = "The rain fell on the quay, and Ines counted the boats that had come home. " * 40
    text = "\n\n".join(f"## The {number} Night\n{story}" for number in ("First", "Second", "Third"))
    parts = acts(text, 3_000, 3_000, 9)
    assert [part.title for part in parts] == ["The First Night", "The Second Night", "The Third Night"]
    assert not any("#" in part.text for part in parts)
