"""Reading prose that somebody else wrote: its sentences, the things it shows, and whether it is English."""

from __future__ import annotations

import re

from worldkit.generation.planning.stock import Thing
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import a
from worldkit.generation.text.word_sets import HANGING_WORDS, TALK_WORDS, word_set
from worldkit.language.identification import COMMON_WORDS
from worldkit.language.phrases import CONCRETE_KINDS, noun_phrases
from worldkit.language.tagging import tag

MIN_COMMON_WORD_SHARE = 0.2
MIN_WORDS = 12
"""So small a share of common words is no English, in a text of at least so many words."""

_SENTENCE = re.compile(r".+?(?:(?<![.!?…])[.!?…]++[\"”’')\]]*+(?=\s|\Z)|\Z)", re.DOTALL)
MAX_ABBREVIATION_CHARACTERS = 8
"""Characters of an abbreviation before a name, with what stands before it."""
TITLE_AT_END = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|Capt|Sgt|Lt|Rev|vs|etc)\.\Z")
"""An abbreviation that a name follows, so that its full stop ends no sentence."""
_ARTICLE = re.compile(r"(?:an?|the|two|three|four|five|six|seven|eight|nine|ten|several|many|some)\b")
_NON_NOUNS = HANGING_WORDS | TALK_WORDS | word_set("chunking", "no_noun")
_NON_HEADS = word_set("chunking", "no_head")
_MASS = word_set("chunking", "mass")


def english(text: str) -> bool:
    """Say whether a text reads as English; one too short to tell does where its letters are those of English."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < MIN_WORDS:
        return all(word.isascii() for word in words)
    return sum(word in COMMON_WORDS for word in words) >= MIN_COMMON_WORD_SHARE * len(words)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each on one line; a title such as ``Mr.`` ends none."""
    result: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        parts_of_sentences: list[list[str]] = []
        is_open = False
        for match in _SENTENCE.finditer(" ".join(paragraph.split())):
            part = match[0].strip()
            # '"Who is there?" he said.' is one sentence
            if is_open or (parts_of_sentences and part[0].islower()):
                parts_of_sentences[-1].append(part)
            else:
                parts_of_sentences.append([part])
            is_open = TITLE_AT_END.search(part, max(0, len(part) - MAX_ABBREVIATION_CHARACTERS)) is not None
        result += [" ".join(parts) for parts in parts_of_sentences]
    return result


def things(text: str, most: int = 6) -> list[Thing]:
    """Return the first things a text names, in order, each noun once and only those that the rules allow."""
    thing_by_head: dict[str, Thing] = {}
    for phrase in noun_phrases(tag(text)):
        noun, last = " ".join([word for word in phrase.words if word not in _NON_NOUNS][-3:]), phrase.words[-1]
        kind = phrase.senses[0].kind if phrase.senses else "t"
        if phrase.is_name or kind not in CONCRETE_KINDS - {"p"} or last in _NON_NOUNS | _NON_HEADS:
            continue
        is_named = _ARTICLE.match(phrase.article) or (not phrase.article and Thing(noun).many)
        if is_named and _PLAIN_PHRASE.fullmatch(noun) and clean(noun):
            thing_by_head.setdefault(last, Thing(noun if Thing(noun).many or last in _MASS else a(noun)))
    return list(thing_by_head.values())[:most]


def phrases_of(text: str, heads: frozenset[str]) -> list[str]:
    """Return the noun phrases of a text that turn on one of these words, each head once, without article."""
    phrases: dict[str, str] = {}
    for phrase in noun_phrases(tag(text)):
        last = phrase.words[-1]
        head = last if last in heads else phrase.lemma.split()[-1]
        named_phrase = " ".join([*(word for word in phrase.words[:-1][-2:] if word not in _NON_NOUNS), head])
        if (
            head in heads
            and len(named_phrase) <= MAX_NOUN_PHRASE_CHARACTERS
            and _PLAIN_PHRASE.fullmatch(named_phrase)
            and clean(named_phrase)
        ):
            phrases.setdefault(head, named_phrase)
    return list(phrases.values())


MAX_NOUN_PHRASE_CHARACTERS = 32
"""Characters of a noun phrase that is taken over."""
_PLAIN_PHRASE = re.compile(r"[a-z][a-z' -]*")
