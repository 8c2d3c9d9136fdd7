"""The grammar of one sentence of an instruction: a table of patterns whose groups are the fields of what is meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from worldkit.generation.prose.moods import MOODS, mood
from worldkit.generation.revision.intents import (
    AddPlace,
    AddWay,
    Begin,
    Intent,
    Lock,
    Remove,
    Rename,
    SetText,
    Tint,
    Unlock,
)
from worldkit.generation.revision.place_relations import RELATIONS
from worldkit.generation.revision.quoted_text import whole_name, whole_text, without_quotes
from worldkit.generation.text.word_sets import word_map, words

_FIELDS = word_map("revision", "fields")
"""The words for the fields that an instruction can set."""
_THE = r"(?:an? |the |this |that )?"
_WAY = f"(?:{'|'.join(words('revision', 'ways'))})"
_PLACE = f"(?:{'|'.join(words('revision', 'places'))})"
_BE = "(?:be|feel|look|sound|seem|appear)"
_SET = "(?:change|set|make|rewrite|replace)"
_FIELD = rf"(?P<field>{'|'.join(_FIELDS)})"
_AS = "(?:to|as|with|read|say):? (?P<text>.+)"
_ADD_WAY = rf"(?:add|make|build|create|open|put)(?: in)? {_THE}(?:new )?"
_KEYED = rf"(?: (?:with|that needs|needing|locked with) {_THE}(?P<key>[\w -]*?key|[\w-]+))?"
_ADD_PLACE = (
    rf"(?:add|create|build|insert|put in) {_THE}(?:new |another )?(?:{_PLACE} )?(?:called |named )?(?P<place>.+?)"
)
_NAMED = rf"(?:(?:the |{_THE}(?:{_PLACE} )?(?:called |named ))(?=[\"']))?(?P<name>.+)"
_RELATION = "|".join(word for relation in RELATIONS.values() for word in relation.words)
_BESIDE = f"(?:(?P<relation>{_RELATION})|next to|beside|near|after|by|to)"
_FROM_TO = rf"the {_WAY} (?:from|between) (?P<what>.+?) (?:to|and) (?P<to>.+?)"
_WITH_KEY = rf"(?: (?:with|behind|until you have|unless you have) {_THE}(?P<key>.+))?"
_UNLOCK = "(?:unlock|open up|(?:remove|take away|drop) the lock (?:from|on|of|to|between))"


def _place(text: str) -> str | None:
    """Return the name of a new place, or None where it is only the word for a place or a way."""
    name = re.sub(r"\A(?:an?|the|called|named) ", "", whole_name(text) or "", flags=re.IGNORECASE)
    is_way = re.match(rf"{_WAY}\b.* (?:from|between|to) ", f"{name} ", re.IGNORECASE)
    return None if is_way or re.fullmatch(rf"(?:{_PLACE}|{_WAY}|)", name, re.IGNORECASE) else name


def _way(text: str) -> str:
    """Return what one takes, empty where it is only the word for a way."""
    name = without_quotes(text)
    return "" if re.fullmatch(r"(?:way|path|link|connection|transition|route|back|)", name, re.IGNORECASE) else name


_MOOD = "|".join(sorted({word for one in MOODS.values() for word in (one.name, *one.words)}))
_DEGREE = f"(?:{'|'.join(words('revision', 'degrees'))})"
_MOOD_BACKWARD = re.compile(rf"\b({_MOOD}) (less )?", re.IGNORECASE)
_MOODS_BACKWARD = re.compile(
    rf"(?:(?:{_MOOD}) (?:(?:more|less) )?(?:{_DEGREE} )*(?:a )?(?:and )*)+(?:{_BE} )*",
    re.IGNORECASE,
)
"""The words of moods from the last to the first, and those before them that only lead there."""


def _tint(phrase: str, rest: str = "") -> Tint | None:
    """Read "the ending a bit colder and more hopeful" from its end, where the moods stand; less cold is warm."""
    phrase_words = f"{phrase} {rest}".replace(",", " ").split()
    moods = _MOODS_BACKWARD.match("".join(f"{word} " for word in reversed(phrase_words)))
    if moods is None:
        return None
    what = without_quotes(" ".join(phrase_words[: -moods[0].count(" ")]))
    named = [(mood(word.casefold()), less) for word, less in _MOOD_BACKWARD.findall(moods[0])]
    meant_moods = [MOODS[one.against] if less else one for one, less in reversed(named) if one]
    return Tint(what, tuple(dict.fromkeys(meant_moods))) if what and meant_moods else None


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
}
"""How the groups of the patterns are read; those that are not here name what exists."""

_KINDS: tuple[tuple[Callable[..., Intent | None], str], ...] = (
    (Rename, rf"(?:rename|change the name of) (?P<what>.+?) (?:to|into|as) {_NAMED}"),
    (SetText, rf"{_SET} the {_FIELD} (?:of|for|on) (?P<what>.+?) {_AS}"),
    (SetText, rf"{_SET} (?P<what>.+?)(?:'s|s') {_FIELD} {_AS}"),
    (
        partial(SetText, field="title"),
        r'(?:call|title|name) (?P<what>.*?ending) (?:as )?(?P<text>".+"|\'.+\'|[A-Z].*)',
    ),
    (Rename, r'(?:call|name) (?P<what>.+?) (?P<name>"[^"]+"|\'\S+\'|the .+)'),
    (Begin, r"(?:start|begin)(?: play| the game| the story| the world)? (?:in|at|from|with|on) (?P<what>.+)"),
    (
        Begin,
        r"(?:let|make) (?:the player|the game|the story|it|play) (?:start|begin)s? (?:in|at|from|with|on) (?P<what>.+)",
    ),
    (Begin, r"make (?P<what>.+?) the (?:entrance|start|beginning)"),
    (Begin, r"(?:set|move|change) the (?:entrance|start|beginning) to (?P<what>.+)"),
    (_tint, r"(?:make|turn|let|keep|paint) (?P<phrase>.+)"),
    (_tint, rf"(?P<phrase>.+?) (?:should|must|could|ought to) {_BE} (?P<rest>.+)"),
    (
        AddWay,
        rf"{_ADD_WAY}(?P<way>(?:[\w-]+ )*?{_WAY})(?: back| leading| going)* from (?P<start>.+?) to (?P<to>.+?){_KEYED}",
    ),
    (
        partial(AddWay, both=True),
        rf"{_ADD_WAY}(?P<way>(?:[\w-]+ )*?{_WAY}) between (?P<start>.+?) and (?P<to>.+?){_KEYED}",
    ),
    (partial(AddWay, both=True), r"(?:connect|join|link) (?P<start>.+?) (?:to|with|and) (?P<to>.+)"),
    (
        Lock,
        rf"add {_THE}lock (?:to|on|for|between) (?P<what>.+?)(?: and (?P<to>.+?))?"
        rf"(?: (?:with|that needs|needing) {_THE}(?P<key>.+))?",
    ),
    (Lock, rf"(?:require|need) {_THE}(?P<key>.+?) (?:to enter|to reach|to get into|to|for) (?P<what>.+)"),
    (
        Lock,
        rf"(?:the player|one|you)(?: should| must| has to| have to)? needs? {_THE}(?P<key>.+?)"
        r" (?:to enter|to reach|to get into|to|for) (?P<what>.+)",
    ),
    (Lock, rf"lock {_FROM_TO}{_WITH_KEY}"),
    (Lock, rf"lock (?P<what>.+?){_WITH_KEY}"),
    (Unlock, rf"{_UNLOCK} {_FROM_TO}"),
    (Unlock, r"(?:remove|take away|drop) the lock between (?P<what>.+?) and (?P<to>.+)"),
    (Unlock, rf"{_UNLOCK} (?P<what>.+)"),
    (AddPlace, rf"{_ADD_PLACE} between (?P<near>.+?) and (?P<on>.+)"),
    (AddPlace, rf"{_ADD_PLACE},? {_BESIDE} (?P<near>.+)"),
    (Remove, r"(?:remove|delete|drop|cut|take out|get rid of|leave out) (?P<what>.+)"),
)
"""The kinds in the order in which they are tried, each with a pattern whose groups are its fields."""
_PATTERNS = [(make, re.compile(pattern, re.IGNORECASE)) for make, pattern in _KINDS]


def intent_of(sentence: str) -> Intent | None:
    """Return what a sentence with masked quotes asks for, or None where it is of no known kind."""
    for make, pattern in _PATTERNS:
        if match := pattern.fullmatch(sentence):
            texts = {name: text for name, text in match.groupdict().items() if text is not None}
            values = {name: _READERS.get(name, without_quotes)(text) for name, text in texts.items()}
            if None not in values.values() and (intent := make(**values)) is not None:
                return intent
    return None
