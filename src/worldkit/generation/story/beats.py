"""Beats: what happens in a text, in order, each with its place, its things and a picture in its own sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from worldkit.core.characters import first_characters
from worldkit.generation.direct.chapter_text import TextBeat
from worldkit.generation.direct.naming import proper_names
from worldkit.generation.planning.chunking import things
from worldkit.generation.planning.stock import Thing, stock
from worldkit.generation.story.people import PLACE_WORDS
from worldkit.generation.story.places import places, without_comparisons
from worldkit.generation.story.segment import words
from worldkit.generation.story.units import QUOTATION_MARK, Unit, heading_of
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import capital
from worldkit.generation.text.word_sets import HANGING_WORDS, PREPOSITIONS, TALK_WORDS
from worldkit.language.tagging import tag

MAX_SUMMARY_CHARACTERS, MAX_PICTURE_CHARACTERS, FULL_PICTURE_CHARACTERS = 200, 420, 90
"""Characters of a summary and of a picture at most, and of a picture that needs nothing added."""

CLEAR_VISIBILITY = 1.5
"""What ``visibility`` returns of a sentence that makes a picture by itself, at least."""

_SPEECH_MARK = re.compile(r"[\"“”«»„]|\A[-–—]|\?")
_DEPENDENT_OPENING = re.compile(r"\A(?:He|She|It|They|I|We|You|But|And|So|This|That|These|Those|There)\b")
_PERSONAL_PRONOUN = re.compile(r"\b(?:I|me|my|we|us|our|you|your)\b", re.IGNORECASE)
_CLAUSE_BREAK = re.compile(r"\s*[;:—–]\s*(?:(?:and|but|while|where)\s+)?|,\s+(?:and|but|while|where)\s+")


def beats_of(parts: Sequence[Sequence[Unit]], notes: Sequence[TextBeat] = ()) -> list[TextBeat]:
    """Return the beats of a text, of which each part becomes one, told in a model's notes as far as there are any."""
    texts = [" ".join(unit.text for unit in part) for part in parts]
    bags = [Counter(words(text)) for text in texts]
    all_counts = sum(bags, Counter())
    names = _words_of_names(texts)
    beats: list[TextBeat] = []
    for part, text, bag, note in zip(parts, texts, bags, notes or [TextBeat()] * len(texts), strict=True):
        # a heading, a sign or a greeting is neither told nor seen
        narration = [each.text for each in part if not each.is_said and not heading_of(each.text)]
        place = note.place or _place(text, beats[-1].place if beats else "")
        own_things = (
            thing
            for thing in things(without_comparisons(text), 12)
            if not _elsewhere(thing, place) and names.isdisjoint(thing.bare.lower().split())
        )
        things_there = note.things or tuple(islice(own_things, 6))
        summary = note.summary or _summary(narration or [each.text for each in part], bag, all_counts)
        # what the narration says is seen in another sentence, where there is one
        others = [sentence for sentence in narration if sentence != summary]
        is_seen = any(visibility(text) >= CLEAR_VISIBILITY for sentence in others for text in _usable(sentence))
        picture = _picture(others if is_seen else narration)
        beats.append(TextBeat(text, summary, place, things_there, picture, note.people))
    return beats


def _place(text: str, before: str) -> str:
    """Return where a beat happens: where somebody gets to in it, else where the one before it does."""
    counts = {name: count for name, count in places(text).items() if 3 <= len(name) <= 32}
    # a place that is only named is where a story begins, but nobody gets there
    return next((name for name, count in counts.items() if name != before and (count or not before)), before)


def _words_of_names(texts: Sequence[str]) -> frozenset[str]:
    """Return the words of names in small letters, but those that the texts also write in small letters."""
    lower_words = {word for text in texts for word in re.findall(r"[\w'’-]+", text) if word.islower()}
    return frozenset(name.lower() for name in proper_names(tuple(texts), ())) - lower_words


def _elsewhere(thing: Thing, place: str) -> bool:
    """Say whether what is named is a place or a person, and nothing that stands in one."""
    all_stock = stock()
    return thing.head in all_stock.settings | all_stock.persons | PLACE_WORDS or thing.head in place.split()


def _summary(text_sentences: Sequence[str], bag: Counter[str], all_counts: Counter[str]) -> str:
    """Return the sentence that holds most of what this beat has and others have not, told rather than spoken."""

    def telling(sentence: str) -> float:
        sentence_words = dict.fromkeys(words(sentence))  # in order, since a sum of fractions depends on it
        weight: float = sum(
            bag[word] / all_counts[word] * (1 + (bag[word] > 1)) for word in sentence_words if all_counts[word]
        )
        return float(weight / (8 + len(sentence.split())) ** 0.7)

    whole_sentences = [s for s in text_sentences if not s.endswith((":", ","))] or list(text_sentences)
    candidates = [s for s in whole_sentences if not _SPEECH_MARK.search(s) and 4 <= len(s.split()) <= 45]
    best = max(candidates or whole_sentences, key=telling)
    if len(QUOTATION_MARK.findall(best)) % 2:  # a part of a speech
        best = QUOTATION_MARK.sub("", best)
    return (
        best
        if len(best) <= MAX_SUMMARY_CHARACTERS
        else f"{first_characters(best, MAX_SUMMARY_CHARACTERS - 1).rstrip()}…"
    )


def _picture(text_sentences: Sequence[str]) -> str:
    """Return the sentences that a camera could see, in order, as they stand in the text."""
    fit = [text for sentence in text_sentences for text in _usable(sentence)]
    ranked = sorted(range(len(fit)), key=lambda at: (-visibility(fit[at]), at))
    chosen_indices: list[int] = []
    length = 0
    for at in ranked:
        if length >= FULL_PICTURE_CHARACTERS and (len(chosen_indices) >= 3 or visibility(fit[at]) < CLEAR_VISIBILITY):
            break
        if length + len(fit[at]) <= MAX_PICTURE_CHARACTERS and fit[at] not in [fit[n] for n in chosen_indices]:
            chosen_indices.append(at)
            length += len(fit[at]) + 1
    return " ".join(fit[at] for at in sorted(chosen_indices))


def visibility(text: str) -> float:
    """Return how much of a sentence could be seen: things and where they are, against talk and thought."""
    words = re.findall(r"[a-z']+", text.lower())
    all_stock = stock()
    concrete = len(things(text)) + sum(word in all_stock.things | all_stock.settings | PLACE_WORDS for word in words)
    where = sum(word in PREPOSITIONS for word in words)
    score = (
        concrete
        + 0.5 * where
        - 0.5 * sum(word in TALK_WORDS for word in words)
        - 1.5 * bool(_DEPENDENT_OPENING.match(text))
    )
    return (score - 2.0 * len(_PERSONAL_PRONOUN.findall(text))) / (1 + len(words) / 20)


def _usable(sentence: str) -> list[str]:
    """Return a sentence as it is when the rules allow it, else those of its clauses that they allow."""
    if _SPEECH_MARK.search(sentence) or not sentence.isprintable():
        return []
    full_sentence = sentence.strip("()…")
    if clean(full_sentence) and 5 <= len(full_sentence.split()) <= 45 and len(full_sentence) <= MAX_PICTURE_CHARACTERS:
        return [full_sentence if full_sentence.endswith((".", "!")) else f"{full_sentence.rstrip(',;: ')}."]
    usable = []
    for number, clause in enumerate(_CLAUSE_BREAK.split(sentence)):
        text = clause.strip(" ,.!…")
        words = text.split()
        if number and text and tag(f"they {text}")[1].tag in "VXE":
            continue  # and had found the hall: who had is said before
        if 5 <= len(words) <= 45 and clean(text) and words[-1].lower() not in HANGING_WORDS:
            usable.append(f"{capital(text)}.")
    return usable
