"""The verb phrase that a text begins with, as one that stands alone, whoever its subject is.

Whose things they are is left out and pronouns are replaced, so that the same phrase serves "You have to ..." and "She
has to ...". A clause that cannot be kept whole is cut where a noun has just ended; what still hangs is given up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from worldkit.generation.planning.goal_words import (
    ARTICLES,
    ASIDE,
    HE,
    HIM,
    HIS,
    LEADING,
    PARTICLES,
    RELATIVE,
    SEARCH,
    WORN,
)
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.lexicon import HANGING
from worldkit.generation.text.word_sets import word_map, word_set, words

LONGEST, MOST = 64, 12
"""Characters and words that a goal may have."""

WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")
_BREAK = re.compile(
    r"[.,;:!?()\"“”…–—]|\s-\s|\b(?:before|while|but|until|because|when|as|after|so|if|and|or|then|lest|though|although)\b"
)
_SOFTER = dict.fromkeys(words("goal", "softer"), "face")
_ASKING = word_set("goal", "asking")
_GIVING = word_set("goal", "giving")
_PLACED = word_set("goal", "placed")
_NO_VERB = HANGING | word_set("goal", "no_verb")
_TAKEN = word_map("goal", "taken")
_OWN = word_set("goal", "own")
"""What is not lost when somebody looks for it."""


@dataclass(frozen=True, slots=True)
class GoalContext:
    """What is known of a premise when its goal is read.

    Attributes:
        verbs: Verbs that a goal may begin with, and
        allows_any_verb: whether any other will do where the premise says that something must be done.
        who: The player's character in one word.
        setting: The chief place, which need not be said again; empty when there is none.
        it: What "it" may be, with its article; empty when that is not known.
    """

    verbs: frozenset[str]
    allows_any_verb: bool
    who: str
    setting: str
    it: str = ""


def verb_phrase(text: str, context: GoalContext) -> str:
    """Return the verb phrase that a text begins with, as one that stands by itself; empty when it has none that does.

    Args:
        text: In small letters.
        context: What else the premise says.
    """
    words = []
    for word in _clause(text).split():
        if not WORD.fullmatch(word):
            break
        words.append(word)
    if not words or not _may_begin(words[0], context):
        return ""
    words = _find_for_seek([_SOFTER.get(words[0], words[0]), *words[1:]])
    words = _without_loose_end(_at_home(_without_loose_end(_with_agreement(words, context)), context.setting))
    if len(words) > 3 and words[-2] == "to" and words[-1] in context.verbs:
        words = _without_loose_end(words[:-2])
    while len(" ".join(words)) > LONGEST or len(words) > MOST:
        ends = [at for at, word in enumerate(words) if at > 2 and (word in LEADING or word == "from")]
        if not ends:
            return ""
        words = _without_loose_end(words[: ends[-1]])
    phrase = " ".join(words)
    return phrase if len(words) > 1 and clean(phrase) else ""


def _clause(text: str) -> str:
    first, *more = _BREAK.split(text, maxsplit=1)
    last = re.split(r"\bbetween\b", first)[-1]
    # between the sword and the crown: this "and" holds the clause together
    if last != first and more and text[len(first) :].startswith("and "):
        return f"{first}and {_BREAK.split(more[0], maxsplit=1)[0]}"
    return first


def _may_begin(verb: str, context: GoalContext) -> bool:
    if verb in context.verbs or verb in _SOFTER:
        return True
    return (
        context.allows_any_verb
        and len(verb) > 1
        and verb not in _NO_VERB | LEADING
        and not verb.endswith(("ly", "ing", "'s"))
    )


def _find_for_seek(words: list[str]) -> list[str]:
    """Put every kind of seeking as finding: it is what the ending is about."""
    if words[0] in SEARCH and "for" in words[1:-1]:
        return ["find", *words[words.index("for") + 1 :]]
    if words[0] == "seek":
        return ["find", *words[2 if words[1:2] == ["out"] else 1 :]]
    return words


def _with_agreement(words: list[str], context: GoalContext) -> list[str]:
    """Leave out or replace what only one person can say, and cut what a prose rule refuses."""
    phrase = [words[0]]
    for at, word in enumerate(words[1:], 1):
        after = words[at + 1] if at + 1 < len(words) else ""
        relative_index = max((n for n, phrase_word in enumerate(phrase) if phrase_word in RELATIVE), default=0)
        if not clean(word):
            return phrase[: relative_index or len(phrase)]
        if word in HE or (word == "it" and relative_index and phrase[-1] in RELATIVE):
            if not relative_index:
                return phrase
            if phrase[relative_index] not in _ASKING or (
                phrase[relative_index] in ("who", "which") and phrase[1:2] != ["out"]
            ):
                return phrase[:relative_index]
            if phrase[relative_index] == "what" and after in _TAKEN and at + 2 == len(words):
                return [*phrase, "was", _TAKEN[after]]
            phrase += ["the", context.who]
        elif word == "it":
            if at > 1 or not context.it:
                return phrase
            phrase += context.it.split()
        elif word in HIS and after and after not in HANGING:
            article = any(phrase_word in ARTICLES for phrase_word in phrase[1:])
            if article and phrase[-1] not in HANGING | ASIDE and phrase[0] not in _GIVING and not relative_index:
                return phrase
            last = at + 2 == len(words) or words[at + 2] in HANGING - RELATIVE
            phrase += ["the", "lost"] if phrase == ["find"] and last and after not in WORN | _OWN else ["the"]
        elif word in HIM or word in HIS:
            return phrase
        elif word != "own" or phrase[-1] != "the":
            phrase.append(word)
    return phrase


def _without_loose_end(words: list[str]) -> list[str]:
    """Remove trailing words that begin another phrase, and put a particle behind its verb."""
    words = list(words)
    while len(words) > 1:
        last = words[-1]
        related = next((at for at, word in enumerate(words) if word in RELATIVE), 0)
        if last == "for" and related and words[related] == "what":
            words = [*words[:related], "why", *words[related + 1 : -1]]
        elif last == "why" and len(words) <= 3:
            words[-1:] = ["the", "reason"]
        elif last in PARTICLES:
            words.pop()
            if not related and len(words) > 2 and words[1] in ARTICLES and not LEADING & set(words[2:]):
                words.insert(1, last)
        elif last in LEADING and not _is_noun(last, words[-2]):
            words.pop()
        else:
            break
    return words


def _is_noun(word: str, before: str) -> bool:
    """Say whether a word that usually begins another phrase is a noun here: the will, the wrong one."""
    return (word == "will" and before in ARTICLES) or (word == "one" and before not in HANGING)


def _at_home(words: list[str], setting: str) -> list[str]:
    """Leave out where it is done when that is the chief place."""
    where = setting.split()
    start = len(words) - len(where)
    if not where or words[start:] != where:
        return words
    if words[start - 1] in ARTICLES:
        start -= 1
    return words[: start - 1] if start > 3 and words[start - 1] in _PLACED else words
