"""What is to be done about what a premise tells: find what is missing, mend what is broken, get out of a trap."""

from __future__ import annotations

import re
from itertools import dropwhile

from worldkit.generation.planning.deeds import goal_of_deeds
from worldkit.generation.planning.goal_phrases import GoalContext
from worldkit.generation.planning.goal_words import HE, HIM, HIS, LEADING, PARTICLES, allowed_goal
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import the
from worldkit.generation.text.word_sets import ARTICLES, HANGING

_DETERMINER = r"(?:the|an?|his|her|their|its|my|our|your)"
_DETERMINER_OR_ONE = rf"(?:one|{_DETERMINER})"
_MISSING = re.compile(
    rf"\b{_DETERMINER_OR_ONE} ((?:[a-z'-]+ ){{0,2}}[a-z-]+?)(?:'s)? "
    r"(?:(?:is |are |was |were |(?:has|have) been |goes |go )(?:suddenly |still )?"
    r"(?:missing|lost|stolen|taken|kidnapped)"
    r"|(?:is |are |has |have |was |were )(?:suddenly |just )?(?:gone|disappeared|vanished))\b"
)
"""What a text says to be missing: who has taken something is not."""
_LOSING = re.compile(
    r"\b(?:ha(?:s|ve|d) (?:just |once )?(?:lost|misplaced|mislaid)|loses|mislays|misplaces) "
    rf"{_DETERMINER_OR_ONE} ((?:[a-z-]+ ){{0,3}}[a-z-]+)"
)
_END_OF_NAME = re.compile(r" (?=(?:in|on|at|to|of|from|for|under|behind|before|after|and|or|while|with|is|has|who)\b)")
_SHUT_IN = re.compile(
    r"\b(?:locked|trapped|stuck|stranded|snowed|imprisoned|marooned|shut|sealed|caught|confined|buried"
    r"|(?:is|are|was|were|gets?|got) lost)\b"
    r"(?: [a-z]+){0,2}? (in|inside|on|aboard|at|under|beneath|up)\b"
)


_GOING_ON = re.compile(
    r"\b(something|somebody|someone) (?:is|has been|keeps) ([a-z]+ing(?: [a-z'-]+){1,7})(?=[.,;!?]|$)"
)
_INTERRUPTION = re.compile(
    rf"(?:\b{_DETERMINER} |\A)((?:[a-z'-]+ )?[a-z-]+?) "
    r"(?:is (?:out of order|broken|failing)|goes out|has (?:gone out|stopped|failed)|stops|fails|breaks(?: down)?"
    r")"
    r"(?=[.,;!]|$| (?:and|at|in|on|before|after|during|when|while)\b)"
)


def find_missing(text: str) -> str:
    """Return whom or what a text in small letters says to be missing, without article; empty for nothing."""
    # the moon has lost a button: it is the button that is missing
    if match := _LOSING.search(text):
        name = _END_OF_NAME.split(match[1])[0]
    else:
        name = match[1] if (match := _MISSING.search(text)) else ""
    words = list(dropwhile(lambda word: word in LEADING | ARTICLES, name.split()))
    phrase = " ".join(words)
    return phrase if words and words[-1] not in HANGING and clean(phrase) else ""


def _goal_of_unknown(text: str) -> str:
    """Return what is to be done about what somebody or something unknown goes on doing; empty for nothing."""
    match = _GOING_ON.search(text)
    if not match:
        return ""
    who, rest = ("what" if match[1] == "something" else "who"), match[2]
    words = rest.split()
    is_whole = words[-1] not in LEADING | PARTICLES and not (HE | HIM | HIS) & set(words)
    return allowed_goal(f"find out {who} is {rest}") if is_whole else ""


def goal_of_situation(text: str, context: GoalContext) -> str:
    """Return what is to be done about what a text tells: find what is missing, mend what is broken, get out of a trap.

    What happened to a thing decides: what was stolen is got back, what was broken is mended, and of what was poisoned
    or burned one finds out who did it. Empty when the text tells of neither.
    """
    if goal := goal_of_deeds(context.others_deeds, text) or _goal_of_unknown(text):
        return goal
    if (missing_name := find_missing(text)) and missing_name.split()[-1] != context.who:
        return f"find the {'' if 'missing' in missing_name.split() else 'missing '}{missing_name}"
    if broken_thing := _INTERRUPTION.search(text):
        is_whole = broken_thing[1].split()[-1] not in HANGING | ARTICLES
        return f"mend the {broken_thing[1]}" if is_whole and clean(broken_thing[1]) else ""
    if enclosure := _SHUT_IN.search(text):
        way = "get off" if enclosure[1] in ("on", "aboard") else "get out of"
        return f"{way} {the(context.setting)}" if context.setting else "find the way out"
    return ""
