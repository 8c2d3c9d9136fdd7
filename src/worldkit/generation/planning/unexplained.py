"""What is to be done about what a premise tells, where it does not say so.

What is missing is found, what is broken mended, one gets out of a trap, and finds out why something strange is so.
"""

from __future__ import annotations

import re
from itertools import dropwhile

from worldkit.assessment.wording import whole_statement, without_denial, without_opening
from worldkit.generation.planning.deeds import goal_of_deeds
from worldkit.generation.planning.goal_phrases import GoalContext, verb_phrase
from worldkit.generation.planning.goal_words import LEADING_WORDS
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import the
from worldkit.generation.text.word_sets import ARTICLES, HANGING_WORDS, word_set
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import tag, tags_of

_DETERMINER = r"(?:the|an?|his|her|their|its|my|our|your)"
_DETERMINER_OR_ONE = rf"(?:one|{_DETERMINER})"
_MISSING_THING = re.compile(
    rf"\b(?:{_DETERMINER_OR_ONE} |(?=[a-z]+'s ))((?:(?!the |an? )[a-z'-]+ ){{0,2}}[a-z-]+?)(?:'s)? "
    r"(?:(?:is |are |was |were |(?:has|have) been |goes |go )(?:suddenly |still )?"
    r"(?:missing|lost|stolen|taken|kidnapped)"
    r"|(?:is |are |has |have |was |were )(?:suddenly |just )?(?:gone|disappeared|vanished))\b"
)
"""What a text says to be missing: who has taken something is not."""
_LOSS = re.compile(
    r"\b(?:ha(?:s|ve|d) (?:just |once )?(?:lost|misplaced|mislaid)|loses|mislays|misplaces) "
    rf"{_DETERMINER_OR_ONE} ((?:[a-z-]+ ){{0,3}}[a-z-]+)"
)
_END_OF_NAME = re.compile(r" (?=(?:in|on|at|to|of|from|for|under|behind|before|after|and|or|while|with|is|has|who)\b)")
_CONFINEMENT = re.compile(
    r"\b(?:locked|trapped|stuck|stranded|snowed|imprisoned|marooned|shut|sealed|caught|confined|buried"
    r"|(?:is|are|was|were|gets?|got) lost)\b"
    r"(?: [a-z]+){0,2}? (in|inside|on|aboard|at|under|beneath|up)\b"
)
_LOCKED_ROOM = re.compile(r"\b(?:wakes?(?: up)?|wake up|sel(?:f|ves)) (in) an? (?:locked|sealed|barred|bolted) ")
_INTERRUPTION = re.compile(
    rf"(?:\b{_DETERMINER} |\A)((?:[a-z'-]+ )?[a-z-]+?) "
    r"(?:is (?:out of order|broken|failing)|goes out|has (?:gone out|stopped|failed)|stops|fails|breaks(?: down)?)"
    r"(?=[.,;!]|$| (?:and|at|in|on|before|after|between|during|when|while)\b)"
)


def find_missing(text: str) -> str:
    """Return whom or what a text in small letters says to be missing, without article; empty for nothing."""
    # the moon has lost a button: it is the button that is missing
    if match := _LOSS.search(text):
        name = _END_OF_NAME.split(match[1])[0]
    else:
        name = match[1] if (match := _MISSING_THING.search(text)) else ""
    # the will is a noun where nothing else is
    words = list(dropwhile(lambda word: word in LEADING_WORDS | ARTICLES, name.split())) or name.split()
    phrase = " ".join(words)
    return phrase if words and (len(words) == 1 or words[-1] not in HANGING_WORDS) and clean(phrase) else ""


def goal_of_situation(text: str, context: GoalContext) -> str:
    """Return what is to be done about what a text tells: find what is missing, mend what is broken, get out of a trap.

    What happened to a thing decides: what was stolen is got back, what was broken is mended, and of what was poisoned
    or burned one finds out who did it. Empty when the text tells of neither.
    """
    if goal := goal_of_deeds(context.others_deeds):
        return goal
    if (missing_name := find_missing(text)) and missing_name.split()[-1] != context.who:
        owner, end, name = missing_name.rpartition("'s ")
        adjective = "" if "missing" in name.split() else "missing "
        # grandmother's book: a possessor may have no article
        has_article = not owner or re.search(rf"\b{_DETERMINER_OR_ONE} (?:\S+ )?{re.escape(missing_name)}", text)
        return f"find {'the ' if has_article else ''}{owner}{end}{adjective}{name}"
    if broken_thing := _INTERRUPTION.search(text):
        is_whole = broken_thing[1].split()[-1] not in HANGING_WORDS | ARTICLES
        return f"mend the {broken_thing[1]}" if is_whole and clean(broken_thing[1]) else ""
    if enclosure := _CONFINEMENT.search(text) or _LOCKED_ROOM.search(text):
        way = "get off" if enclosure[1] in ("on", "aboard") else "get out of"
        return f"{way} {the(context.setting)}" if context.setting else "find the way out"
    return ""


_NOTICING_VERBS = "|".join(sorted(word_set("goal", "noticing")))
_DISCOVERY = re.compile(rf"\b(?:{_NOTICING_VERBS})(?: out)?(?P<that> that)? (?P<fact>[^.,;!?]+)")
_SUSPECTING_VERBS = "|".join(sorted(word_set("goal", "suspecting")))
_SUSPICION = re.compile(rf"\b(?:{_SUSPECTING_VERBS})s?(?P<that> that)? (?P<fact>[^.,;!?]+)")
_UNKNOWN_DEED = re.compile(
    r"\b(?P<who>something|(?:somebody|someone|the person|the one)(?: who)?) "
    r"(?P<deed>(?:is|keeps|has been) [a-z]+ing [^.,;:!?]+|(?<=who )[a-z]+s [^.,;!?]+)"
)
"""What somebody or something unknown goes on doing."""
_QUESTION = re.compile(
    r"(?:\A|[.!?:])\s*((?:who|what) (?!if\b|do\b|does\b|did\b|will\b|would\b|can\b|could\b|should\b)[^.,;:!?]+)\?"
)
_AMNESIA = re.compile(r"\b(?:no memory|no recollection|without (?:any |a )?memor(?:y|ies)|amnesia|who am i)\b")
_UNKNOWN_DOER = re.compile(
    r"\A(?:nobody|no one) (?P<deed>[a-z]+(?<!s)) (?P<object>(?:the|an?|this|his|her|their) [^.,;!?]+)"
)
_IDENTITY = re.compile(r"(?:is|are|was|were)(?: [a-z]+)? (?:an?|the)\b")
"""Who somebody is, which nobody asks about: a parrot is the sole witness."""
_CHANGE_VERBS = word_set("goal", "changes")
"""Verbs of what is so or comes about, and is nobody's deed: to get seasick."""
_PRONOUNS = word_set("goal", "he") | word_set("goal", "him") | {"it", "you", "who", "what"}
_SUBJECT = re.compile(r"(?:[DMAO]*N+|O)(?:P[DMA]*N+)*(?=[VXI]|E(?!P))")
"""The tags of a noun phrase before a verb that says something of it; a participle before a preposition may not."""


def goal_of_discovery(text: str, context: GoalContext) -> str:
    """Return what is to be done where somebody discovers a fact: find out why one patient lacks a record."""
    for asking, pattern in (("why", _DISCOVERY), ("whether", _SUSPICION)):
        match = pattern.search(text)
        is_clause = match and (match["that"] or _begins_clause(match, text))
        if match and is_clause and (goal := _question_of(asking, match["fact"], context)):
            return re.sub(r"\bwhy some(?:body|one) ", "who ", goal)
    return ""


def _begins_clause(match: re.Match[str], text: str) -> bool:
    """Say whether a whole clause follows a verb without "that": her dog can talk, but no map of which it goes on."""
    tokens = tag(match["fact"])
    subject = _SUBJECT.match(tags_of(tokens))
    is_related = text[: match.start()].endswith(("who ", "which ", "that "))
    return subject is not None and tokens[subject.end()].tag in "VX" and not is_related


def goal_of_strange_fact(text: str, context: GoalContext) -> str:
    """Return what is to be done about a premise that only tells how something is: find out why the mirror blinks first.

    The player is nobody that it names. Empty when it is no statement.
    """
    if (match := _UNKNOWN_DOER.match(text)) and {*lexicon().lemmas(match["deed"], "v")} - {match["deed"]}:
        return verb_phrase(f"find out who {match['deed']} {match['object']}", context)
    return _question_of("why", whole_statement(without_opening(text)), context)


def tells_state_or_change(text: str) -> bool:
    """Say whether a premise tells a state or a change of its protagonist, about which others ask, and not a deed."""
    tokens = tag(whole_statement(text))
    subject = _SUBJECT.match(tags_of(tokens))
    if not subject:
        return False
    verb = tokens[subject.end()]
    if verb.tag == "X":
        predicate = " ".join(token.word for token in tokens[subject.end() :])
        is_deed = verb.word in ("must", "should")
        return not is_deed and not _IDENTITY.match(predicate)
    return verb.tag == "E" or not _CHANGE_VERBS.isdisjoint(lexicon().lemmas(verb.word, "v"))


def goal_of_unknown(text: str, context: GoalContext) -> str:
    """Return what is to be done about what somebody unknown does: find out who keeps untuning the piano."""
    if _AMNESIA.search(text):
        return "find out what happened"
    if question := _QUESTION.search(text):
        return verb_phrase(f"find out {question[1]}", context)
    match = _UNKNOWN_DEED.search(text)
    asking = "what" if match and match["who"] == "something" else "who"
    return verb_phrase(f"find out {asking} {match['deed']}", context) if match else ""


def _question_of(asking: str, fact: str, context: GoalContext) -> str:
    """Return the goal to find out why or whether a fact is so; empty where the text begins with no whole statement."""
    fact = without_denial(fact.strip())
    tokens = tag(fact)
    subject = _SUBJECT.match(tags_of(tokens))
    if not subject or not _PRONOUNS.isdisjoint(token.word for token in tokens[: subject.end()]):
        return ""
    question = f"find out {asking} {re.sub(r'^an? ', 'the ', fact)}"
    goal = verb_phrase(question, context)
    if question.rstrip(".!") == f"{goal} on":
        goal += " on"  # to be slept on
    return goal if tokens[subject.end()].word in goal.split() else ""
