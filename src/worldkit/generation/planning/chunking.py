"""Reading prose that somebody else wrote: its sentences, the things it shows, and whether it is English."""

from __future__ import annotations

import re

from worldkit.generation.planning.stock import Thing
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.lexicon import HANGING, TALK
from worldkit.generation.text.word_sets import word_set
from worldkit.language.phrases import noun_phrases
from worldkit.language.tagging import tag

COMMON = word_set("chunking", "common")
"""The words English prose cannot do without; in any page of it they are a third to a half of all."""

ENGLISH = 0.2
LEAST_WORDS = 12
"""So small a share of common words is no English, in a text of at least so many words."""

_SENTENCE = re.compile(r".+?(?:(?<![.!?…])[.!?…]++[\"”’')\]]*+(?=\s|\Z)|\Z)", re.DOTALL)
_TITLES = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|Capt|Sgt|Lt|Rev|vs|etc)\.\Z")
_CHUNK = re.compile(r"\b(an?|the)\b(?= ((?:[a-z]+(?:-[a-z]+)* ){0,4}[a-z]+(?:-[a-z]+)*))", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|several|many|some|between) "
    r"((?:[a-z]+(?:-[a-z]+)* ){0,2}?[a-z]+s)\b",
    re.IGNORECASE,
)
_NO_NOUN = HANGING | TALK | word_set("chunking", "no_noun")
_NO_HEAD = word_set("chunking", "no_head")
_MASS = word_set("chunking", "mass")
_VERBAL = re.compile(r"(?:ed|ing|ly)\Z")
_STOOD = word_set("chunking", "stood")
_SINGULAR = ("ss", "us", "is")


def english(text: str) -> bool:
    """Say whether a text reads as English; one too short to tell does.

    Args:
        text: The text.
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < LEAST_WORDS:
        return text.isascii() or not words or all(word.isascii() for word in words)
    return sum(word in COMMON for word in words) >= ENGLISH * len(words)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each on one line; a title such as ``Mr.`` ends none.

    Args:
        text: The text.
    """
    result: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        open_, found_here = "", False
        for match in _SENTENCE.finditer(" ".join(paragraph.split())):
            sentence = match[0].strip()
            if sentence and not open_ and found_here and sentence[0].islower():
                open_ = result.pop()  # '"Who is there?" he said.' is one sentence
            open_ = f"{open_} {sentence}".strip()
            if open_ and not _TITLES.search(open_):
                result.append(open_)
                open_, found_here = "", True
        if open_:
            result.append(open_)
    return result


def things(text: str, most: int = 6) -> list[Thing]:
    """Return the things a text names with an article, in order, each noun once and only those that the rules allow.

    Args:
        text: The text.
        most: How many at most.
    """
    thing_by_head: dict[str, tuple[int, Thing]] = {}
    for match in _CHUNK.finditer(text):
        words = _noun_phrase(match[2].lower().split(), match[1].lower())
        if words and words[-1] not in _NO_HEAD and clean(" ".join(words)):
            many = words[-1].endswith("s") and not words[-1].endswith(_SINGULAR)
            noun = " ".join(words)
            article = "" if many or words[-1] in _MASS else "an " if noun[0] in "aeiou" else "a "
            thing_by_head.setdefault(words[-1], (match.start(), Thing(article + noun)))
    for match in _COUNTED.finditer(text):
        words = match[1].lower().split()
        if not _NO_NOUN.intersection(words) and words[-1] not in _NO_HEAD and clean(match[1]):
            thing_by_head.setdefault(words[-1], (match.start(), Thing(" ".join(words))))
    return [thing for _, thing in sorted(thing_by_head.values(), key=lambda each: each[0])][:most]


def phrases_of(text: str, heads: frozenset[str]) -> list[str]:
    """Return the noun phrases of a text that turn on one of these words, each head once, without article.

    Args:
        text: The text.
        heads: The words.
    """
    phrases: dict[str, str] = {}
    for phrase in noun_phrases(tag(text)):
        last = phrase.words[-1]
        head = last if last in heads else phrase.lemma.split()[-1]
        named_phrase = " ".join([*(word for word in phrase.words[:-1][-2:] if word not in _NO_NOUN), head])
        if head in heads and len(named_phrase) <= LONGEST and _PLAIN.fullmatch(named_phrase) and clean(named_phrase):
            phrases.setdefault(head, named_phrase)
    return list(phrases.values())


LONGEST = 32
"""Characters of a noun phrase that is taken over."""
_PLAIN = re.compile(r"[a-z][a-z' -]*")


def _noun_phrase(words: list[str], article: str) -> list[str]:
    """Return the words of a noun phrase out of what follows an article: up to where it can be told that it ends."""
    phrase: list[str] = []
    for word in words:
        if word in _NO_NOUN or word in _STOOD:
            break
        # what follows the noun and ends so is the verb: "a farm lane climbs"; "the" leaves it open what is many
        if phrase and (_VERBAL.search(word) or _finite(word)):
            phrase = phrase if article != "the" or _VERBAL.search(word) else []
            break
        phrase.append(word)
    else:
        phrase = phrase if len(words) <= 4 else []  # where it ends could not be told
    while phrase and (_VERBAL.search(phrase[-1]) or len(phrase[-1]) < 3):
        phrase.pop()
    if article != "the" and phrase and phrase[-1].endswith("s") and not phrase[-1].endswith(_SINGULAR):
        phrase.pop()
    return phrase[:3]


def _finite(word: str) -> bool:
    return word.endswith("s") and not word.endswith(_SINGULAR)
