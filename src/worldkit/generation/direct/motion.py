"""Where a text says that somebody goes, whatever else moves in it."""

from __future__ import annotations

import re

from worldkit.generation.direct.wording import bare
from worldkit.generation.text.word_sets import word_set
from worldkit.language.tagging import tag

DETERMINERS = "(?:the|an?|his|her|their|its|your)"
# roads go, run and lead to places too; somebody goes back or on to them
_GOES = (
    r"(?:go(?: (?:back|on|over|up|down|out|in|off))?"
    r"|(?:goes|going|run|runs|running|come|comes) (?:back|on|over|up|down|out|in|off)"
    r"|(?:walk|head|return|step|climb|sail|march|crawl|travel|retreat|jump|slip|sneak|navigate|wade|row)(?:s|e?d|ing)?"
    r"|(?:hurry|hurries|hurrying|fly|flies|flying|drive|drives|driving|ride|rides|riding|swim|swims|swimming)"
    r"|(?:make|makes|making) (?:his|her|their|its|your) way)"
    r"(?: (?:back|on|over|up|down|out|off|straight|quickly|slowly|home))? (?:to|toward|towards|into|for)"
)
_FIXED = word_set("direct", "fixed")
_ENTERS = r"(?:enter|enters|entering|reach|reaches|reaching)"


def goes_to(text: str, place: str) -> bool:
    """Say whether a text has somebody go to a place, enter or reach it: "you walk back to the mill"."""
    way = rf"\b(?:{_GOES}|{_ENTERS}) (?:{DETERMINERS} )?{re.escape(bare(place))}\b"
    return any(not _only_leads(text, match.start()) for match in re.finditer(way, text, re.IGNORECASE))


def _only_leads(text: str, at: int) -> bool:
    """Say whether nobody goes there: the stairs climb to the tower, or steps to the tower is a noun."""
    start = max(text.rfind(mark, 0, at) for mark in ".!?;") + 1
    tokens = tag(text[start:])
    before = [token for token in tokens if token.start < at - start]
    if not before:
        return False
    is_noun = next((token.tag for token in tokens if token.start >= at - start), "") == "N"
    if is_noun and before[-1].tag in "DAN":
        return True
    subject = ""
    for token in before:
        if token.tag not in "DAN":
            break
        subject = token.word if token.tag == "N" else subject
    return subject in _FIXED or subject.removesuffix("s") in _FIXED
