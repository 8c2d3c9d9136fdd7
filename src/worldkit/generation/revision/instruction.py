"""Reading an instruction by a small grammar: what people write when they want a world changed.

This is what stands in for a capable model: a small one cannot be trusted with operations, but it need not be, for
most instructions are of a few kinds and can be read by their words. What is not understood is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.prose.moods import MOODS, Mood, mood
from worldkit.generation.text.word_sets import word_map, word_set

LONGEST = 2_000
"""Characters of an instruction that are read."""

FIELDS = word_map("revision", "fields")
"""The words for the fields that an instruction can set."""


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a state or an event another name."""

    what: str
    name: str


@dataclass(frozen=True, slots=True)
class SetText:
    """Set one field of a state, an ending or an event."""

    what: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Tint:
    """Give a state, the endings or the whole world a mood."""

    what: str
    moods: tuple[Mood, ...]


@dataclass(frozen=True, slots=True)
class AddPlace:
    """Add a state, next to one or between two."""

    name: str
    near: str
    on: str = ""


@dataclass(frozen=True, slots=True)
class AddWay:
    """Add a transition, or one each way."""

    start: str
    to: str
    both: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """Let an event, or the ways into a state, need a thing that has to be found first."""

    what: str
    key: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Unlock:
    """Let an event, or the ways into a state, need nothing."""

    what: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a state or an event out."""

    what: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Set the entrance."""

    what: str


Intent = Rename | SetText | Tint | AddPlace | AddWay | Lock | Unlock | Remove | Begin

UNDERSTOOD = (
    "rename the lane to the drove road",
    "make the ending colder (or " + ", ".join(name for name in MOODS if name != "cold") + ")",
    "add a cellar between the kitchen and the yard; add a tool shed next to the yard",
    "add a way from the yard to the tower; connect the yard and the tower",
    "lock the tower with a brass key; unlock the tower",
    "remove the cellar; start in the kitchen",
    'set the title of the ending to "Home"; set the description of the lane to "..."',
)
"""Instructions that the grammar reads, for a person."""


class Unclear(TaskRefused):
    """An instruction is of no kind that can be carried out without a capable model."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        kinds = "\n".join(f"  {each}" for each in UNDERSTOOD)
        super().__init__(
            f"{sentence!r} is not an instruction the small model can follow; nothing was changed. It follows these, "
            f"several of them separated by semicolons:\n{kinds}\n"
            'For any other, name a capable model, model="chat:<base url>#<model>", or edit by hand: wk.edit(world)'
        )


def read(instruction: str) -> list[Intent]:
    """Return what an instruction asks for, in order.

    Args:
        instruction: One or several sentences, separated by semicolons, line breaks or full stops.

    Raises:
        Unclear: A sentence is of no known kind.
        WorldError: There is nothing to read, or too much.
    """
    if len(instruction) > LONGEST:
        raise TaskRefused(f"the instruction has {len(instruction):,} characters; expected at most {LONGEST:,}")
    intents = [_one(sentence) for sentence in _parted(instruction)]
    if not intents:
        raise TaskRefused('the instruction is empty; expected something to do, such as "make the ending colder"')
    return intents


_QUOTED = re.compile(
    r"""("[^"]*"|(?<!\S)'(?:[^']|(?<=\w)'(?=\w))*'(?=\s*(?:[;.!,\n]|\Z|(?:and|as|between|read|say|then|to|with)\b)))"""
)
"""Quoted text. An apostrophe opens or closes it only where no name or contraction can have one."""


_VERBS = "|".join(word_set("revision", "verbs"))
_AND_VERB = rf"(?:and then|then|and) +(?=(?:{_VERBS}) +"
_AFTER_QUOTE = re.compile(rf"\A *,? *{_AND_VERB}(?!it\b))", re.IGNORECASE)
"""What parts a sentence behind quoted text. "It" there may be what was named last, and is not guessed at."""


def _parted(text: str) -> list[str]:
    """Return the sentences of an instruction, quoted text left whole."""
    straight = text.translate({0x201C: '"', 0x201D: '"', 0x201E: '"', 0x2018: "'", 0x2019: "'"})
    parts_and_quotes = _QUOTED.split(straight)
    marked = ""
    for number, part in enumerate(parts_and_quotes):
        if number % 2:
            marked += part
            continue
        if number and _AFTER_QUOTE.match(part):
            sentence = _stripped(marked.rpartition("\0")[2])
            if _is_name_or_value(parts_and_quotes[number - 1], sentence):
                part = _AFTER_QUOTE.sub("\0", part)
        marked += re.sub(r"[;\n]+|[.!]+(?=\s|\Z)", "\0", part)
    return [sentence for part in marked.split("\0") if (sentence := _stripped(part))]


def _stripped(sentence: str) -> str:
    text = " ".join(sentence.split()).strip(" ,")
    return re.sub(r"\A(?:(?:and|then|also|please|now|could you|can you)\b,? )+", "", text, flags=re.IGNORECASE)


def _is_name_or_value(quoted: str, sentence: str) -> bool:
    """Say whether the quoted text at the end of a sentence is a whole name or value in it, not a part of one."""
    quoted = " ".join(quoted.split())
    try:
        intent = _one(f'{sentence.removesuffix(quoted)}"{_MARK}"')
    except Unclear:
        return False
    return not isinstance(intent, SetText) or intent.text == _MARK  # only a text can go on behind a quote


_MARK = "\1"
"""Stands for quoted text; nothing else is equal to it."""


def _one(sentence: str) -> Intent:
    # no pattern finds its words inside quoted text; no sentence has a zero character of its own
    masked = _QUOTED.sub(lambda quoted: quoted[0].replace(" ", "\0"), sentence)
    for pattern, make in _PATTERNS:
        match = pattern.fullmatch(masked)
        if match and (intent := make(match)) is not None:
            return intent
    raise Unclear(sentence)


# ---- the kinds ------------------------------------------------------------------------------------

_THE = r"(?:an? |the |this |that )?"
_WAY = r"(?:way|path|door|passage|shortcut|link|connection|transition|route|bridge|stair|stairs|ladder|road|tunnel)"
_PLACE = r"(?:place|room|state|scene|location|spot|area)"


def _unquote(text: str) -> str:
    """Return a text without the pair of quotes around the whole of it; quotes inside it are its own."""
    text = text.replace("\0", " ").strip()
    pair = re.fullmatch(r"""\s*(?:"([^"]*)"|'((?:[^']|(?<=\w)'(?=\w))*)')\s*""", text)
    return (pair[1] or pair[2] or "").strip() if pair else text


_OPENING_QUOTE = re.compile(r"""\"|'.*'(?!\w)""")


def _name(text: str) -> str | None:
    """Return a name, or None where more follows the quoted part of it."""
    name = _unquote(text)
    is_quoted_part = name == text.replace("\0", " ").strip() and _OPENING_QUOTE.match(name)
    return None if is_quoted_part else name


_QUOTED_START = re.compile(
    r"""(["'])[^"']*,\1 """
    r"""|(?:"[^"]*"|'(?:[^']|(?<=\w)'(?=\w))*') (?!(?:and|as|but|into|or|then|to|with)\b)(?=[^\W\d_])"""
)
"""Quoted text that one text begins with: ``"Go," she says, "on"``, ``"Keep out" is painted on the gate``."""
_INSTRUCTION_AFTER = re.compile(rf"[ ,]{_AND_VERB})", re.IGNORECASE)


def _text(text: str) -> str | None:
    """Return a text that is to be written, or None where an instruction may follow the quoted part of it."""
    if (value := _name(text)) is not None:
        return value
    is_one_text = _QUOTED_START.match(text) and not _INSTRUCTION_AFTER.search(text)
    return _unquote(text) if is_one_text else None


def _rename(m: re.Match[str]) -> Intent | None:
    name = _name(m[2])
    return None if name is None else Rename(_unquote(m[1]), name)


def _set(m: re.Match[str]) -> Intent | None:
    value = _text(m["text"])
    name = FIELDS[m.groupdict().get("field", "title").lower()]
    return None if value is None else SetText(_unquote(m["what"]), name, value)


def _tint(text: str) -> Intent | None:
    """Read "the ending a bit colder and more hopeful": the moods stand at the end."""
    words = re.findall(r"[^\s,]+", text)
    moods: list[Mood] = []
    while words:
        if words[-1].lower() == "and" and moods:
            words.pop()
            continue
        mood_of_word = mood(words[-1])
        if mood_of_word is None:
            break
        words.pop()
        if words and words[-1].lower() == "less":
            mood_of_word = MOODS[mood_of_word.against]
        if words and words[-1].lower() in ("more", "less"):
            words.pop()
        moods.insert(0, mood_of_word)
        while words and words[-1].lower() in _DEGREES:
            words.pop()
        if words and words[-1].lower() == "a":
            words.pop()
    while words and words[-1].lower() in ("be", "feel", "look", "sound", "seem", "appear"):
        words.pop()
    what = _unquote(" ".join(words))
    return Tint(what, tuple(dict.fromkeys(moods))) if what and moods else None


_DEGREES = word_set("revision", "degrees")


def _way_name(text: str) -> str:
    name = _unquote(text)
    return "" if re.fullmatch(r"(?:way|path|link|connection|transition|route|back|)", name, re.IGNORECASE) else name


def _lock(start: str, to: str, key: str | None) -> Intent | None:
    name = _name(key or "")
    return None if name is None else Lock(start, name, to)


def _between(text: str) -> tuple[str, str]:
    match = re.fullmatch(rf"the {_WAY} (?:from|between) (.+?) (?:to|and) (.+)", text, re.IGNORECASE)
    return (_unquote(match[1]), _unquote(match[2])) if match else (_unquote(text), "")


def _place(name: str, near: str, on: str = "") -> Intent | None:
    new = re.sub(r"\A(?:an?|the|called|named) ", "", _name(name) or "", flags=re.IGNORECASE)
    is_named = new and not re.fullmatch(rf"(?:{_PLACE}|{_WAY})", new, re.IGNORECASE)
    return AddPlace(new, _unquote(near), _unquote(on)) if is_named else None


_SET = "(?:change|set|make|rewrite|replace)"
_FIELD = rf"(?P<field>{'|'.join(FIELDS)})"
_AS = "(?:to|as|with|read|say):? (?P<text>.+)"
_ADD_WAY = rf"(?:add|make|build|create|open|put)(?: in)? {_THE}(?:new )?"
_ADD_PLACE = rf"add {_THE}(?:new |another )?(?:{_PLACE} )?(?:called |named )?(.+?)"
_NAMED = rf"(?:(?:the |{_THE}(?:{_PLACE} )?(?:called |named ))(?=[\"']))?(.+)"
_BESIDE = "(?:next to|beside|near|after|behind|beyond|off|under|above|below|by|to|in)"
_READERS: tuple[tuple[str, Callable[[re.Match[str]], Intent | None]], ...] = (
    (rf"(?:rename|change the name of) (.+?) (?:to|into|as) {_NAMED}", _rename),
    (rf"{_SET} the {_FIELD} (?:of|for|on) (?P<what>.+?) {_AS}", _set),
    (rf"{_SET} (?P<what>.+?)(?:'s|s') {_FIELD} {_AS}", _set),
    (r'(?:call|title|name) (?P<what>.*?ending) (?:as )?(?P<text>".+"|\'.+\'|[A-Z].*)', _set),
    (r'(?:call|name) (.+?) ("[^"]+"|\'[^\']+\'|the .+)', _rename),
    (
        r"(?:start|begin)(?: play| the game| the story| the world)? (?:in|at|from|with|on) (.+)"
        r"|make (.+?) the (?:entrance|start|beginning)|set the (?:entrance|start) to (.+)",
        lambda m: Begin(_unquote(m[m.lastindex or 1])),
    ),
    (r"(?:make|turn|let|keep|paint) (.+)", lambda m: _tint(m[1])),
    (r"(.+?) (?:should|must|could|ought to) (?:be|feel|look|sound|seem) (.+)", lambda m: _tint(f"{m[1]} {m[2]}")),
    (
        rf"{_ADD_WAY}((?:[\w-]+ )*?{_WAY})(?: leading| going)? from (.+?) to (.+)",
        lambda m: AddWay(_unquote(m[2]), _unquote(m[3]), name=_way_name(m[1])),
    ),
    (
        rf"{_ADD_WAY}((?:[\w-]+ )?{_WAY}) between (.+?) and (.+)",
        lambda m: AddWay(_unquote(m[2]), _unquote(m[3]), True, _way_name(m[1])),
    ),
    (
        r"(?:connect|join|link) (.+?) (?:to|with|and) (.+)",
        lambda m: AddWay(_unquote(m[1]), _unquote(m[2]), True),
    ),
    (
        rf"add {_THE}lock (?:to|on|for|between) (.+?)(?: and (.+?))?(?: (?:with|that needs|needing) {_THE}(.+))?",
        lambda m: _lock(_unquote(m[1]), _unquote(m[2] or ""), m[3]),
    ),
    (
        rf"lock (.+?)(?: (?:with|behind|until you have|unless you have) {_THE}(.+))?",
        lambda m: _lock(*_between(m[1]), m[2]),
    ),
    (
        r"(?:unlock|open up) (.+)|(?:remove|take away|drop) the lock (?:from|on|of|to|between) (.+)",
        lambda m: Unlock(*_between(m[1] or m[2])),
    ),
    (rf"{_ADD_PLACE} between (.+?) and (.+)", lambda m: _place(m[1], m[2], m[3])),
    (rf"{_ADD_PLACE},? {_BESIDE} (.+)", lambda m: _place(m[1], m[2])),
    (r"(?:remove|delete|drop|cut|take out|get rid of|leave out) (.+)", lambda m: Remove(_unquote(m[1]))),
)
_PATTERNS = [(re.compile(pattern, re.IGNORECASE), make) for pattern, make in _READERS]
