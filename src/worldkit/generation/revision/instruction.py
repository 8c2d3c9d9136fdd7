"""Reading an instruction by a small grammar: what people write when they want a world changed.

This is what stands in for a capable model: a small one cannot be trusted with operations, but it need not be, for
most instructions are of a few kinds and can be read by their words. What is not understood is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.prose.moods import MOODS, Mood, mood
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
from worldkit.generation.text.word_sets import word_map, words

LONGEST = 2_000
"""Characters of an instruction that are read."""

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

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.sentence,)


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
    intents = [_intent(sentence) for sentence in _sentences(instruction)]
    if not intents:
        raise TaskRefused('the instruction is empty; expected something to do, such as "make the ending colder"')
    return intents


# ---- sentences: quoted text is masked in them, so that it is one word that no pattern looks into --------------------

_QUOTED = re.compile(
    r""""[^"]*"|(?<!\S)'(?:[^']|(?<=\w)'(?=\w))*'(?=\s*(?:[;.!,\n]|\Z|(?:and|as|between|read|say|then|to|with)\b))"""
)
"""Quoted text. An apostrophe opens or closes it only where no name or contraction can have one."""
_MASKED, _MASKS = " ;.!", "\0\1\2\3"
_MASK, _UNMASK = str.maketrans(_MASKED, _MASKS), str.maketrans(_MASKS, _MASKED)
_STRAIGHT = str.maketrans(f"“”„‘’{_MASKS}", '"""\'\'    ')

_AND_VERB = rf"(?:and then|then|and) +(?=(?:{'|'.join(words('revision', 'verbs'))}) +"
_MASKED_QUOTE = r"""(?P<quoted>"[^\s"]*"|(?<!\S)'\S*')"""
_QUOTE_AND_LINK = re.compile(rf"{_MASKED_QUOTE}(?P<link>,? *{_AND_VERB}(?!it\b)))?", re.IGNORECASE)
"""What parts a sentence behind quoted text. "It" there may be what was named last, and is not guessed at."""


def _sentences(instruction: str) -> list[str]:
    masked = _QUOTED.sub(lambda quoted: _one_line(quoted[0]).translate(_MASK), instruction.translate(_STRAIGHT))
    sentences: list[str] = []
    for part in re.split(r"[;\n]+|[.!]+(?=\s|\Z)", masked):
        begin = 0
        for match in _QUOTE_AND_LINK.finditer(part):
            sentence = _bare(part[begin : match.end("quoted")])
            if match["link"] and _ends_with_whole(sentence, match["quoted"]):
                sentences.append(sentence)
                begin = match.end()
        sentences.append(_bare(part[begin:]))
    return [sentence for sentence in sentences if sentence]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _bare(sentence: str) -> str:
    """Return a sentence without what links it to the one before, and without courtesies."""
    text = _one_line(sentence).strip(" ,")
    return re.sub(r"\A(?:(?:and|then|also|please|now|could you|can you)\b,? )+", "", text, flags=re.IGNORECASE)


def _ends_with_whole(sentence: str, quoted: str) -> bool:
    """Say whether the quoted text at the end of a sentence is a whole name or value in it, not a part of one."""
    try:
        intent = _intent(sentence)
    except Unclear:
        return False
    return not isinstance(intent, SetText) or intent.text == _unquoted(quoted)  # only a text can go on behind a quote


def _intent(sentence: str) -> Intent:
    for make, pattern in _PATTERNS:
        if match := pattern.fullmatch(sentence):
            texts = {name: text for name, text in match.groupdict().items() if text is not None}
            values = {name: _READERS.get(name, _unquoted)(text) for name, text in texts.items()}
            if None not in values.values():
                return make(**values)
    raise Unclear(sentence.translate(_UNMASK))


# ---- values: what stands in the place of a group of a pattern -------------------------------------------------------

_FIELDS = word_map("revision", "fields")
"""The words for the fields that an instruction can set."""
_ONE_QUOTE = re.compile(r"""\s*(?:"([^"]*)"|'((?:[^']|(?<=\w)'(?=\w))*)')\s*""")
_OPENING_QUOTE = re.compile(r"""\"|'.*'(?!\w)""")
_QUOTED_START = re.compile(
    r"""(["'])[^"']*,\1 """
    r"""|(?:"[^"]*"|'(?:[^']|(?<=\w)'(?=\w))*') (?!(?:and|as|but|into|or|then|to|with)\b)(?=[^\W\d_])"""
)
"""Quoted text that one text begins with: ``"Go," she says, "on"``, ``"Keep out" is painted on the gate``."""
_INSTRUCTION_AFTER = re.compile(rf"[ ,]{_AND_VERB})", re.IGNORECASE)


def _unquoted(text: str) -> str:
    """Return a text without the pair of quotes around the whole of it; quotes inside it are its own."""
    text = text.translate(_UNMASK).strip()
    pair = _ONE_QUOTE.fullmatch(text)
    return (pair[1] or pair[2] or "").strip() if pair else text


def _name(text: str) -> str | None:
    """Return a name, or None where more follows the quoted part of it."""
    name = _unquoted(text)
    is_quoted_part = name == text.translate(_UNMASK).strip() and _OPENING_QUOTE.match(name)
    return None if is_quoted_part else name


def _text(text: str) -> str | None:
    """Return a text that is to be written, or None where an instruction may follow the quoted part of it."""
    is_one_text = _QUOTED_START.match(text) and not _INSTRUCTION_AFTER.search(text)
    return _unquoted(text) if is_one_text else _name(text)


def _place(text: str) -> str | None:
    """Return the name of a new place, or None where it is only the word for a place or a way."""
    name = re.sub(r"\A(?:an?|the|called|named) ", "", _name(text) or "", flags=re.IGNORECASE)
    return None if re.fullmatch(rf"(?:{_PLACE}|{_WAY}|)", name, re.IGNORECASE) else name


def _way(text: str) -> str:
    """Return what one takes, empty where it is only the word for a way."""
    name = _unquoted(text)
    return "" if re.fullmatch(r"(?:way|path|link|connection|transition|route|back|)", name, re.IGNORECASE) else name


def _moods(text: str) -> tuple[Mood, ...]:
    """Return the moods that are asked for: less cold is warm."""
    named = [(less, mood(word)) for less, word in re.findall(rf"\b(less )?({_MOOD})\b", text, re.IGNORECASE)]
    return tuple(dict.fromkeys(MOODS[one.against] if less else one for less, one in named if one))


_READERS: dict[str, Callable[[str], object]] = {
    "name": _name,
    "key": _name,
    "text": _text,
    "field": lambda text: _FIELDS[text.lower()],
    "place": _place,
    "way": _way,
    "moods": _moods,
}
"""How the groups of the patterns are read; those that are not here name what exists."""


# ---- the kinds ------------------------------------------------------------------------------------------------------

_THE = r"(?:an? |the |this |that )?"
_WAY = r"(?:way|path|door|passage|shortcut|link|connection|transition|route|bridge|stair|stairs|ladder|road|tunnel)"
_PLACE = r"(?:place|room|state|scene|location|spot|area)"
_MOOD = "|".join(sorted({word for one in MOODS.values() for word in (one.name, *one.words)}))
_BE = "(?:be|feel|look|sound|seem|appear)"
_DEGREE = f"(?:{'|'.join(words('revision', 'degrees'))})"
_MOODS = rf"(?:[ ,]+(?:and )*(?:a )?(?:{_DEGREE} )*(?:(?:more|less) )?(?:{_MOOD})\b)+"
_TINT = rf"(?!(?: {_BE})*{_MOODS}\Z) (?P<what>.+?)(?: {_BE})*(?P<moods>{_MOODS})"
"""Such as "the ending a bit colder and more hopeful": the moods stand at the end, behind what gets them."""
_SET = "(?:change|set|make|rewrite|replace)"
_FIELD = rf"(?P<field>{'|'.join(_FIELDS)})"
_AS = "(?:to|as|with|read|say):? (?P<text>.+)"
_ADD_WAY = rf"(?:add|make|build|create|open|put)(?: in)? {_THE}(?:new )?"
_ADD_PLACE = rf"add {_THE}(?:new |another )?(?:{_PLACE} )?(?:called |named )?(?P<place>.+?)"
_NAMED = rf"(?:(?:the |{_THE}(?:{_PLACE} )?(?:called |named ))(?=[\"']))?(?P<name>.+)"
_BESIDE = "(?:next to|beside|near|after|behind|beyond|off|under|above|below|by|to|in)"
_FROM_TO = rf"the {_WAY} (?:from|between) (?P<what>.+?) (?:to|and) (?P<to>.+?)"
_WITH_KEY = rf"(?: (?:with|behind|until you have|unless you have) {_THE}(?P<key>.+))?"
_UNLOCK = "(?:unlock|open up|(?:remove|take away|drop) the lock (?:from|on|of|to))"

_KINDS: tuple[tuple[Callable[..., Intent], str], ...] = (
    (Rename, rf"(?:rename|change the name of) (?P<what>.+?) (?:to|into|as) {_NAMED}"),
    (SetText, rf"{_SET} the {_FIELD} (?:of|for|on) (?P<what>.+?) {_AS}"),
    (SetText, rf"{_SET} (?P<what>.+?)(?:'s|s') {_FIELD} {_AS}"),
    (
        partial(SetText, field="title"),
        r'(?:call|title|name) (?P<what>.*?ending) (?:as )?(?P<text>".+"|\'.+\'|[A-Z].*)',
    ),
    (Rename, r'(?:call|name) (?P<what>.+?) (?P<name>"[^"]+"|\'\S+\'|the .+)'),
    (Begin, r"(?:start|begin)(?: play| the game| the story| the world)? (?:in|at|from|with|on) (?P<what>.+)"),
    (Begin, r"make (?P<what>.+?) the (?:entrance|start|beginning)"),
    (Begin, r"set the (?:entrance|start) to (?P<what>.+)"),
    (Tint, rf"(?:make|turn|let|keep|paint){_TINT}"),
    (Tint, rf"(?P<what>.+?) (?:should|must|could|ought to) {_BE}(?P<moods>{_MOODS})"),
    (AddWay, rf"{_ADD_WAY}(?P<way>(?:[\w-]+ )*?{_WAY})(?: leading| going)? from (?P<start>.+?) to (?P<to>.+)"),
    (partial(AddWay, both=True), rf"{_ADD_WAY}(?P<way>(?:[\w-]+ )?{_WAY}) between (?P<start>.+?) and (?P<to>.+)"),
    (partial(AddWay, both=True), r"(?:connect|join|link) (?P<start>.+?) (?:to|with|and) (?P<to>.+)"),
    (
        Lock,
        rf"add {_THE}lock (?:to|on|for|between) (?P<what>.+?)(?: and (?P<to>.+?))?"
        rf"(?: (?:with|that needs|needing) {_THE}(?P<key>.+))?",
    ),
    (Lock, rf"lock {_FROM_TO}{_WITH_KEY}"),
    (Lock, rf"lock (?P<what>.+?){_WITH_KEY}"),
    (Unlock, r"(?:remove|take away|drop) the lock between (?P<what>.+?) and (?P<to>.+)"),
    (Unlock, rf"{_UNLOCK} {_FROM_TO}"),
    (Unlock, rf"{_UNLOCK} (?P<what>.+)"),
    (AddPlace, rf"{_ADD_PLACE} between (?P<near>.+?) and (?P<on>.+)"),
    (AddPlace, rf"{_ADD_PLACE},? {_BESIDE} (?P<near>.+)"),
    (Remove, r"(?:remove|delete|drop|cut|take out|get rid of|leave out) (?P<what>.+)"),
)
"""The kinds in the order in which they are tried, each with a pattern whose groups are its fields."""
_PATTERNS = [(make, re.compile(pattern, re.IGNORECASE)) for make, pattern in _KINDS]
