"""What a text claims that a plan decides: where somebody goes, and how the story ends."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Literal

from worldkit.generation.direct.wording import bare
from worldkit.generation.text.english import stem
from worldkit.generation.text.word_sets import word_set, words
from worldkit.language.tagging import tag

Outcome = Literal["win", "lose"]
OUTCOME_WORDS: dict[Outcome, str] = {"win": "won", "lose": "lost"}
"""How an ending of each outcome is called to a model."""

DETERMINERS = "(?:the|an?|his|her|their|its|your)"
_WAY = "back|on|over|up|down|out|in|off"
# roads go, run and lead to places too; somebody goes back or on to them
_GOES = (
    rf"(?:go|(?:goes|going|runs?|running|comes?|coming)(?= (?:{_WAY}) )|{'|'.join(words('direct', 'travels'))}"
    rf"|mak(?:es?|ing) {DETERMINERS} way)"
    rf"(?: (?:{_WAY}|straight|quickly|slowly|home|through|across|along|away))* (?:to|towards?|into|for)"
)
# not the key to the mill, or a seat next to it
_CARRIES = (
    rf"(?:tak(?:es?|ing)|carr(?:y|ies|ying)|bring(?:s|ing)?)(?: (?!(?:{'|'.join(words('direct', 'not_carried'))})\b)"
    r"[\w'-]+){1,4} (?:to|into)"
)
_TAKES = r"(?:tak(?:es?|ing)|pick(?:s|ing)? up|grab(?:s|bing)?|gets?|collects?|fetch(?:es)?|finds?)"
_FIXED = word_set("direct", "fixed")
_PERCEPTIONS = word_set("direct", "perceptions")
_NOT_DONE = "".join(rf"(?<!\b{word.replace('_', ' ')} )" for word in words("direct", "not_done"))


def goes_to(text: str, place: str) -> bool:
    """Say whether a text has somebody go to a place, enter or reach it: "you take the lift to the mill"."""
    way = rf"\b(?:{_GOES}|{_CARRIES}|enter(?:s|ing)?|reach(?:es|ing)?) (?:{DETERMINERS} )?{re.escape(bare(place))}\b"
    return any(not _only_leads(text, *match.span()) for match in re.finditer(way, text, re.IGNORECASE))


def takes(text: str, thing: str) -> bool:
    """Say whether a text has somebody take a thing: "you pick up the lamp", but not "you take the lamp out"."""
    return bool(re.search(rf"\b{_TAKES} (?:{DETERMINERS} )?{re.escape(bare(thing))}\b(?! out\b)", text, re.IGNORECASE))


def tells(text: str, deed: str) -> bool:
    """Say whether a text tells that somebody does something: not "to open it", "the key opens it" or "Open it"."""
    return bool(re.search(rf"{_NOT_DONE}\b(?!(?<=: )|(?-i:[A-Z])){re.escape(deed)}\b", text, re.IGNORECASE))


def tells_deed(text: str) -> bool:
    """Say whether narration begins with what the player does, and not with what the player sees or knows."""
    verb = re.match(r"You (?:\w+ly |then |now )?(\w+)", text)
    return verb is not None and verb[1] not in _PERCEPTIONS


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


def contradiction(outcome: Outcome, text: str, story: str) -> str:
    """Return the first word of an ending's text that says the contrary of its outcome; empty when there is none."""
    story_stems = {stem(word) for word in re.findall(r"[\w'-]+", story.lower())}
    for part in re.split(r"[.!?;,]", text):
        if _REVERSAL.search(part):
            continue
        for match in (_FAILURE if outcome == "win" else _SUCCESS).finditer(part):
            if stem(match[0].lower()) not in story_stems:
                return match[0].lower()
    return ""
