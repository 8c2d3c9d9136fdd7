"""What a capable model says of a text: where its parts begin, what happens in each, where and who, what is at stake.

Whatever it leaves out, or does not say in a form that can be used, stays empty, and code finds it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from worldkit.core.json_values import quote
from worldkit.core.progress import Progress
from worldkit.generation.direct.chapter_text import TextBeat
from worldkit.generation.direct.naming import content_words, is_somebody, proper_names
from worldkit.generation.direct.schema import TEXT, Schema, as_list, as_object, closed_object, list_of
from worldkit.generation.direct.wording import bare, is_clause, phrase, place_name, plain, sentence, shorten, the
from worldkit.generation.engines.feedback_loop import AnswerRejected, Chat, FitAnswer, converse
from worldkit.generation.planning.stock import Thing
from worldkit.generation.story.facts import StoryFacts
from worldkit.generation.story.people import MAX_PEOPLE, Person
from worldkit.generation.story.segment import MAX_BEATS, MIN_BEATS
from worldkit.generation.story.units import Unit
from worldkit.generation.text.data import read_typed
from worldkit.generation.text.english import stem

MAX_CHARACTERS = 24_000
"""Characters of a text that are shown to a model; longer sentences are cut."""
MAX_SENTENCE_CHARACTERS, MAX_NAME_CHARACTERS, MAX_THING_CHARACTERS = 200, 40, 60
"""Characters of a sentence, of somebody's or a place's name, and of a thing at most."""
MAX_PEOPLE_OF_PART, MAX_THINGS = 6, 4
"""People and things of a part at most."""
_UNKNOWN_WORD = re.compile(
    r"\b(?:unknown|unspecified|unclear|none|not|same|narrator|protagonist|hero|reader)\b", re.IGNORECASE
)

SYSTEM = read_typed(str, "prompts.toml", "beats").format(fewest=MIN_BEATS, most=MAX_BEATS)
"""What a model is told that it does."""


@dataclass(frozen=True, slots=True)
class TextNotes:
    """What a model says of a text.

    Attributes:
        parts: What it says of each part, without its text; empty when code divided the text.
        hero: Whom the text follows.
        stake: What is lost if they fail, in a sentence.
    """

    parts: tuple[TextBeat, ...] = ()
    hero: str = ""
    stake: str = ""


def divide_by_model(
    story_units: Sequence[Unit], chat: Chat, seed: int, progress: Progress, earlier: str = ""
) -> FitAnswer[tuple[list[list[Unit]], TextNotes]]:
    """Return the sentences of each beat of a text, as a model has them, and what it says of them.

    Args:
        story_units: Its sentences.
        chat, seed, progress: As for ``converse``.
        earlier: What the model is told of the acts before; empty for the first.
    """
    count = len(story_units)
    least = min(MIN_BEATS, count)
    room = max(40, MAX_CHARACTERS // count)
    numbered = "\n".join(f"{at}. {unit.text[:room]}" for at, unit in enumerate(story_units, 1))
    # who is called by a name only before is there by that name
    text = " ".join((earlier, *(unit.text for unit in story_units)))
    is_first_answer = True

    def read(answer: Any) -> tuple[list[list[Unit]], TextNotes]:
        nonlocal is_first_answer
        starts, reasons = _starts(answer, least, count)
        # what the text does not support is left out where a model says it again
        if is_first_answer or reasons:
            reasons += _unsupported_claims(answer, text)
        is_first_answer = False
        if reasons:
            raise AnswerRejected(reasons[0] if len(reasons) == 1 else "".join(f"\n- {reason}" for reason in reasons))
        parts = [list(story_units[start - 1 : end - 1]) for start, end in pairwise([*starts, count + 1])]
        return parts, read_notes(answer, text)

    return converse(
        chat,
        SYSTEM,
        f"{earlier}\n{numbered}" if earlier else numbered,
        _schema(least, count),
        read,
        what="the beats",
        seed=seed,
        progress=progress,
        label="asking for the beats",
    )


def _schema(least: int, count: int) -> Schema:
    first = {"type": "integer", "minimum": 1, "maximum": count}
    beat = closed_object(first=first, what=TEXT, where=TEXT, who=list_of(TEXT, 0, 6), things=list_of(TEXT, 0, 3))
    return closed_object(beats=list_of(beat, least, MAX_BEATS), hero=TEXT, stake=TEXT)


def _starts(answer: Any, least: int, count: int) -> tuple[list[int], list[str]]:
    """Return the numbers of the sentences with which the beats begin, and what is wrong with them.

    Those alone are an answer, too. Where there are none, it is rejected.
    """
    items = answer.get("beats") if isinstance(answer, dict) else answer
    starts = [as_object(item).get("first", item) for item in items] if isinstance(items, list) else None
    if starts is None or not all(type(start) is int for start in starts):
        raise AnswerRejected(f'expected {{"beats": [...]}}, each with its sentence number, got {quote(answer)}')
    reasons = []
    if not least <= len(starts) <= MAX_BEATS:
        reasons.append(f"there are {len(starts)} beats; expected {least} to {MAX_BEATS}")
    if starts[:1] != [1] or starts != sorted(set(starts)) or starts[-1] > count:
        reasons.append(f"{starts} is not in rising order from 1 to at most {count}")
    return starts, reasons


def _unsupported_claims(answer: Any, text: str) -> list[str]:
    """Return what an answer leaves out or makes up of a text; things that it makes up only beside something else."""
    body = as_object(answer)
    items = as_list(body.get("beats"))
    if not all(isinstance(item, dict) for item in items):
        return []  # only the numbers of sentences, which is an answer
    reader = _NotesReader(text)
    reasons, made_up_things = list[str](), list[str]()
    for number, part in enumerate(items, 1):
        if not _sentence(part.get("what")):
            reasons.append(f"beat {number}, what: expected what happens, in a sentence")
        for key, found_reasons in (("who", reasons), ("things", made_up_things)):
            found_reasons += (
                f"beat {number}, {key}: the text has no {item!r}"
                for item in as_list(part.get(key))[:MAX_PEOPLE_OF_PART]
                if reader.is_made_up(item)
            )
    if reader.is_made_up(body.get("hero")):
        reasons.append(f"hero: the text has no {body['hero']!r}")
    return [*reasons, *made_up_things] if reasons else []


def read_notes(answer: Any, text: str) -> TextNotes:
    """Return what an answer, which may be anything, says of the parts of a text."""
    body = as_object(answer)
    parts = [as_object(item) for item in as_list(body.get("beats", answer))]
    phrases = [
        item for part in parts for key in ("who", "things") for item in as_list(part.get(key))[:MAX_PEOPLE_OF_PART]
    ]
    phrases += [part.get("where") for part in parts]
    sentences = [text, *(plain(part.get("what")) for part in parts), plain(body.get("stake"))]
    reader = _NotesReader(text, proper_names(tuple(sentences), tuple(map(plain, phrases))))
    hero, *_ = reader.people([plain(body.get("hero")).partition(",")[0]]) or [""]
    return TextNotes(tuple(map(reader.part, parts)), the(hero) if hero else "", _sentence(body.get("stake")))


class _NotesReader:
    def __init__(self, text: str, names: Collection[str] = ()) -> None:
        self.names = names
        self.stems = {stem(word) for word in re.findall(r"[\w'-]+", text.lower())}

    def part(self, body: Any) -> TextBeat:
        where = place_name(phrase(body.get("where"), MAX_NAME_CHARACTERS, self.names))
        is_no_place = _UNKNOWN_WORD.search(where) or is_somebody(where) or is_clause(where) or len(where.split()) > 5
        return TextBeat(
            summary=_sentence(body.get("what")),
            place="" if is_no_place else where,
            people=self.people(as_list(body.get("who"))),
            things=tuple(map(Thing, self._phrases(as_list(body.get("things")), MAX_THING_CHARACTERS)[:MAX_THINGS])),
        )

    def people(self, items: Sequence[Any]) -> tuple[str, ...]:
        phrases = self._phrases(items, MAX_NAME_CHARACTERS)
        return tuple(dict.fromkeys(bare(text) for text in phrases if not _UNKNOWN_WORD.search(text)))[
            :MAX_PEOPLE_OF_PART
        ]

    def is_made_up(self, item: Any) -> bool:
        """Say whether somebody or something has no word of the text."""
        text = plain(item)
        return bool(text) and not _UNKNOWN_WORD.search(text) and not self._is_supported(text)

    def _phrases(self, items: Sequence[Any], longest: int) -> tuple[str, ...]:
        """Return the phrases that have a word of the text, each once: what it does not speak of is made up."""
        phrases = filter(None, (phrase(item, longest, self.names) for item in items))
        return tuple(dict.fromkeys(text for text in phrases if not is_clause(text) and self._is_supported(text)))

    def _is_supported(self, text: str) -> bool:
        words = content_words(text) or re.findall(r"[\w'-]+", text.lower())
        return not self.stems.isdisjoint(map(stem, words))


def _sentence(value: Any) -> str:
    text = shorten(sentence(value), MAX_SENTENCE_CHARACTERS)
    return text if len(text.split()) >= 4 else ""


def facts_with_notes(facts: StoryFacts, notes: TextNotes) -> StoryFacts:
    """Return facts in the words of a model, as far as it says them: the people who are in most parts first."""
    hero = notes.hero or facts.hero
    counts = Counter(name for part in notes.parts for name in part.people)
    names = sorted(counts, key=lambda name: (name != bare(hero), -counts[name]))
    known_people = {person.name: person for person in facts.people}
    # who is only spoken of is in the story, too
    absent = (name for name in known_people if name[0].isupper() and not any(_is_same(name, other) for other in names))
    people = tuple(known_people.get(name, Person(name)) for name in [*names, *absent][:MAX_PEOPLE])
    return replace(
        facts,
        hero=hero,
        people=people if names else facts.people,
        stake=notes.stake or facts.stake,
        things=tuple(dict.fromkeys(thing.text for part in notes.parts for thing in part.things)),
    )


def _is_same(name: str, other: str) -> bool:
    """Say whether two names are one person's: Tobias and Tobias Lenk, but not Mrs. Harrow and Emil Harrow."""
    words, other_words = set(name.split()), set(other.split())
    return words <= other_words or other_words <= words
