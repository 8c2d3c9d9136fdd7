"""The grammar of one sentence of an instruction: the patterns of ``instructions.toml``, whose groups are fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from worldkit.generation.prose.moods import MOODS, mood
from worldkit.generation.revision.intents import Intent, SetMood
from worldkit.generation.revision.place_relations import RELATIONS
from worldkit.generation.revision.quoted_text import whole_name, whole_text, without_quotes
from worldkit.generation.text.data import read_typed
from worldkit.generation.text.word_sets import word_map, words

_FIELDS = word_map("revision", "fields")
"""The words for the fields that an instruction can set."""
_LISTS = {
    "fields": _FIELDS,
    "ways": words("revision", "ways"),
    "places": words("revision", "places"),
    "relations": [word for relation in RELATIONS.values() for word in relation.words],
}
_PARTS = read_typed(dict[str, str], "instructions.toml", "parts") | {
    name: "|".join(listed_words) for name, listed_words in _LISTS.items()
}
MOST_WORDS_OF_NAME = 6
"""What is longer is no name of a new place, unless it is quoted."""


def _pattern(text: str) -> re.Pattern[str]:
    """Return a pattern of the data with its parts put in."""
    while (complete := re.sub(r"\{([a-z_]+)\}", lambda part: _PARTS[part[1]], text)) != text:
        text = complete
    return re.compile(text, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _SentencePattern:
    """A kind of sentence, as ``instructions.toml`` describes it."""

    intent: str
    say: tuple[str, ...]
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """A kind of instruction that is understood and cannot be carried out here.

    Attributes:
        say: The pattern.
        asks: What is asked, as the end of a sentence.
        instead: What can be done instead.
    """

    say: str
    asks: str
    instead: str


def _place(text: str) -> str | None:
    """Return the name of a new place, or None where it is none, or only the word for a place or a way."""
    name = re.sub(r"\A(?:an?|the|called|named) ", "", whole_name(text) or "", flags=re.IGNORECASE)
    is_clause = re.search(r"[,:]", name) or _SEVERAL.match(name) or len(name.split()) > MOST_WORDS_OF_NAME
    is_no_name = is_clause and not re.search(r"[\"']", text)
    return None if is_no_name or _WAY_FROM.match(f"{name} ") or _PLACE_OR_WAY.fullmatch(name) else name


_SEVERAL = re.compile(r"(?:two|three|four|five|six|several|some|more|many|\d+) ", re.IGNORECASE)
_WAY_FROM = _pattern(r"{way}\b.* (?:from|between|to) ")
_PLACE_OR_WAY = _pattern("(?:{place}|{way}|)")


def _way(text: str) -> str:
    """Return what one takes, empty where it is only the word for a way."""
    name = without_quotes(text)
    return "" if re.fullmatch(r"(?:way|path|link|connection|transition|route|back|)", name, re.IGNORECASE) else name


_MOOD = "|".join(sorted({word for one in MOODS.values() for word in (one.name, *one.words)}))
_DEGREE = f"(?:{'|'.join(words('revision', 'degrees'))})"
_MOOD_BACKWARD = re.compile(rf"\b({_MOOD}) (?:{_DEGREE} )*(less |not )?", re.IGNORECASE)
_MOODS_BACKWARD = re.compile(
    rf"(?:(?:{_MOOD}) (?:{_DEGREE} )*(?:(?:more|less|not) (?:{_DEGREE} )*)?(?:a )?(?:(?:and|but) )*)+"
    rf"(?:{_PARTS['be']} )*",
    re.IGNORECASE,
)
"""The words of moods from the last to the first, and those before them that only lead there."""
_MOOD_INSIDE = re.compile(rf"\b(?:{_MOOD}),? (?:and )?(?:the|an?) ", re.IGNORECASE)


def _tint(phrase: str, rest: str = "", excess: str = "") -> SetMood | None:
    """Read "the ending a bit colder and more hopeful" from its end, where the moods stand; less cold is warm."""
    if excess:
        rest = f"less {excess}"
    phrase_words = re.sub(" *, *", ", ", f"{phrase} {rest}").split()
    moods = _MOODS_BACKWARD.match("".join(f"{word.rstrip(',')} " for word in reversed(phrase_words)))
    if moods is None:
        return None
    what = without_quotes(" ".join(phrase_words[: -moods[0].count(" ")]).rstrip(","))
    mood_words = [(mood(word.casefold()), less) for word, less in _MOOD_BACKWARD.findall(moods[0])]
    meant_moods = [MOODS[one.against] if less else one for one, less in reversed(mood_words) if one]
    if not what or not meant_moods or _MOOD_INSIDE.search(what):  # "the ending colder and the lane"
        return None
    return SetMood(what, tuple(dict.fromkeys(meant_moods)))


_READERS: dict[str, Callable[[str], object]] = {
    "name": whole_name,
    "key": whole_name,
    "text": whole_text,
    "relation": lambda text: next(name for name, one in RELATIONS.items() if text.casefold() in one.words),
    "field": lambda text: _FIELDS.get(text.casefold()),
    "place": _place,
    "way": _way,
    "phrase": str,
    "rest": str,
    "excess": str,
}
"""How the groups of the patterns are read; those that are not here name what exists."""
_MAKERS: dict[str, Callable[..., Intent | None]] = {kind.__name__: kind for kind in get_args(Intent)} | {
    "SetMood": _tint
}
_PATTERNS = [
    (kind, _pattern(text))
    for kind in read_typed(tuple[_SentencePattern, ...], "instructions.toml", "patterns")
    for text in kind.say
]
_REFUSALS = [(one, _pattern(one.say)) for one in read_typed(tuple[KnownRequest, ...], "instructions.toml", "refusals")]


def intent_of(sentence: str) -> Intent | None:
    """Return what a sentence with masked quotes asks for, or None where it is of no known kind."""
    for kind, pattern in _PATTERNS:
        if match := pattern.fullmatch(sentence):
            texts = {name.removesuffix("_word"): text for name, text in match.groupdict().items() if text is not None}
            values = {name: _READERS.get(name, without_quotes)(text) for name, text in texts.items()}
            if None not in values.values() and (intent := _MAKERS[kind.intent](**kind.more, **values)) is not None:
                return intent
    return None


def known_request(sentence: str) -> tuple[KnownRequest, Mapping[str, str]] | None:
    """Return the kind of a sentence that is understood and cannot be carried out, with the groups of its pattern."""
    for request, pattern in _REFUSALS:
        if match := pattern.fullmatch(sentence):
            return request, match.groupdict()
    return None
