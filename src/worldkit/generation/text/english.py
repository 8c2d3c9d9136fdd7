"""The little English grammar that composed sentences need."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from worldkit.editing.naming import cut_name
from worldkit.generation.text.word_sets import HANGING_WORDS, word_map, word_set, words
from worldkit.language.capitals import is_name_of_owner, is_name_of_town
from worldkit.language.inflection import third_person
from worldkit.language.lexicon import lexicon

_VOWEL = re.compile(
    r"(?!uni(?!n|m|dent)|unan|ubiq|uk|ur[ai]|us[aeu]|ut[eio]|eu|ewe|ouija|one\b|once\b)[aeiou]|heir|hour|hono|honest"
)
"""How words begin that are said with a vowel first: an uninhabited island, but a unicorn."""


def third(phrase: str) -> str:
    """Return a verb phrase in the third person: ``climb the stair`` becomes ``climbs the stair``."""
    if (pair := re.fullmatch(r"([a-z]+) and ([a-z]+)", phrase)) and lexicon().lemmas(pair[2], "v"):
        return f"{third(pair[1])} and {third(pair[2])}"
    verb, space, rest = phrase.partition(" ")
    return third_person(verb) + space + rest


def plain(phrase: str) -> str:
    """Return the plain form of a verb phrase in the third person: ``comes and goes`` becomes ``come and go``."""
    if pair := re.fullmatch(r"([a-z]+s) and ([a-z]+s)", phrase):
        return f"{_plain_verb(pair[1])} and {_plain_verb(pair[2])}"
    return _plain_verb(phrase)


def _plain_verb(phrase: str) -> str:
    verb, space, rest = phrase.partition(" ")
    if verb.endswith("s"):
        verb = next((base for base in lexicon().lemmas(verb, "v") if base != verb), verb[:-1])
    return verb + space + rest


def a(noun: str) -> str:
    """Return a noun with its indefinite article; one that is the most of its kind with the definite: the youngest."""
    first = noun.partition(" ")[0].lower()
    if first in ("best", "worst") or (first not in lexicon() and is_compared(first, "est")):
        return f"the {noun}"
    return f"{'an' if _VOWEL.match(noun.lower()) else 'a'} {noun}"


def the(noun: str) -> str:
    """Return a noun with its definite article, which no town has, nor space, nor lane seven, nor ``Anna's room``."""
    *before, last = noun.split() or [""]
    is_numbered = (last in _NUMBERS or last.isdecimal()) and before and _is_noun(before[-1])
    is_name = is_name_of_town(noun.lower()) or is_name_of_owner(noun.partition(" ")[0])
    return noun if is_numbered or is_name or noun in _NOUNS_WITHOUT_ARTICLE else f"the {noun}"


def is_plural(noun: str) -> bool:
    """Say whether a noun is in the plural: ``lamps``, ``children``, ``scissors``; not ``glass``, nor ``lens``."""
    if noun in _SINGULAR_NOUNS or noun in _PLURAL_NOUNS:
        return noun in _PLURAL_NOUNS
    is_regular = noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
    return is_regular or lexicon().lemmas(noun, "n")[:1] not in ((), (noun,))


_SINGULAR_NOUNS, _PLURAL_NOUNS = word_set("english", "singular"), word_set("english", "plural")


def within(place: str) -> str:
    """Return where somebody is who is in a place: ``in the hut``, ``on the jetty``, ``at the front counter``."""
    return f"{preposition(place)} {the(place)}"


def preposition(place: str) -> str:
    """Return how one is at a place: ``"in"``, ``"on"`` or ``"at"``."""
    words_of_place = place.partition(" of ")[0].split()
    ends = {words_of_place[-1], " ".join(words_of_place[-2:])}
    return "on" if ends & _NOUNS_WITH_ON else "at" if ends & _NOUNS_WITH_AT else "in"


_NOUNS_WITH_ON, _NOUNS_WITH_AT = frozenset(word_map("english", "on")), frozenset(word_map("english", "at"))
_NUMBERS, _SMALL_TITLE_WORDS = word_set("english", "numbers"), word_set("english", "small")
_NOUNS_WITHOUT_ARTICLE = word_set("goal", "without_article")


def _is_noun(word: str) -> bool:
    # "the last two" and "the lost seven" are so many, and no names
    counts = lexicon().counts(word)
    return counts.get("n", 0) > max(counts.get("a", 0), counts.get("v", 0))


def is_compared(word: str, ending: str) -> bool:
    """Say whether a word is an adjective with the ending of a comparative or superlative: heavier, youngest."""
    base = word.removesuffix(ending)
    forms = (base, f"{base}e", f"{base[:-1]}y", base[:-1]) if base != word else ()
    return any("a" in lexicon().counts(form) for form in forms)


def capital(text: str) -> str:
    """Return a text with its first letter raised."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Return a text with its first letter small."""
    return text[:1].lower() + text[1:]


def proper(text: str, names: Mapping[str, str] | None = None) -> str:
    """Return a text with days, months and the adjectives of nations raised: ``a Dutch doctor on Tuesday``.

    So are names, given in small letters, each with how it is written.
    """
    for name, written_name in (names or {}).items():
        text = re.sub(rf"\b{re.escape(name)}\b", written_name, text)
    return _CAPITALIZED_NAME.sub(lambda match: capital(match[0]), text)


_CAPITALIZED_NAME = re.compile(rf"\b(?:{'|'.join((*words('english', 'peoples'), *words('english', 'calendar')))})\b")


def title(text: str) -> str:
    """Return a text as a title: ``lamp of the sea`` becomes ``Lamp of the Sea``."""
    return " ".join(word if i and word in _SMALL_TITLE_WORDS else capital(word) for i, word in enumerate(text.split()))


def stem(word: str) -> str:
    """Return the beginning by which a word counts as said already: ``lanterns`` and ``lantern`` are one."""
    return word.removesuffix("s")[:6]


def short_slug(text: str, longest: int) -> str:
    """Return a text as a snake_case id; one that is too long is cut as ``cut_name`` says.

    Example:
        >>> short_slug("the key to the cellar", 16)
        'the_key'
    """
    return cut_name(slug(text), longest)


def slug(text: str) -> str:
    """Return a text as a snake_case id."""
    flat = unicodedata.normalize("NFKD", text.replace("'s", "s")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", flat).strip("_")


def without_hanging_end(text: str) -> str:
    """Return a text without the words at its end that lead on: the door of the."""
    words = text.split()
    while words and words[-1].lower() in HANGING_WORDS:
        words.pop()
    return " ".join(words)


def listing(items: Sequence[str]) -> str:
    """Return items as a list in words: ``a, b and c``."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
