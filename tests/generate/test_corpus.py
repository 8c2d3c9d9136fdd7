"""The corpus of scene texts asks what fields ask, answers as they must be answered, and says nothing twice."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

import pytest

from worldkit.generation.planning.stock import Thing, stock
from worldkit.generation.prose.place_fields import MOVES, SHOTS
from worldkit.generation.text.constraints import faults
from worldkit.generation.text.english import capital

CORPUS = files("worldkit").joinpath("data", "generate", "corpus")
GENRES = sorted(genre for genre in stock().genres if CORPUS.joinpath(f"{genre}.toml").is_file())
_THING = r"[a-z][a-z' -]*"
_PLACE = rf"Place: the (?P<place>{_THING})\."
QUESTIONS = {
    "place": rf"{_PLACE} Things there: {_THING}(?:, {_THING})*\.",
    "shot": rf"{_PLACE} Still shot of (?P<a>{_THING}) and (?P<b>{_THING})\.",
    "travel": rf"{_PLACE} Moving shot past (?P<a>{_THING})\.",
    "ambient": rf"{_PLACE} What (?P<a>{_THING}) (?P<do>do|does)\.",
    "line": rf"{_PLACE} Things there: {_THING}(?:, {_THING})*\.",
    "step": rf"(?P<does>The [a-z]+ {_THING}) and sees (?P<a>{_THING})\.",
    "take": rf"The (?P<who>[a-z]+) finds (?P<a>{_THING}) (?:in|on|at|under) the {_THING}\.",
    "aside": rf"(?P<does>You {_THING}) to the {_THING}\.",
    "act": rf"(?P<does>The [a-z]+ {_THING})\.",
    "ending": r"Ending, (?:win|lose): [A-Z][A-Za-z' ]+\.",
    "stance": rf"{_PLACE} Standing\.",
    "gait": rf"{_PLACE} Walking\.",
}
OTHER_TENSES = re.compile(r"\b(?:was|were|had|did|been|will|would|shall|could|should|might|ago|yesterday|tomorrow)\b")


@dataclass(frozen=True)
class Text:
    """One text of the corpus."""

    genre: str
    kind: str
    question: str
    answer: str

    @property
    def parts(self) -> re.Match[str] | None:
        """The question taken apart, unless it has another form than its kind asks for."""
        return re.fullmatch(QUESTIONS[self.kind], self.question)

    @property
    def opening(self) -> str:
        """What the answer must begin with, as a pattern."""
        assert self.parts is not None
        parts = {name: str(part) for name, part in self.parts.groupdict().items()}
        thing = Thing(parts.get("a", ""))
        match self.kind:
            case "place":
                return f"The {parts['place']} "
            case "shot":
                return rf"(?:{'|'.join(SHOTS)}) {thing.text}, with {parts['b']} "
            case "travel":
                return rf"(?:Toward the {_THING}, the|The) camera (?:{'|'.join(MOVES)}) {thing.the} "
            case "ambient":
                return f"{capital(thing.text)} "
            case "step" | "aside" | "act":
                return parts["does"]
            case "take":
                return rf"The {parts['who']} [a-z ]+ {thing.the} from "
            case "line":
                return "You "
        return "[A-Z]"


@cache
def corpus() -> tuple[Text, ...]:
    """Return every text that is there."""
    found = []
    for genre in GENRES:
        file = CORPUS.joinpath(f"{genre}.toml")
        if file.is_file():
            tables = tomllib.loads(file.read_text(encoding="utf-8"))["text"]
            found += [Text(genre, **table) for table in tables]
    return tuple(found)


def _grams(text: Text, size: int) -> set[tuple[str, ...]]:
    own = re.sub(f"^{text.opening}", "", text.answer)
    words = re.findall(r"[a-z']+", own.lower())
    return set(zip(*(words[at:] for at in range(size)), strict=False))


def test_every_genre_with_a_file_has_its_texts() -> None:
    assert {text.genre for text in corpus()} == set(GENRES)
    assert len(GENRES) == 16
    assert len(corpus()) >= 800


def test_every_file_belongs_to_a_genre_and_holds_every_kind() -> None:
    names = {file.name for file in CORPUS.iterdir()}
    assert names <= {f"{genre}.toml" for genre in GENRES} | {"README.md", "LICENSE"}
    for _, texts in groupby(corpus(), lambda text: text.genre):
        assert {text.kind for text in texts} == set(QUESTIONS)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_question_has_the_form_that_fields_give_it(kind: str) -> None:
    assert [text for text in corpus() if text.kind == kind and text.parts is None] == []


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_answer_begins_as_it_is_made_to(kind: str) -> None:
    assert [text for text in corpus() if text.kind == kind and not re.match(text.opening, text.answer)] == []


def test_every_answer_is_one_that_would_be_taken_from_a_model() -> None:
    wrong = {text.answer: faults(text.answer) for text in corpus()}
    assert {answer: found for answer, found in wrong.items() if found} == {}


def test_questions_and_answers_are_ascii_in_the_present_tense_and_name_nobody() -> None:
    for text in corpus():
        assert (text.question + text.answer).isascii(), text
        assert re.fullmatch(r"[A-Za-z',. -]+", text.answer), text
        assert not OTHER_TENSES.search(text.answer), text
        assert not re.search(r"[a-z,] [A-Z]", text.answer), text


def test_things_and_verbs_agree() -> None:
    for text in corpus():
        if text.kind == "ambient" and text.parts:
            assert (text.parts["do"] == "do") == Thing(text.parts["a"]).many, text


def test_a_place_takes_two_sentences_of_a_useful_length_and_shows_its_things() -> None:
    for text in corpus():
        if text.kind == "place":
            assert 90 <= len(text.answer) <= 230, text
            assert text.answer.count(".") == 2, text
            things = text.question.split("Things there: ")[1].rstrip(".").split(", ")
            assert all(Thing(thing).bare in text.answer.lower() for thing in things), text
        elif text.kind == "ending":
            assert text.answer.count(".") == 2, text
        elif text.kind in ("step", "act"):
            assert text.answer.count(".") <= 2, text
        else:
            assert text.answer.count(".") == 1, text


def test_places_are_mostly_other_than_those_a_world_is_drawn_from() -> None:
    for genre, texts in groupby(corpus(), lambda text: text.genre):
        known = {spot.name for spot in stock().genres[genre].places}
        named = {text.parts["place"] for text in texts if text.kind == "place" and text.parts}
        assert len(named) >= 12, genre
        assert len(named & known) <= 3, genre


def test_nothing_is_said_twice() -> None:
    answers = Counter(text.answer for text in corpus())
    assert [answer for answer, times in answers.items() if times > 1] == []
    grams = Counter(gram for text in corpus() for gram in _grams(text, 5))
    assert {gram: times for gram, times in grams.items() if times > 3} == {}
