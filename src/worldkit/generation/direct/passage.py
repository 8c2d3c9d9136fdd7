"""A text that a model is asked for, what its words may not tell, and what they claim: who goes where, how it ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Literal

from worldkit.core.model import EndingKind
from worldkit.core.progress import Address
from worldkit.generation.direct.naming import NameIndex, is_somebody, points_to, shows, subject
from worldkit.generation.direct.wording import bare
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.text.english import stem
from worldkit.generation.text.word_sets import word_set, words
from worldkit.language.tagging import tag

Form = Literal["base", "camera", "movement", "ambient", "narration", "hint", "event", "phase", "subtitle"]

LENGTHS: Mapping[Form, tuple[int, int]] = {
    "base": (40, 400),
    "camera": (10, 150),
    "movement": (10, 150),
    "ambient": (8, 120),
    "narration": (8, 260),
    "hint": (8, 160),
    "event": (12, 320),
    "phase": (12, 260),
    "subtitle": (6, 140),
}
"""Characters of a text at least and at most. Together they keep every prompt under 1,900 (docs/spec/rules.md)."""

VISIBLE: frozenset[Form] = frozenset(("base", "movement", "ambient", "event", "phase"))
"""What a picture is made of: a word of absence there is drawn. Cameras and narration are exempt."""

DETAILS: frozenset[Form] = frozenset(("camera", "movement", "ambient"))
"""What shows a place and tells nothing of the story."""

NO_NAMES = NameIndex()
OUTCOME_WORDS: dict[EndingKind, str] = {"win": "won", "lose": "lost"}
"""How an ending of each outcome is called to a model."""

_DETERMINERS = "(?:the|an?|his|her|their|its|your)"
_WAY = "back|on|over|up|down|out|in|off"
_LEADS_THEM = r"(?:lead|take|bring|carr(?:y|ie))s? (?:you|him|her|them)"
_TAKES_ALONG = re.compile(_LEADS_THEM, re.IGNORECASE)
_WAYS = rf"(?: (?:{_WAY}|straight|quickly|slowly|home|through|across|along|away))*"
# roads go, run and lead to places too; somebody goes back or on to them
_GOES = (
    rf"(?:go|(?:goes|going|runs?|running|comes?|coming)(?= (?:{_WAY}) )|{'|'.join(words('direct', 'travels'))}"
    rf"|mak(?:es?|ing) {_DETERMINERS} way|{_LEADS_THEM})"
    rf"{_WAYS} (?:to|towards?|into|for)"
)
# not the key to the mill, or a seat next to it
_CARRIES = (
    r"(?:tak(?:es?|ing)|carr(?:y|ies|ying)|bring(?:s|ing)?"
    r"|(?:follow|climb|descend|cross|pass|push|squeez|rid)(?:e?s|ing|e)?)"
    rf"(?: (?!(?:{'|'.join(words('direct', 'not_carried'))})\b)"
    r"[\w'-]+){1,6} (?:to|into)"
)
_HOLDS = r"(?:hold|carry|carrie|clutch|grip|clasp|lift|rais|wav|swing)(?:e?s|ing|e)?"
_TAKES = r"(?:tak(?:es?|ing)|pick(?:s|ing)? up|grab(?:s|bing)?|gets?|collects?|fetch(?:es)?|finds?)"
_FIXED = word_set("direct", "fixed")
_NOT_DONE = "".join(rf"(?<!\b{word.replace('_', ' ')} )" for word in words("direct", "not_done"))


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that a model is asked for.

    Attributes:
        key: Where it stands in a model's answer.
        names: What it has to name, each with a sentence that names it, for a text that does not.
        actors: Who may do something in it; of a movement, the hero, who has to be seen. Empty where anybody may.
        plain: The text that is used when no text of the model is accepted; ``is_template`` says that the templates tell
            its place, and have it where it has to be told. No model is asked for one that ``is_told``.
        elsewhere, unvisited: The places in which nothing of it is, and those to which the hero does not go in it.
        leads_to: The place that a move leads to.
        leaves: The place where the hero is already.
        strange_sights, sight_heads: What is seen in other places, and words for what is seen anywhere; those of its own
            place are among its ``own_words``.
        absent: The things to carry that have no part in it; ``own_names`` of the place may hold theirs.
        not_taken: Things to carry that the hero does not take in it, and words for them.
        untaken: Things to carry that lie here until a move takes them.
        other_deeds: What else is done in the story.
        story: The premise and the goal, for the texts of an ending.
    """

    at: Address
    key: tuple[str, ...]
    form: Form
    names: Mapping[str, str] = field(default_factory=dict)
    actors: tuple[str, ...] = ()
    plain: str = ""
    is_template: bool = False
    is_told: bool = False
    elsewhere: NameIndex = NO_NAMES
    unvisited: NameIndex = NO_NAMES
    leads_to: str = ""
    leaves: str = ""
    strange_sights: NameIndex = NO_NAMES
    sight_heads: frozenset[str] = frozenset()
    own_words: frozenset[str] = frozenset()
    absent: tuple[str, ...] = ()
    not_taken: tuple[str, ...] = ()
    untaken: tuple[str, ...] = ()
    other_deeds: NameIndex = NO_NAMES
    own_names: tuple[str, ...] = ()
    outcome: EndingKind | None = None
    story: str = ""

    @property
    def path(self) -> str:
        """Its key as a model is told it, such as ``"e1.base"``."""
        return ".".join(self.key)

    def unnamed(self, text: str) -> list[str]:
        """Return those of ``names`` that a text does not name."""
        return [name for name in self.names if not points_to(text, name)]

    def other_place(self, text: str) -> str:
        """Return another place in which a text says that something is or goes on; empty when it tells of its own."""
        stays = "(?:stand|sitt?|wait|kneel)(?:s|ing)? (?:at|on|by|near)"  # what can be seen from afar is at a place
        there = rf"\b(?:in|inside|outside|into|enters?|entering|{stays}) (?:{_DETERMINERS} )?"
        names = self.elsewhere.in_text(text)
        if self.is_template and self.form in DETAILS:  # the templates keep to what is here
            return next(iter(names), "")
        return next((n for n in names if re.search(rf"{there}{re.escape(bare(n))}\b", text, re.IGNORECASE)), "")

    def sight_elsewhere(self, text: str) -> str:
        """Return what a text shows of another place, by its name or as "the ring"; empty where it shows none of it."""
        nouns = {*re.findall(r"\bthe ([a-z-]+)\b", text.lower())} & self.sight_heads - self.own_words
        return next(iter([*self.strange_sights.in_text(text), *sorted(nouns)]), "")

    def unvisited_place(self, text: str) -> str:
        """Return a place to which a text has the hero go, and the hero does not; empty when it has none."""
        names = (*self.unvisited.in_text(text), *filter(None, [self.leaves]))
        return next((name for name in names if goes_to(text, name)), "")

    def thing_held(self, text: str) -> str:
        """Return a thing to carry that a text has somebody hold, though it lies there until it is taken."""
        return next((thing for thing in self.untaken if holds(text, thing)), "")

    def other_deed(self, text: str) -> str:
        """Return what else is done in the story and told by a text; empty when it tells nothing else."""
        return next((deed for deed in self.other_deeds.in_text(text) if tells(text, deed)), "")

    def other_actor(self, text: str) -> str:
        """Return who else a text begins with, or a sentence of a description; empty for nobody."""
        subjects = map(subject, sentences(text) if self.form == "base" else [text]) if self.actors else ()
        others = (name for name in subjects if not any(shows(name, actor) for actor in self.actors))
        return next(filter(is_somebody, others), "")


def goes_to(text: str, place: str) -> bool:
    """Say whether a text has somebody go to a place, enter or reach it: "you take the lift to the mill"."""
    way = rf"\b(?:{_GOES}|{_CARRIES}|enter(?:s|ing)?|reach(?:es|ing)?) (?:{_DETERMINERS} )?{re.escape(bare(place))}\b"
    return any(
        _TAKES_ALONG.search(match[0]) or not _only_leads(text, *match.span())
        for match in re.finditer(way, text, re.IGNORECASE)
    )


def takes(text: str, thing: str) -> bool:
    """Say whether a text has somebody take a thing: "you pick up the lamp", but not "you take the lamp out"."""
    return bool(re.search(rf"\b{_TAKES} (?:{_DETERMINERS} )?{re.escape(bare(thing))}\b(?! out\b)", text, re.IGNORECASE))


def holds(text: str, thing: str) -> bool:
    """Say whether a text has somebody hold or own a thing: "the lamp in her hand", "she lifts the lamp", "his lamp"."""
    name = re.escape(bare(thing))
    pattern = (
        rf"\b{_HOLDS} (?:up |out )?(?:{_DETERMINERS} )?{name}\b|\b{name} in (?:{_DETERMINERS} )?hands?\b"
        rf"|\b(?:his|her|their|your) {name}\b"
    )
    return bool(re.search(pattern, text, re.IGNORECASE))


def tells(text: str, deed: str) -> bool:
    """Say whether a text tells that somebody does something: not "to open it", "the key opens it" or "Open it"."""
    return bool(re.search(rf"{_NOT_DONE}\b(?!(?<=: )|(?-i:[A-Z])){re.escape(deed)}\b", text, re.IGNORECASE))


def _only_leads(text: str, at: int, end: int) -> bool:
    """Say whether nobody goes there: the stairs climb to the tower, steps to the tower, she goes to the tower bell."""
    start = max(text.rfind(mark, 0, at) for mark in ".!?;") + 1
    tokens = tag(text[start : end + 40])
    before = [token for token in tokens if token.start < at - start]
    is_noun = next((token.tag for token in tokens if token.start >= at - start), "") == "N"
    is_of_thing = any(token.start == end - start + 1 and token.tag == "N" for token in tokens)
    if is_of_thing or (is_noun and before and before[-1].tag in "DAN"):
        return True
    nouns = [token.word for token in takewhile(lambda token: token.tag in "DAN", before) if token.tag == "N"]
    return bool(nouns) and nouns[-1].removesuffix("s") in _FIXED


_FAILURE = re.compile(
    r"\b(?:die[sd]?|(?:dying|dead)(?! (?:light|night|day|leaves|wood|branch|tree|grass|fire|ember|calm|cent))"
    r"|death|drown(?:s|ed)?|perish(?:es|ed)?|fail(?:s|ed|ure)?|defeat(?:s|ed)?|los(?:es?|t)"
    r"|doom(?:s|ed)?|too late|trapped|ruin(?:s|ed)?|in vain|unsolved|unfinished|world ends|end of the world)\b",
    re.IGNORECASE,
)
_SUCCESS = re.compile(
    r"\b(?:saved?|saves|rescue[sd]?|win|wins|won|victor(?:y|ious)|succe(?:ss|eds?|eded)|triumph(?:s|ed|ant)?)\b",
    re.IGNORECASE,
)
_REVERSAL = re.compile(
    r"\b(?:not|no|never|nobody|without|nearly|almost|un(?:til|less)|instead|n't)\b|n't\b", re.IGNORECASE
)


def contradiction(outcome: EndingKind, text: str, story: str) -> str:
    """Return the first word of an ending's text that says the contrary of its outcome; empty when there is none."""
    story_stems = {stem(word) for word in re.findall(r"[\w'-]+", story.lower())}
    for part in re.split(r"[.!?;,]", text):
        if _REVERSAL.search(part):
            continue
        for match in (_FAILURE if outcome == "win" else _SUCCESS).finditer(part):
            if stem(match[0].lower()) not in story_stems:
                return match[0].lower()
    return ""
