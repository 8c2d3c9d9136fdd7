"""Where a text says that somebody goes, whatever else moves in it."""

from __future__ import annotations

import re

from worldkit.generation.direct.wording import bare

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
_ENTERS = r"(?:enter|enters|entering|reach|reaches|reaching)"


def goes_to(text: str, place: str) -> bool:
    """Say whether a text has somebody go to a place, enter or reach it: "you walk back to the mill".

    Args:
        text: The text.
        place: The name of the place.
    """
    way = rf"\b(?:{_GOES}|{_ENTERS}) (?:{DETERMINERS} )?{re.escape(bare(place))}\b"
    return re.search(way, text, re.IGNORECASE) is not None
