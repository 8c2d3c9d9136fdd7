"""Reading what a premise wants done: what it says must be done, else what somebody in it does."""

from __future__ import annotations

import re
from itertools import pairwise

from worldkit.generation.planning.goal_phrases import GoalContext, verb_phrase
from worldkit.generation.planning.goal_words import HIS, RELATIVE, SEARCH, WORD
from worldkit.generation.planning.stock import stock
from worldkit.generation.planning.unexplained import whole_statement
from worldkit.generation.text.english import is_compared, plain
from worldkit.generation.text.word_sets import ARTICLES, word_map
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import tag
from worldkit.language.word_sets import word_set

_ERRANDS = "|".join(sorted(word_set("errands")))
_MUST = re.compile(
    rf"\b(?:(?:{_ERRANDS}) (?:is|was) to|must|ha(?:s|ve) (?:(?:only )?[a-z]+ [a-z]+ )?to|needs? to"
    r"|tr(?:y|ies|ying) to|wants? to|hopes? to|longs? to|sets? out to|sent to|ordered to|asked to|hired to|forced to"
    r"|determined to|races? to|plans? to|decides? to|vows? to|swears? to|fights? to|struggles? to"
    r"|chosen (?:by lot )?to|told to)"
    r"\s+(?:now |first |finally |soon |[a-z]+ly )?"
)
_COUNTERPART = word_map("goal", "counterpart")
"""What is to be done where a premise tells that somebody does something: what is forgotten is to be remembered."""
_NO_ORDER = re.compile(r"\b(?:that|which|who|the|an?|his|her|their) \Z")
"""What must be true of a thing is no order, and neither is the plan to do something."""
_UNABLE = re.compile(
    r"\b(?:cannot|can't|could not|couldn't) (?P<verb>[a-z]+) (?:anyone|anybody|someone|somebody)\b(?P<rest>.*)"
)
"""What somebody fails to do to anybody, and so has to."""
_PLAYED = re.compile(r"\A(?:you are|you're|you play|i am|i'm|we are|we're) ")


def find_orders(text: str) -> list[re.Match[str]]:
    """Return where a text says that something must be done: every "must", "has to" and the like."""
    errands, matches = tuple(word_set("errands")), list(_MUST.finditer(text))
    orders = [m for m in matches if m[0].startswith(errands) or not _NO_ORDER.search(text[: m.start()])]
    return orders or [match for match in matches[:1] if _is_whole_sentence(text, match)]


def _is_whole_sentence(text: str, order: re.Match[str]) -> bool:
    """Say whether an order of a relative clause is all that a sentence says: a knight who must save the princess."""
    is_wish = order[0].startswith(("want", "hope", "long", "need"))
    if not text[: order.start()].endswith(("who ", "that ") if is_wish else "who "):
        return False
    before = re.split(r"[.!?;:]", text[: order.start()])[-1].strip()
    if _PLAYED.match(before):
        return True
    behind = re.split(r"[.!?;:,]", text[order.end() :])[0].strip()
    tags_before = [token.tag for token in tag(before)][:-1]
    tags_behind = {token.tag for token in tag(behind)}
    return bool(tags_before) and not set(tags_before) & set("VXIPO") and not tags_behind & set("VXW")


def goal_of_orders(text: str, context: GoalContext) -> str:
    """Return what a text in small letters says that must be done, as a verb phrase; empty where it does not say."""
    goals = (verb_phrase(text[order.end() :], context) for order in find_orders(text))
    return next(filter(None, goals), "")


def goal_of_narration(text: str, context: GoalContext) -> str:
    """Return what is to be done where a text in small letters asks for it or only tells it; empty for nothing.

    What somebody else does than the player's character is not to be done.
    """
    for sentence in re.split(r"[.!?;] ?", text):
        opening = WORD.match(sentence)
        if opening and opening[0] in stock().goal_verbs and (goal := verb_phrase(sentence, context)):
            return goal
    # two brothers who build a boat build it
    line = whole_statement(re.split(r"[.!?;]", text)[0])
    # what somebody goes somewhere for says more than the going
    for match in re.finditer(r"(?<=[a-z,]) to (?=([a-z]+) )", line):
        # the plan to kill the king says what the plan is, and not what is to be done
        is_of_noun = line[: match.start()].rpartition(" ")[2] in word_set("with_infinitive")
        if match[1] in stock().goal_verbs and not is_of_noun and (goal := verb_phrase(line[match.end() :], context)):
            return goal
    unable = _UNABLE.search(line)
    if unable and unable["verb"] in stock().goal_verbs:
        return verb_phrase(f"{unable['verb']} somebody{unable['rest']}", context)
    matches = list(WORD.finditer(line))
    other_verbs = {deed.form for deed in context.others_deeds}
    for before, at in pairwise(matches):
        word, many = at[0], before[0].endswith("s") and not before[0].endswith(("ss", "'s"))
        verb = word if many else plain(word)
        if (verb == word and not many) or before[0] in RELATIVE or before[0] in ("it", "never") or word in other_verbs:
            continue
        rest = line[at.end() :]
        if verb == "look" and not rest.startswith(" for "):
            continue
        if verb not in stock().goal_verbs | SEARCH | _COUNTERPART.keys() or not re.match(r" (?:[a-z]+ )?[a-z]", rest):
            continue
        first = rest.split()[0]
        if "n" not in lexicon().counts(first) and is_compared(first, "er"):
            continue  # what grows heavier has no object
        if verb == "wake" and not re.match(r" (?:the|an?|his|her|up) ", rest):
            continue
        if verb in _COUNTERPART:
            verb = _COUNTERPART[verb]
            # the plan to kill the king is a plan
            rest = rest if " how to " in rest else rest.partition(" to ")[0]
            rest = rest if verb == "find" else re.sub(r"^ an? ", " the ", rest)
            if verb.endswith("behind") and not re.match(rf" (?:{'|'.join(ARTICLES | HIS)}) ", rest):
                rest = f" the{rest}"
        if goal := verb_phrase(verb + rest, context):
            return goal
    return ""
