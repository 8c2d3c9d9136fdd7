"""Finds the people of a text: those with a name who speak, act or are addressed, and others whom a word names.

A word that has its capital only because it begins a sentence is no name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from worldkit.generation.direct.naming import begins_sentence, inner_capitals
from worldkit.generation.planning.chunking import phrases_of, sentences
from worldkit.generation.planning.people import is_animal
from worldkit.generation.planning.stock import stock
from worldkit.generation.text.word_sets import ARTICLES, PREPOSITIONS, word_set, words
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import is_closed_word
from worldkit.language.word_sets import word_set as language_word_set

MAX_PEOPLE = 6
"""People that are listed."""
PLACE_WORDS = word_set("facts", "places")
"""Words for places, besides those the stock knows."""
MAX_NAMES = 60
"""Names that are looked at: the most frequent."""

_FEMALE_TITLES, _MALE_TITLES = word_set("facts", "female_titles"), word_set("facts", "male_titles")
_TITLES = _FEMALE_TITLES | _MALE_TITLES | word_set("facts", "titles")
_NON_NAME_WORDS = word_set("facts", "no_name")
_SPEECH = word_set("facts", "speech")
_WORDS_BEFORE_NAMES = frozenset(words("facts", "before_names"))
_WORD = r"[A-Z][a-zà-ÿ]+(?:['’-][A-Z][a-zà-ÿ]+)*"
_PART = rf"(?:(?:Mr|Mrs|Ms|Dr)\.|{_WORD})"
_NAME_SEQUENCE = re.compile(rf"\b{_PART}(?: {_PART})*")
_VERB_AFTER = re.compile(r" (?:\w+ly |also |then |too )?([a-z]+)")
_ADDRESS_START, _ADDRESS_END = re.compile(r"(?:,|[\"“‘(])\s*\Z"), re.compile(r"!|[,?.]+[\"”']")
_ROLE_BEFORE = re.compile(r"\b(?:an?|the|his|her|my|our) ([a-z'-]+(?: [a-z'-]+)?),? \Z")
_ROLE_AFTER = re.compile(r",? (?:an?|the|his|her|my|our) ([a-z'-]+(?: [a-z'-]+){0,2})")
_LAST_WORD = re.compile(r"(\w+)(\W*)\Z")
_PRONOUN = re.compile(r"\b(?:(she|hers?|herself)|he|his|himself)\b", re.IGNORECASE)
"""What speaks of the subject of a sentence; "him" speaks of another."""
_DETERMINERS = ARTICLES | {"this", "that"}
_NEUTRAL_PREPOSITIONS = word_set("facts", "neutral")
"""Prepositions that stand before people as often as before places."""
_CONTEXT_CHARACTERS = 40
"""Characters before and after a name that are looked at."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a text.

    Attributes:
        name: The name, or the word the text has for them.
        words: What else the text calls them.
    """

    name: str
    words: tuple[str, ...] = ()


@dataclass
class _Candidate:
    """A name, and what speaks for a person and against it."""

    words: tuple[str, ...]
    count: int = 0
    deeds: int = 0
    places: int = 0
    is_sure: bool = False

    @property
    def is_person(self) -> bool:
        is_full_name = len(self.words) > 1 and not self.places
        return self.is_sure or is_full_name or self.deeds > self.places


def people(text: str) -> tuple[Person, ...]:
    """Return the people of a text: first those with names, the most frequent first."""
    text = "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.replace("’", "'")))
    named_people = [Person(name, _appositions(text, name)) for name in _names(text)[:MAX_PEOPLE]]
    names = {person.name.lower() for person in named_people}
    return tuple([*named_people, *(Person(word) for word in _common_people(text) if word not in names)][:MAX_PEOPLE])


def is_she(text: str, name: str) -> bool | None:
    """Say whether somebody is a woman, by title and the pronouns of sentences that name them; None when unsure."""
    first, *others = name.split()
    title = first.rstrip(".")
    if title in _FEMALE_TITLES | _MALE_TITLES:
        return title in _FEMALE_TITLES
    called = re.compile(rf"\b{re.escape(others[-1] if title in _TITLES and others else first)}\b")
    she = he = 0
    is_after = False
    for sentence in sentences(text):
        name_match = called.search(sentence)
        # the sentence after one that names somebody goes on about them when it names nobody
        if name_match or (is_after and not any(True for _ in inner_capitals(sentence))):
            pronoun = _PRONOUN.search(sentence, name_match.end() if name_match else 0)
            she += bool(pronoun and pronoun[1])
            he += bool(pronoun and not pronoun[1])
        # "she had to find Nils": the next sentence goes on about her
        is_after = name_match is not None and not _PRONOUN.search(sentence[: name_match.start()])
    return None if she == he else she > he


def _names(text: str) -> list[str]:
    """Return the full names of people, the most frequent first."""
    candidates = _candidates(text)
    ranked = sorted(candidates.values(), key=lambda each: -each.count)[:MAX_NAMES]
    full_names: dict[tuple[str, ...], int] = {}
    for each in sorted(ranked, key=lambda each: -sum(word not in _TITLES for word in each.words)):
        bare_words = {word for word in each.words if word not in _TITLES}
        whole = next((name for name in full_names if bare_words <= set(name) and _may_be(each.words, name)), None)
        if whole is None:
            full_names[each.words] = 0
        full_names[whole or each.words] += each.count
    sure_words = {word for each in ranked if each.is_person for word in each.words}
    persons = [name for name in full_names if any(word in sure_words for word in name if word not in _TITLES)]
    persons.sort(key=lambda name: -full_names[name])
    names = (" ".join(_full_name(name, persons, text)) for name in persons[: 2 * MAX_PEOPLE])
    return list(dict.fromkeys(re.sub(r"\b(Mr|Mrs|Dr|Ms)\b", r"\1.", name) for name in names))


def _full_name(name: tuple[str, ...], persons: Sequence[tuple[str, ...]], text: str) -> tuple[str, ...]:
    """Return the full name of a Miss or Mr. whose family name one person of that sex has."""
    if len(name) != 2 or name[0] not in ("Miss", "Mr"):
        return name
    family = [other for other in persons if len(other) > 1 and other[-1] == name[1] and other[0] not in _TITLES]
    same_sex = [other for other in family if is_she(text, " ".join(other)) == (name[0] == "Miss")]
    return same_sex[0] if len(same_sex) == 1 else name


def _may_be(words: Sequence[str], name: Sequence[str]) -> bool:
    """Say whether a shorter name is that of a longer one: Mrs. Harrow is no Emil Harrow, but Uncle Matthias is one."""
    own_titles = [word for word in words if word in _TITLES]
    return not own_titles or own_titles[0] in name or words[-1] == next(word for word in name if word not in _TITLES)


def _candidates(text: str) -> dict[tuple[str, ...], _Candidate]:
    lower_words = set(re.findall(r"\b[a-zà-ÿ]+\b", text))
    inner_words = set(inner_capitals(text))
    candidates: dict[tuple[str, ...], _Candidate] = {}
    for match in _NAME_SEQUENCE.finditer(text):
        words = [word.strip(".") for word in match[0].split()]
        start = match.start()
        if begins_sentence(text, start) and not _is_name_at_start(words, inner_words, lower_words):
            start += len(words[0]) + 1
            words = words[1:]
        kept_words = tuple(words)
        if not kept_words or not _is_name(kept_words, lower_words):
            continue
        each = candidates.setdefault(kept_words, _Candidate(kept_words))
        each.count += 1
        _weigh(
            each,
            text[max(0, start - _CONTEXT_CHARACTERS) : start],
            text[match.end() : match.end() + _CONTEXT_CHARACTERS],
        )
    return candidates


def _is_name_at_start(words: Sequence[str], inner_words: set[str], lower_words: set[str]) -> bool:
    """Say whether the first word of a sentence is a name, or begins one: it is one elsewhere, or is no word at all."""
    first = words[0]
    if first in inner_words or first in _TITLES:
        return True
    is_word = first.lower() in lower_words or is_closed_word(first.lower()) or first in _NON_NAME_WORDS
    is_given = first.lower() in language_word_set("given_names")
    return not is_word and (len(words) > 1 or is_given or not lexicon().knows(first.lower()))


def _is_name(words: Sequence[str], lower_words: set[str]) -> bool:
    names = [word for word in words if word not in _TITLES]
    is_place = bool(names) and names[-1].lower() in PLACE_WORDS | stock().settings
    return (
        bool(names)
        and not is_place
        and not any(word in _NON_NAME_WORDS or word.lower() in lower_words for word in names)
    )


def _weigh(candidate: _Candidate, before: str, after: str) -> None:
    """Count what stands before and after a name: a title, a verb of speech, an address, a deed, a place."""
    last = _LAST_WORD.search(before)
    word_before = last[1].lower() if last and not last[2].strip() else ""
    if word_before in _DETERMINERS | _NEUTRAL_PREPOSITIONS or word_before in PREPOSITIONS:
        candidate.places += word_before not in _NEUTRAL_PREPOSITIONS
        return
    verb = match[1] if (match := _VERB_AFTER.match(after)) else ""
    has_title = candidate.words[0] in _FEMALE_TITLES | _MALE_TITLES and len(candidate.words) > 1
    candidate.is_sure |= (
        has_title
        or word_before in _SPEECH | _WORDS_BEFORE_NAMES
        or verb in _SPEECH
        # "Yes, Anne," she said; "Mistress Pell!"
        or bool(_ADDRESS_END.match(after) and _ADDRESS_START.search(before))
        or _names_somebody(_ROLE_BEFORE.search(before))
        or _names_somebody(_ROLE_AFTER.match(after))
    )
    is_deed = verb and any(lexicon().lemmas(verb, "v")) and not is_closed_word(verb) and not verb.endswith("ing")
    candidate.deeds += bool(is_deed) or verb in ("could", "did", "had", "must", "would")


def _names_somebody(role: re.Match[str] | None) -> bool:
    """Say whether words beside a name say who that is: the foreman, Josef Karr; Otto the stoker."""
    return bool(role) and any(_is_person_word(word) for word in role[1].split())  # type: ignore[index]


def _is_person_word(word: str) -> bool:
    senses = [sense for lemma in lexicon().lemmas(word, "n") for sense in lexicon().senses(lemma)[:2]]
    return word in stock().persons or any(sense.kind == "p" for sense in senses)


def _common_people(text: str) -> tuple[str, ...]:
    """Return the words for people without a name, but those that only say what somebody is: he was a tidy man."""
    lower_text = text.lower()
    counts = Counter(re.findall(r"[a-z-]+", lower_text))
    phrases = phrases_of(lower_text, stock().persons)
    people_words = []
    for phrase in phrases:
        head = phrase.split()[-1]
        if not re.search(rf"\b(?:was|were|is|are|be|been|as|like) (?:not )?an? {re.escape(phrase)}\b", lower_text):
            people_words.append(phrase)
        elif counts[head] > 1:
            people_words.append(head)
    return tuple(people_words)


def _appositions(text: str, name: str) -> tuple[str, ...]:
    appositions = re.findall(rf"{re.escape(name)}, ((?:an?|the|his|her) [a-z][a-z' -]{{2,40}}?)[,.;]", text)
    kinds = re.findall(
        rf"{re.escape(name)} (?:was|is) (an? [a-z][a-z' -]{{2,40}}?)(?: who\b| that\b| with\b|[,.;])", text
    )
    creatures = (kind for kind in kinds if _is_person_word(noun := kind.split()[-1]) or is_animal(noun))
    return tuple(dict.fromkeys([*appositions, *creatures]))[:2]
