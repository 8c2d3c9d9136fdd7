"""The verb phrase that a text begins with, as one that stands alone, whoever its subject is.

Whose things they are is left out and pronouns are replaced, so that the same phrase serves "You have to ..." and "She
has to ...". A clause that cannot be kept whole is cut where a noun has just ended; what still hangs is given up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from worldkit.assessment.names import Clause
from worldkit.generation.planning.deeds import KILLED
from worldkit.generation.planning.goal_words import (
    ASIDE,
    HE,
    HIM,
    HIS,
    LEADING,
    PARTICLES,
    RELATIVE,
    SEARCH,
    WORD,
    WORN,
    at_home,
    has_object,
    shortened,
    without_loose_end,
)
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.word_sets import ARTICLES, HANGING, word_set, words
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import tag

_BREAK = re.compile(
    r"[.,;:!?()\"“”…–—]|\s-\s|\b(?:before|while|but|until|because|when|whenever|every time|after|so|if|and|or|then|lest"
    r"|though|although|as(?! (?:an? )?[a-z]+(?:[.,;:!?]|$| (?:at|in|on) )))\b"
)
"""Where a clause ends; "as" a witness it goes on."""
_ASIDE_CLAUSE = re.compile(r"(\bbetween\b[^.;!?]*?), (?:who|which|whose) [^,.;!?]*,(?= and )")
_GOALS_OF_VERBS = {verb: f"learn to {verb}" for verb in word_set("goal", "abilities")} | dict.fromkeys(
    ("escape", "flee", "leave"), "find the way out"
)
"""What a verb without anything behind it sets as a goal."""
_SOFTER = dict.fromkeys(words("goal", "softer"), "face")
_ASKING = word_set("goal", "asking")
_DETERMINERS = ARTICLES | HIS | {"it", "them", "him"}
_GIVING = word_set("goal", "giving")
_NO_VERB = LEADING | word_set("goal", "no_verb")
_OWN = word_set("goal", "own")
"""What is not lost when somebody looks for it."""


@dataclass(frozen=True, slots=True)
class GoalContext:
    """What is known of a premise when its goal is read; what is not known is empty.

    Attributes:
        setting: The chief place, which need not be said again.
        it, them, him: What "it", "them", and "him" or "her" may be, with its article.
        others_deeds: What others than the player's character do.
    """

    who: str
    setting: str
    it: str = ""
    them: str = ""
    him: str = ""
    others_deeds: Sequence[Clause] = ()


def verb_phrase(text: str, context: GoalContext) -> str:
    """Return the verb phrase that a text in small letters begins with, as one that stands by itself; empty for none."""
    clause = re.sub(r"\bany(?:one|body)\b", "somebody", _clause(text)).split()
    words = list(takewhile(WORD.fullmatch, clause))
    if not words:
        return ""
    if len(clause) == 1:
        return _GOALS_OF_VERBS.get(words[0], "")
    if len(clause) == 2 and words[1:] and words[1] in PARTICLES and lexicon().senses(" ".join(words), "v"):
        return " ".join(words)  # to settle down has no object
    words = _with_plain_verb([_SOFTER.get(words[0], words[0]), *words[1:]])
    if words != ["go", "home"] and (words[0] in _NO_VERB or len(words[0]) == 1):
        return ""
    phrase, is_cut = _with_agreement(words, context)
    words = without_loose_end(at_home(without_loose_end(phrase), context.setting))
    if len(words) > 3 and words[-2] == "to" and is_cut:
        words = without_loose_end(words[:-2])
    words = shortened(words, context.setting)
    if (is_cut or len(words) < len(clause)) and words != ["go", "home"] and not has_object(words):
        return ""
    if is_cut and len(words) > 3 and RELATIVE.isdisjoint(words) and tag(" ".join(words))[-1].tag == "E":
        words.pop()  # a letter addressed to him
    phrase_text = " ".join(words)
    return phrase_text if len(words) > 1 and clean(phrase_text) else ""


def _clause(text: str) -> str:
    # between the poets, who pay in verses, and the village
    text = _ASIDE_CLAUSE.sub(r"\1", text)
    first, *more = _BREAK.split(text, maxsplit=1)
    last = re.split(r"\bbetween\b", first)[-1]
    # between the sword and the crown: this "and" holds the clause together
    if last != first and more and text[len(first) :].startswith("and "):
        return f"{first}and {_BREAK.split(more[0], maxsplit=1)[0]}"
    return first


def _with_plain_verb(words: list[str]) -> list[str]:
    """Put seeking as finding, which the ending is about, getting back as recovering, and going to as reaching."""
    match words:
        case ["get", "back", *thing] | ["get", *thing, "back"] if not _DETERMINERS.isdisjoint(thing[:1]):
            return ["recover", *thing]
        case ["get" | "go", "to", *place] if not _DETERMINERS.isdisjoint(place[:1]):
            return ["reach", *place]
        case ["find", "out", "who", deed, *rest] if deed in KILLED:
            return ["find", "out", "what", "happened", "to", *rest]
        case [verb, *rest, _] if verb in SEARCH and "for" in rest:
            return ["find", *words[words.index("for") + 1 :]]
        case ["seek", "out", *rest] | ["seek", *rest]:
            return ["find", *rest]
    return words


def _with_agreement(words: list[str], context: GoalContext) -> tuple[list[str], bool]:
    """Leave out or replace what only one person can say, and say whether what a prose rule refuses was cut off."""
    phrase = [words[0]]
    tags = [token.tag for token in tag(" ".join(words))]
    for at, word in enumerate(words[1:], 1):
        after = words[at + 1] if at + 1 < len(words) else ""
        relative_index = max((n for n, phrase_word in enumerate(phrase) if phrase_word in RELATIVE), default=0)
        is_question = _is_question(phrase, relative_index)
        # a clause that loses its end is no clause any more
        whole_part = phrase[: relative_index or len(phrase)]
        # win her back, warn her about the trap
        is_before_end = not after or after in PARTICLES | ASIDE or tags[at + 1] in "PTCW" or words[0] == "recover"
        is_person = word in ("him", "her") and (tags[at] == "O" or not after) and is_before_end
        is_subject = word in HE or (word == "it" and relative_index and phrase[-1] in RELATIVE)
        if not clean(word) or (is_subject and not is_question):
            return whole_part, True
        if is_subject or (word in ("me", "us", "you") and is_question):
            phrase += ["the", context.who]
        elif is_person and at == 1 and context.him:
            phrase += context.him.split()
        elif (
            word in ("it", "them")
            and (at == 1 or (is_question and phrase[-1] not in _DOING))
            and (other := context.it if word == "it" else context.them)
        ):
            phrase += other.split()
        elif word in HIS and after and after not in HANGING and not is_person:
            is_end = phrase[-1] not in HANGING | ASIDE and phrase[-2:-1] != ["to"]
            if not ARTICLES.isdisjoint(phrase) and is_end and phrase[0] not in _GIVING and not relative_index:
                return phrase, True
            last = at + 2 == len(words) or words[at + 2] in HANGING - RELATIVE
            phrase += ["the", "lost"] if phrase == ["find"] and last and after not in WORN | _OWN else ["the"]
        elif word == "it" or word in HIM or word in HIS:
            # what happened to her: what happened
            return phrase if is_question and phrase[-1] in HANGING else whole_part, True
        elif word != "own" or phrase[-1] != "the":
            phrase.append(word)
    return phrase, False


_DOING = frozenset(["do", "does", "did", "done", "is", "was", "are", "were"])
"""Verbs after which "it" is no thing: who did it."""


def _is_question(phrase: list[str], relative_index: int) -> bool:
    """Say whether a clause is what is asked, and not about a noun before it: find out who, and no man who."""
    if not relative_index or phrase[relative_index] not in _ASKING:
        return False
    return phrase[relative_index] not in ("who", "which") or relative_index == 1 or phrase[1:2] == ["out"]
