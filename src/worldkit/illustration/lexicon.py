"""Which words of a text mean what can be drawn: the longest phrase of the lexicon at each place, negations left out."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from worldkit.illustration.word_senses import is_measure, other_senses_in, without_inscriptions
from worldkit.illustration.word_tables import DATA

MAX_TOKENS = 400
"""So many words of a text are read; a picture of more would not be another one."""

MAX_CHARACTERS = 12 * MAX_TOKENS
"""So much of a text is looked at."""

_TOKEN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:'s(?![a-z]))?|[.,;:!?()\u2014\u2013]")
_PUNCTUATION = frozenset(".,;:!?()\u2014\u2013")
_NEGATIONS = frozenset(
    {"no", "not", "without", "never", "nothing", "none", "neither", "nor", "lacks", "missing", "nobody"}
)
_COMPARISONS = frozenset({"like", "resembling"})
_OTHER_SENSES = frozenset({"smell", "smells", "smelling", "scent", "sound", "sounds", "noise", "echo", "taste"})
_LIKENESSES = frozenset(
    {
        "bitten",
        "eaten",
        "eyed",
        "faced",
        "footed",
        "headed",
        "legged",
        "like",
        "necked",
        "nosed",
        "proof",
        "scented",
        "shaped",
        "sized",
        "tailed",
        "toothed",
    }
)
"""What a compound ends with that holds nothing of what it begins with: a moth-eaten coat, a star-shaped window."""
_UNSEEN_CUES = _COMPARISONS | _OTHER_SENSES
_FAR_WORDS = frozenset(
    {"far", "distant", "distance", "beyond", "horizon", "below", "behind", "background", "across", "away"}
)
_AWAY_WORDS = _FAR_WORDS - {"below", "behind", "beyond", "across"}
_NEAR_WORDS = frozenset({"near", "nearer", "foreground", "front", "closest"})
_SIDES = {"left": "left", "right": "right", "centre": "middle", "center": "middle", "middle": "middle"}

Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str, bool], ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase of the lexicon in a text.

    Attributes:
        name: What it means.
        index: The place of its first word.
        length: How many words it has.
        is_plural: Whether it stands in the plural.
    """

    name: str
    index: int
    length: int
    is_plural: bool


@dataclass(frozen=True, slots=True)
class TextWords:
    """The words of a text, without what it says is not there.

    Attributes:
        denied_words: Those that are said not to be there.
        owners: The places of those that only own the next thing: the ranger in "the ranger's hut".
    """

    words: tuple[str, ...]
    denied_words: tuple[str, ...] = ()
    owners: frozenset[int] = frozenset()

    def clause(self, index: int) -> tuple[str, ...]:
        """Return the words around a place, up to the next punctuation on both sides."""
        start = end = index
        while start > 0 and self.words[start - 1] not in _PUNCTUATION:
            start -= 1
        while end < len(self.words) and self.words[end] not in _PUNCTUATION:
            end += 1
        return self.words[start:end]

    def distance(self, index: int) -> str:
        """Return ``"far"``, ``"near"`` or an empty text for what stands at a place."""
        words = set(self.clause(index))
        return "far" if words & _FAR_WORDS else "near" if words & _NEAR_WORDS else ""

    def is_elsewhere(self, index: int) -> bool:
        """Return whether what stands at a place is said to be away: in "an alley behind the museum", the museum is."""
        if set(self.clause(index)) & _AWAY_WORDS:
            return True
        start = index
        while start > 0 and self.words[start - 1] not in _PUNCTUATION:
            start -= 1
        return bool(_FAR_WORDS & set(self.words[start:index]))

    def side(self, index: int) -> str:
        """Return ``"left"``, ``"right"``, ``"middle"`` or an empty text for what stands at a place."""
        return next((_SIDES[word] for word in self.clause(index) if word in _SIDES), "")


def read(text: str) -> TextWords:
    """Return the words of a text, in lower case.

    Words after "no", "without", "like", "a smell of" and so on are left out up to the next punctuation: such things are
    not seen.
    """
    return _words(without_inscriptions(text[:MAX_CHARACTERS]))


def read_name(id: str) -> TextWords:
    """Return the words of an id, without what it says is not there: a "sound library" is a library."""
    return _words(id[:MAX_CHARACTERS].replace("_", " ").replace("-", " "), is_name=True)


@lru_cache(maxsize=1024)
def _words(text: str, *, is_name: bool = False) -> TextWords:
    words: list[str] = []
    denied_words: list[str] = []
    is_unseen = is_denied = False
    recent_as = -9
    times: Counter[str] = Counter()
    owners: set[int] = set()
    tokens = list(islice(_TOKEN.finditer(text.lower().replace("\u2019", "'")), MAX_TOKENS))
    senses = other_senses_in(text[: tokens[-1].end()]) if tokens and not is_name else {}
    for token in tokens:
        word = token.group()
        if word.endswith("'s"):
            word = word[:-2]
            owners.add(len(words))
        is_other_sense = word in senses and senses[word][times[word] :][:1] == (True,)
        times[word] += 1
        if word in _PUNCTUATION or word == "but":
            is_unseen = is_denied = False
        elif word in _NEGATIONS or (not is_name and word in _UNSEEN_CUES):
            is_unseen = True
            is_denied = is_denied or word in _NEGATIONS
        elif word == "as":
            is_unseen = is_unseen or len(words) - recent_as <= 4
            recent_as = len(words)
        elif word in ("a", "an") and words and words[-1] == "as":
            is_unseen = True
        if is_denied:
            denied_words.append(word)
        if is_unseen or is_other_sense:
            words.append("-")
        elif "-" in word and not any(word in phrases for phrases in _all_phrases().values()):
            parts = word.split("-")
            words.extend(["-"] * len(parts) if parts[-1] in _LIKENESSES else parts)
        else:
            words.append(word)
    return TextWords(tuple(words), tuple(denied_words), frozenset(owners))


def matches(text: TextWords, section: str) -> Iterator[Match]:
    """Yield the phrases of a section of the lexicon in a text, the longest at each place."""
    phrases, words = _all_phrases()[section], text.words
    index = 0
    while index < len(words):
        for phrase, name, is_plural in phrases.get(words[index], ()):
            is_counted = len(phrase) > 1 or section == "cues" or not is_measure(words, index)
            if words[index : index + len(phrase)] == phrase and is_counted:
                yield Match(name, index, len(phrase), is_plural)
                index += len(phrase)
                break
        else:
            index += 1


@cache
def _all_phrases() -> Mapping[str, Phrases]:
    sections = tomllib.loads(DATA.joinpath("lexicon.toml").read_text("utf-8"))
    return {section: _phrases(entries) for section, entries in sections.items()}


def _phrases(entries: Mapping[str, str]) -> Phrases:
    by_first: dict[str, dict[tuple[str, ...], tuple[str, bool]]] = {}
    singular = [(phrase.strip(), name, False) for name, texts in entries.items() for phrase in texts.split(",")]
    plural = [(form, name, True) for phrase, name, _ in singular for form in _plurals(phrase)]
    for phrase, name, is_plural in (*singular, *plural):
        words = tuple(phrase.replace("'s", "").split())
        by_first.setdefault(words[0], {}).setdefault(words, (name, is_plural))
    return {
        first: tuple(
            (words, name, is_plural)
            for words, (name, is_plural) in sorted(phrases.items(), key=lambda item: -len(item[0]))
        )
        for first, phrases in by_first.items()
    }


def _plurals(phrase: str) -> list[str]:
    if phrase.endswith(("s", "x", "ch", "sh")):
        return [phrase + "es"]
    if phrase.endswith("f"):
        return [phrase[:-1] + "ves", phrase + "s"]
    if phrase.endswith("y") and phrase[-2] not in "aeiou":
        return [phrase[:-1] + "ies"]
    if phrase.endswith("man"):
        return [phrase[:-3] + "men"]
    return [phrase + "s"]
