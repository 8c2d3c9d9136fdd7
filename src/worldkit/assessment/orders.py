"""What a verb says by the words before it: that something must be done, must not, or is done for something."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile

from worldkit.language.lexicon import lexicon
from worldkit.language.phrases import NounPhrase
from worldkit.language.tagging import Token
from worldkit.language.word_sets import word_set

_MAX_ORDER_DISTANCE_TOKENS = 10
"""Tokens between the verbs of orders that "and" joins, less than."""
BE_FORMS = frozenset(("is", "are", "was", "were", "be", "been"))
_DIRECTION_PREPOSITIONS = frozenset(("across", "against", "into", "through"))
_INDEFINITE_PRONOUNS = frozenset(("anyone", "anybody", "someone", "somebody"))


def last_before(tokens: Sequence[Token], at: int) -> int:
    """Return where the last token before a place stands that is no adverb; -1 for none."""
    at -= 1
    while at >= 0 and (tokens[at].tag == "R" or tokens[at].word in ("first", "(", ")")):
        at -= 1
    return at


def order_start(tokens: Sequence[Token], at: int, last_order: int | None) -> int | None:
    """Return where a clause begins that orders what a verb says: "must", "has to"; None for a verb that tells."""
    is_state = tokens[at].word == "be" and not any(token.tag == "E" for token in tokens[at + 1 : at + 2])
    if tokens[at].tag != "I" and not is_state:
        return None
    if at == 0 or tokens[at - 1].word in (".", "!", "?", ";"):
        return at
    if tokens[at - 1].word == ":" and not any(token.tag in "VX" for token in tokens[: at - 1]):
        return at  # a heist: steal the diamond
    before = last_before(tokens, at)
    word = tokens[before].word if before >= 0 else ""
    if word == "to" and before:
        verb = tokens[before - 1]
        if verb.word in word_set("goals") and verb.tag != "N":
            return before - 1
        # your mission is to defuse the bomb
        errands = (token for token in tokens[max(0, before - 8) : before] if token.word in word_set("errands"))
        if verb.word == "is" and any(errands):
            return before - 1
        # is hired to open a door, has been chosen by lot to steal the chart
        for participle in range(before - 1, max(before - 4, 0), -1):
            if tokens[participle].tag == "E" and tokens[participle - 1].word in BE_FORMS:
                return participle - (2 if participle > 1 and tokens[participle - 2].tag == "X" else 1)
    if word in ("must", "should", "needs", "help", "helps"):
        return before
    if word in ("and", "or", ",", "then") and last_order is not None and last_order > at - _MAX_ORDER_DISTANCE_TOKENS:
        return before
    return None


def passive_start(tokens: Sequence[Token], at: int) -> int | None:
    """Return where it begins that something was, or must be, done to what stands before; None where it is not."""
    before = last_before(tokens, at)
    if tokens[at].tag != "E" or before < 1 or tokens[before].word not in BE_FORMS:
        return None
    while before > 0 and (tokens[before - 1].tag in "XR" or tokens[before - 1].word == "to"):
        before -= 1
    return before


def is_purpose(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a verb says what something is done for: breaks in to return.

    What somebody else is to do is none (waits for the bell to ring), nor what belongs to a noun (the plan to kill
    the king) or to a clause about something else (the patient who taught it to dream).
    """
    if at < 2 or tokens[at].tag != "I" or tokens[at - 1].word != "to" or tokens[at - 2].tag in "XA":
        return False
    clause = list(takewhile(lambda token: token.tag != "S", reversed(tokens[max(0, at - 6) : at - 1])))
    words = [token.word for token in clause]
    is_of_other = bool({"for", "who", "which", "that"} & {*words[:4]}) or any(
        token.tag == "W" or (token.tag == "T" and after.tag == "I") for after, token in pairwise(clause[:4])
    )
    return not is_of_other and not word_set("with_infinitive").intersection(words[:1])


def is_forbidden(tokens: Sequence[Token], at: int) -> bool:
    """Say whether what a verb says must not be done, or is not: must never open, don't let, nobody may enter."""
    for token in reversed(tokens[max(0, at - 4) : at]):
        if token.word in ("can't", "cannot", "couldn't"):
            return False
        if token.word in ("not", "never", "nobody", "none") or token.word.endswith("n't"):
            return True
        if token.tag not in "XR":
            return False
    return False


def leads_somewhere(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a verb leads somewhere (climbs into the tower), or asks, or is done to somebody unknown."""
    next_tokens = tokens[at + 1 : at + 3]
    is_direction = (
        len(next_tokens) > 1
        and next_tokens[0].word in word_set("towards") | _DIRECTION_PREPOSITIONS
        and next_tokens[1].tag != "I"
    )
    return is_direction or any(token.tag == "W" or token.word in _INDEFINITE_PRONOUNS for token in next_tokens)


def precedes_clause(tokens: Sequence[Token], at: int, target: NounPhrase | None) -> bool:
    """Say whether a verb is followed by a clause without "that", which begins with what looks like its object."""
    # a girl who finds a map follows a fox
    is_related = at > 0 and opens_clause(tokens[at - 1])
    is_verb_next = target is not None and any(token.tag in "VX" for token in tokens[target.last + 1 : target.last + 2])
    return (
        is_verb_next
        and not is_related
        and not word_set("before_clauses").isdisjoint(lexicon().lemmas(tokens[at].word, "v"))
    )


def opens_clause(token: Token) -> bool:
    """Say whether a word may begin a relative clause or a question."""
    return token.tag == "W" or token.word == "that"
