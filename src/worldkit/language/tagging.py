"""Parts of speech: what each word of a text is there, by the lexicon's counts and by what stands beside it.

A hidden Markov model whose transitions are written by hand: which tag likes to follow which. It is meant for plain
sentences of the present, as premises and descriptions are; it knows no grammar beyond the neighbouring word.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from worldkit.language.lexicon import Lexicon, lexicon
from worldkit.language.word_sets import word_set

Tag = Literal["D", "A", "N", "V", "I", "G", "E", "R", "P", "T", "X", "O", "C", "W", "M", "S"]
"""Determiner, adjective, noun, verb in the third person, verb in plain form, -ing form, past or participle,
adverb, preposition, "to", auxiliary, pronoun, conjunction, relative or question word, number, a mark or the
edge of the text."""
TAGS: tuple[Tag, ...] = ("D", "A", "N", "V", "I", "G", "E", "R", "P", "T", "X", "O", "C", "W", "M", "S")


class Token(NamedTuple):
    """A word or a mark of a text.

    Attributes:
        text: As it stands there.
        word: In small letters.
        start: Where it begins in the text.
        tag: What it is there.
    """

    text: str
    word: str
    start: int
    tag: Tag

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.text)


@cache
def _data() -> dict[str, Any]:
    text = files("worldkit").joinpath("data", "language", "tags.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _tables() -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """Return the tags of the closed words with their scores, and how well each tag follows another."""
    data = _data()
    closed_words = {word: dict.fromkeys(tags, 0.0) for tags, words in data["closed"].items() for word in words.split()}
    for word, costs in data["seldom"].items():
        closed_words[word] |= costs
    transitions = {tag_before: dict(zip(TAGS, row, strict=True)) for tag_before, row in data["follow"].items()}
    return closed_words, transitions


def is_closed_word(word: str) -> bool:
    """Say whether a word in small letters is of a closed class: an article, a pronoun, a preposition or the like."""
    return word in _tables()[0]


def tags_of_closed_word(word: str) -> frozenset[str]:
    """Return what a word in small letters of which none are added can be; nothing for any other word."""
    return frozenset(_tables()[0].get(word, ()))


_WORD = re.compile(
    r"\d+-year-olds?\b|\d+(?:st|nd|rd|th|s)\b|[^\W\d_]+-?\d\w*(?:-\w+)*|[^\W\d_]+(?:['’\-][^\W\d_]+)*['’]?|\d+|[^\w\s]"
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|s)")
"""The 3rd, and the 1920s."""
_WORD_OF_SIGN = {"&": "and"}
_PERSON_ENDINGS = ("er", "or", "ist", "eer", "smith", "wright", "man", "woman", "keeper")
COMPOUND_WEIGHT = 2.0
"""How much likelier a noun is where the lexicon has two words as one thing."""
MAX_TOKENS = 4000
"""Tokens that are read of a text."""
MAX_KEPT_WORDS = 60
"""Words and marks of a sentence whose tags are kept: a premise is read for one thing after the other."""


def tag(text: str) -> list[Token]:
    """Return the words and marks of a text, each with its part of speech.

    Args:
        text: English; the first 4,000 tokens are read.
    """
    tokens: list[Token] = []
    sentence: list[re.Match[str]] = []
    for number, match in enumerate(_WORD.finditer(text)):
        if number >= MAX_TOKENS:
            break
        sentence.append(match)
        if match[0] in ".!?;:":
            tokens += _tag_sentence(sentence)
            sentence = []
    return tokens + _tag_sentence(sentence)


def tags_of(tokens: Iterable[Token]) -> str:
    """Return the tags of tokens as one text, for patterns."""
    return "".join(token.tag for token in tokens)


def _tag_sentence(matches: list[re.Match[str]]) -> list[Token]:
    texts = tuple(match[0] for match in matches)
    tags = _kept_tags(texts) if len(texts) <= MAX_KEPT_WORDS else _most_likely_tags(texts)
    return [
        Token(text, _small(text).replace("’", "'"), match.start(), tag_here)  # type: ignore[arg-type]
        for match, text, tag_here in zip(matches, texts, tags, strict=True)
    ]


def _small(text: str) -> str:
    return _WORD_OF_SIGN.get(text, text.lower())


def _most_likely_tags(texts: tuple[str, ...]) -> Sequence[str]:
    """Return the most likely tags of the words and marks of a sentence (Viterbi)."""
    transitions = _tables()[1]
    totals: dict[str, float] = {"S": 0.0}  # of the best way to each tag that the last word can have
    best_tags_before: list[dict[str, str]] = []
    words = [_small(text) for text in texts]
    compound = _in_compounds(words)
    asks_for_deed = words[1:2] in (["do"], ["does"], ["did"]) and "W" in tags_of_closed_word(words[0])
    for number, text in enumerate(texts):
        scores = _emissions(_WORD_OF_SIGN.get(text, text.replace("’", "'")), number == 0)
        if words[number] == "her" and _is_person(words, number):
            scores = {"O": 0.0}
        if number and words[number - 1] == "who" and "N" in scores and not {"V", "I"}.isdisjoint(scores):
            scores = scores | {"N": scores["N"] - COMPOUND_WEIGHT}  # who play, who haunts
        elif number and words[number - 1] == "," and "V" in scores and "," in words[: number - 1]:
            scores = scores | {"V": scores["V"] + COMPOUND_WEIGHT}  # a samurai, betrayed by his lord, seeks revenge
        elif (
            number == 0
            and words[0] in _quests()
            and words[1:]
            and not {"P", "T"}.isdisjoint(tags_of_closed_word(words[1]))
        ):
            scores = {"I": 0.0}  # escape from the island
        elif asks_for_deed and number > 2 and {"I", "N"} <= scores.keys():
            scores = scores | {"I": scores["I"] + COMPOUND_WEIGHT}  # what does the clockmaker hide
        elif words[number] == "back" and not _getting().isdisjoint(words[max(0, number - 4) : number - 1]):
            scores = {"R": 0.0}  # wants its gold back
        if number in compound:
            scores = scores | {"N": max(scores.get("N", 0.0), 0.0) + COMPOUND_WEIGHT}
        elif number and "I" in scores and "N" in scores and _is_plural(texts[number - 1]):
            # several may search: few plurals stand before the noun that they belong to
            scores = scores | {"N": scores["N"] - COMPOUND_WEIGHT}
        totals_here: dict[str, float] = {}
        tags_before: dict[str, str] = {}
        for tag_here, emission in scores.items():
            total, tags_before[tag_here] = max(
                [(total + transitions[tag_before][tag_here], tag_before) for tag_before, total in totals.items()]
            )
            totals_here[tag_here] = total + emission
        totals = totals_here
        best_tags_before.append(tags_before)
    # of ways that are equally good, the first in the alphabet
    return max((total + transitions[last]["S"], _way_to(last, best_tags_before)) for last, total in totals.items())[1]


_kept_tags = lru_cache(maxsize=4096)(_most_likely_tags)


def _way_to(last: str, best_tags_before: list[dict[str, str]]) -> list[str]:
    """Return the tags of the best way to a tag of the last word, the first word's first."""
    tags = []
    for tags_before in reversed(best_tags_before):
        tags.append(last)
        last = tags_before[last]
    return tags[::-1]


@cache
def _getting() -> frozenset[str]:
    return frozenset(_data()["back"]["verbs"].split())


@cache
def _quests() -> frozenset[str]:
    return frozenset(_data()["quests"]["verbs"].split())


def _is_person(words: Sequence[str], at: int) -> bool:
    """Say whether "her" at a place of a sentence means a person, and not whose something is: win her back."""
    data = _data()["her"]
    before, after, next_after = (words[place] if 0 <= place < len(words) else "" for place in (at - 1, at + 1, at + 2))
    verbs = set() if is_closed_word(before) else set(lexicon().lemmas(before, "v"))
    if not verbs or after not in data["complements"].split():
        return False
    if after == "back" and not verbs.isdisjoint(data["with_back"].split()):
        return False
    if after == "home" and verbs.isdisjoint(data["to_home"].split()):
        return False
    return not next_after[:1].isalpha() or not set("PRTCW").isdisjoint(_tables()[0].get(next_after, ()))


@lru_cache(maxsize=65536)
def _is_plural(word: str) -> bool:
    words = lexicon()
    return word.lower() not in words and any(base != word for base in words.lemmas(word.lower(), "n"))


def _in_compounds(words: list[str]) -> set[int]:
    """Return where two words stand that the lexicon has as one thing: a spinning wheel."""
    vocabulary = lexicon()
    places: set[int] = set()
    for at in range(len(words) - 1):
        if any(_is_thing(f"{words[at]} {base}") for base in vocabulary.lemmas(words[at + 1], "n")):
            places |= {at, at + 1}
    return places


@lru_cache(maxsize=65536)
def _is_thing(lemma: str) -> bool:
    return any(sense.kind in "pagltc" for sense in lexicon().senses(lemma)[:1])


def _emissions(text: str, is_first: bool) -> dict[str, float]:
    word = text.lower()
    if _ORDINAL.fullmatch(word):
        return {"A": 0.0}
    if not text[0].isalpha():
        if text[0].isdigit() and "-" in text:
            return {"N": 0.0} if text.endswith("s") else {"A": 0.0, "N": -1.0}  # a 12-year-old boy, a 12-year-old
        return {"M": 0.0} if text.isdigit() else {"S": 0.0}
    if any(map(str.isdigit, text)):
        return {"N": 0.0}  # the robot R2-D2
    if text[0].isupper() and not is_first and word not in _tables()[0]:
        return {"N": 0.0, "A": -0.5} if "a" in lexicon().counts(word) else {"N": 0.0}  # the French plans
    if text[0].isupper() and word in word_set("given_names") and not is_closed_word(word):
        return _word_emissions(word) | {"N": 0.0}
    return _word_emissions(word)


@lru_cache(maxsize=65536)
def _word_emissions(word: str) -> dict[str, float]:
    if word.endswith(("'s", "s'")) and word not in ("it's", "he's", "she's", "that's", "what's", "there's", "who's"):
        return {"D": 0.0}  # a possessor stands where an article does
    if word.endswith(("n't", "'s", "'re", "'ll", "'d", "'ve")):
        return {"X": 0.0}
    closed_word_tags = _tables()[0].get(word)
    if closed_word_tags:
        return closed_word_tags
    counts = _tag_counts(lexicon(), word)
    if not counts and "-" in word:
        last_part = word.rpartition("-")[2]
        counts = {"A": 1.0, **({"N": 1.0} if "n" in lexicon().counts(last_part) else {})}
    if not counts:
        return _unknown(word)
    total = sum(counts.values()) + 0.5 * len(counts)
    return {tag_here: 0.6 * math.log((count + 0.5) / total) for tag_here, count in counts.items()}


def _tag_counts(words: Lexicon, word: str) -> dict[str, float]:
    counts: dict[str, float] = {}
    word_counts = words.counts(word)
    for base in words.lemmas(word, "n"):
        counts["N"] = counts.get("N", 0) + words.counts(base)["n"]
    for base in words.lemmas(word, "v"):
        form = "I" if base == word else "V" if word.endswith("s") else "G" if word.endswith("ing") else "E"
        counts[form] = counts.get(form, 0) + words.counts(base)["v"] / (1 if form == "I" else 2)
    for pos, name in (("a", "A"), ("r", "R")):
        if pos in word_counts:
            counts[name] = word_counts[pos]
        elif any(pos in words.counts(base) for base in words.lemmas(word, pos)):  # type: ignore[arg-type]
            counts[name] = 1
    return counts


def _unknown(word: str) -> dict[str, float]:
    if word.endswith("ly"):
        return {"R": 0.0, "A": -2.0, "N": -3.0}
    if word.endswith("ing"):
        return {"G": -0.5, "A": -1.5, "N": -1.5}
    if word.endswith("ed"):
        return {"E": -0.5, "A": -1.0, "N": -3.0}
    if word.endswith(_PERSON_ENDINGS):
        return {"N": -0.1, "A": -3.0}
    return {"N": -0.3, "A": -1.5, "V" if word.endswith("s") else "I": -2.5}
