"""The grammar of one sentence of an instruction: the patterns of ``instructions.toml``, whose groups are fields.

While a sentence is read, what is quoted in it is one word that no pattern looks into.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, get_args

from worldkit.generation.prose.moods import MOODS, Mood
from worldkit.generation.revision.intents import RELATIONS, Request, SetMood
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
MAX_NAME_WORDS = 6
"""What is longer is no name of a new place, unless it is quoted."""

_SINGLE_QUOTED_TEXT = r"(?:[^']|(?<=\w)'(?=\w))*"
"""What stands between single quotes, with the apostrophes of its words."""
_QUOTED_TEXT = re.compile(
    rf""""[^"]*"|(?<!\S)'{_SINGLE_QUOTED_TEXT}'(?=\s*(?:[;.!,\n]|\Z|(?:and|as|between|read|say|then|to|with)\b))"""
)
"""Quoted text. An apostrophe opens or closes it only where no name or contraction can have one."""
_MASKED_CHARACTERS, _MASK_CHARACTERS = " ;.!", "\0\1\2\3"
_MASK, _UNMASK = (
    str.maketrans(_MASKED_CHARACTERS, _MASK_CHARACTERS),
    str.maketrans(_MASK_CHARACTERS, _MASKED_CHARACTERS),
)
_STRAIGHT_QUOTES = str.maketrans(f"“”„‘’{_MASK_CHARACTERS}", '"""\'\'    ')
VERB = rf"(?:{'|'.join(words('revision', 'verbs'))}) +"
"""How an instruction begins."""

_ONE_QUOTE = re.compile(rf"""\s*(?:"([^"]*)"|'({_SINGLE_QUOTED_TEXT})')\s*""")
_OPENING_QUOTE = re.compile(r"""\"|'.*'(?!\w)""")
_QUOTED_START = re.compile(
    r"""(["'])[^"']*,\1 """
    rf"""|(?:"[^"]*"|'{_SINGLE_QUOTED_TEXT}') (?!(?:and|as|but|into|or|then|to|with)\b)(?=[^\W\d_])"""
)
"""Quoted text that one text begins with: ``"Go," she says, "on"``, ``"Keep out" is painted on the gate``."""
_INSTRUCTION_AFTER = re.compile(rf"[ ,](?:and|then) +{VERB}", re.IGNORECASE)


def mask_quotes(text: str) -> str:
    """Return a text with straight quotation marks and with quoted text masked."""
    return _QUOTED_TEXT.sub(
        lambda quoted: " ".join(quoted[0].split()).translate(_MASK), text.translate(_STRAIGHT_QUOTES)
    )


def unmask_quotes(text: str) -> str:
    """Return a text with quoted text as it was."""
    return text.translate(_UNMASK)


def without_quotes(text: str) -> str:
    """Return a text without the pair of quotes around the whole of it; quotes inside it are its own."""
    text = unmask_quotes(text).strip()
    pair = _ONE_QUOTE.fullmatch(text)
    return (pair[1] or pair[2] or "").strip() if pair else text


def whole_name(text: str) -> str | None:
    """Return a name, or None where more follows the quoted part of it."""
    name = without_quotes(text)
    is_quoted_part = name == unmask_quotes(text).strip() and _OPENING_QUOTE.match(name)
    return None if is_quoted_part else name


def whole_text(text: str) -> str | None:
    """Return a text that is to be written, or None where an instruction may follow the quoted part of it."""
    is_one_text = _QUOTED_START.match(text) and not _INSTRUCTION_AFTER.search(text)
    return without_quotes(text) if is_one_text else whole_name(text)


def pattern(text: str) -> re.Pattern[str]:
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
    is_clause = re.search(r"[,:]", name) or _QUANTITY_WORD.match(name) or len(name.split()) > MAX_NAME_WORDS
    is_no_name = is_clause and not re.search(r"[\"']", text)
    return None if is_no_name or _WAY_FROM.match(f"{name} ") or _PLACE_OR_WAY.fullmatch(name) else name


_QUANTITY_WORD = re.compile(r"(?:two|three|four|five|six|several|some|more|many|\d+) ", re.IGNORECASE)
_WAY_FROM = pattern(r"{way}\b.* (?:from|between|to) ")
_PLACE_OR_WAY = pattern("(?:{place}|{way}|)")


def _way(text: str) -> str:
    """Return what one takes, empty where it is only the word for a way."""
    name = without_quotes(text)
    return "" if re.fullmatch(r"(?:way|path|link|connection|transition|route|back|)", name, re.IGNORECASE) else name


_MOODS_BY_WORD = {word: one for one in MOODS.values() for word in (one.name, *one.words)}
_WORDS_BEFORE_MOODS = {"more", "less", "not", "a", "and", "but", *words("revision", "degrees")}
_WORDS_BEFORE_MOODS |= set(re.findall("[a-z]+", _PARTS["be"]))
"""Words that only lead to those of moods."""
_MOOD_INSIDE = re.compile(rf"\b(?:{'|'.join(_MOODS_BY_WORD)}),? (?:and )?(?:the|an?) ", re.IGNORECASE)


def _tint(phrase: str, rest: str = "", excess: str = "") -> SetMood | None:
    """Read "the ending a bit colder and more hopeful" from its end, where the moods stand; less cold is warm."""
    phrase_words = re.sub(" *, *", ", ", f"{phrase} {f'less {excess}' if excess else rest}").split()
    backward = (word.rstrip(",").casefold() for word in reversed(phrase_words))
    tail = [*takewhile(lambda word: word in _MOODS_BY_WORD or word in _WORDS_BEFORE_MOODS, backward)]
    what = without_quotes(" ".join(phrase_words[: len(phrase_words) - len(tail)]).rstrip(","))
    if not what or not tail or tail[0] not in _MOODS_BY_WORD or _MOOD_INSIDE.search(what):
        return None  # such as "the ending colder and the lane"
    moods: dict[Mood, None] = {}
    is_less = False
    for word in reversed(tail):
        is_less |= word in ("less", "not")
        if one := _MOODS_BY_WORD.get(word):
            moods[MOODS[one.against] if is_less else one] = None
            is_less = False
    return SetMood(what, tuple(moods))


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
_MAKERS: dict[str, Callable[..., Request | None]] = {kind.__name__: kind for kind in get_args(Request)} | {
    "SetMood": _tint
}
_PATTERNS = [
    (kind, pattern(text))
    for kind in read_typed(tuple[_SentencePattern, ...], "instructions.toml", "patterns")
    for text in kind.say
]
_REFUSALS = [(one, pattern(one.say)) for one in read_typed(tuple[KnownRequest, ...], "instructions.toml", "refusals")]


def intent_of(sentence: str) -> Request | None:
    """Return what a sentence with masked quotes asks for, or None where it is of no known kind."""
    for kind, say in _PATTERNS:
        if match := say.fullmatch(sentence):
            texts = {name.removesuffix("_word"): text for name, text in match.groupdict().items() if text is not None}
            values = {name: _READERS.get(name, without_quotes)(text) for name, text in texts.items()}
            if None not in values.values() and (intent := _MAKERS[kind.intent](**kind.more, **values)) is not None:
                return intent
    return None


def known_request(sentence: str) -> tuple[KnownRequest, Mapping[str, str]] | None:
    """Return the kind of a sentence that is understood and cannot be carried out, with the groups of its pattern."""
    for request, say in _REFUSALS:
        if match := say.fullmatch(sentence):
            return request, match.groupdict()
    return None
