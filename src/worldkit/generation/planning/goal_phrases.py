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
from worldkit.generation.planning.deeds import KILLING_FORMS
from worldkit.generation.planning.goal_words import (
    ASIDE_WORDS,
    LEADING_WORDS,
    OBJECT_PRONOUNS,
    PARTICLES,
    POSSESSIVES,
    RELATIVE_PRONOUNS,
    SEARCH_VERBS,
    SUBJECT_PRONOUNS,
    WORD,
    WORN_ADJECTIVES,
    at_home,
    has_object,
    shortened,
    without_loose_end,
)
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.word_sets import ARTICLES, HANGING_WORDS, word_set, words
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import tag

_CLAUSE_BREAK = re.compile(
    r"[.,;:!?()\"“”…–—]|\s-\s|\b(?:before|while|but|until|because|when|whenever|every time|after|so|if|and|or|then|lest"
    r"|though|although|as(?! (?:an? )?[a-z]+(?:[.,;:!?]|$| (?:at|in|on) )))\b"
)
"""Where a clause ends; "as" a witness it goes on."""
_ASIDE_CLAUSE = re.compile(r"(\bbetween\b[^.;!?]*?), (?:who|which|whose) [^,.;!?]*,(?= and )")
_GOALS_OF_VERBS = {verb: f"learn to {verb}" for verb in word_set("goal", "abilities")} | dict.fromkeys(
    ("escape", "flee", "leave"), "find the way out"
)
"""What a verb without anything behind it sets as a goal."""
_SOFTER_VERBS = dict.fromkeys(words("goal", "softer"), "face")
_QUESTION_WORDS = word_set("goal", "asking")
_DETERMINERS = ARTICLES | POSSESSIVES | {"it", "them", "him"}
_GIVING_VERBS = word_set("goal", "giving")
_NON_VERBS = LEADING_WORDS | word_set("goal", "no_verb")
_OWN_NOUNS = word_set("goal", "own")
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
    words = _with_plain_verb([_SOFTER_VERBS.get(words[0], words[0]), *words[1:]])
    if words != ["go", "home"] and (words[0] in _NON_VERBS or len(words[0]) == 1):
        return ""
    phrase, is_cut = _with_agreement(words, context)
    words = without_loose_end(at_home(without_loose_end(phrase), context.setting))
    if len(words) > 3 and words[-2] == "to" and is_cut:
        words = without_loose_end(words[:-2])
    words = shortened(words, context.setting)
    if (is_cut or len(words) < len(clause)) and words != ["go", "home"] and not has_object(words):
        return ""
    if is_cut and len(words) > 3 and RELATIVE_PRONOUNS.isdisjoint(words) and tag(" ".join(words))[-1].tag == "E":
        words.pop()  # a letter addressed to him
    phrase_text = " ".join(words)
    return phrase_text if len(words) > 1 and clean(phrase_text) else ""


def _clause(text: str) -> str:
    # between the poets, who pay in verses, and the village
    text = _ASIDE_CLAUSE.sub(r"\1", text)
    first, *more = _CLAUSE_BREAK.split(text, maxsplit=1)
    last = re.split(r"\bbetween\b", first)[-1]
    # between the sword and the crown: this "and" holds the clause together
    if last != first and more and text[len(first) :].startswith("and "):
        return f"{first}and {_CLAUSE_BREAK.split(more[0], maxsplit=1)[0]}"
    return first


def _with_plain_verb(words: list[str]) -> list[str]:
    """Put seeking as finding, which the ending is about, getting back as recovering, and going to as reaching."""
    match words:
        case ["get", "back", *thing] | ["get", *thing, "back"] if not _DETERMINERS.isdisjoint(thing[:1]):
            return ["recover", *thing]
        case ["get" | "go", "to", *place] if not _DETERMINERS.isdisjoint(place[:1]):
            return ["reach", *place]
        case ["find", "out", "who", deed, *rest] if deed in KILLING_FORMS:
            return ["find", "out", "what", "happened", "to", *rest]
        case [verb, *rest, _] if verb in SEARCH_VERBS and "for" in rest:
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
        relative_index = max((n for n, phrase_word in enumerate(phrase) if phrase_word in RELATIVE_PRONOUNS), default=0)
        is_question = _is_question(phrase, relative_index)
        # a clause that loses its end is no clause any more
        whole_part = phrase[: relative_index or len(phrase)]
        # win her back, warn her about the trap
        is_before_end = not after or after in PARTICLES | ASIDE_WORDS or tags[at + 1] in "PTCW" or words[0] == "recover"
        is_person = word in ("him", "her") and (tags[at] == "O" or not after) and is_before_end
        is_subject = word in SUBJECT_PRONOUNS or (word == "it" and relative_index and phrase[-1] in RELATIVE_PRONOUNS)
        if not clean(word) or (is_subject and not is_question):
            return whole_part, True
        if is_subject or (word in ("me", "us", "you") and is_question):
            phrase += ["the", context.who]
        elif is_person and at == 1 and context.him:
            phrase += context.him.split()
        elif (
            word in ("it", "them")
            and (at == 1 or (is_question and phrase[-1] not in _AUXILIARY_VERBS))
            and (other := context.it if word == "it" else context.them)
        ):
            phrase += other.split()
        elif word in POSSESSIVES and after and after not in HANGING_WORDS and not is_person:
            is_end = phrase[-1] not in HANGING_WORDS | ASIDE_WORDS and phrase[-2:-1] != ["to"]
            if not ARTICLES.isdisjoint(phrase) and is_end and phrase[0] not in _GIVING_VERBS and not relative_index:
                return phrase, True
            last = at + 2 == len(words) or words[at + 2] in HANGING_WORDS - RELATIVE_PRONOUNS
            phrase += (
                ["the", "lost"]
                if phrase == ["find"] and last and after not in WORN_ADJECTIVES | _OWN_NOUNS
                else ["the"]
            )
        elif word == "it" or word in OBJECT_PRONOUNS or word in POSSESSIVES:
            # what happened to her: what happened
            return phrase if is_question and phrase[-1] in HANGING_WORDS else whole_part, True
        elif word != "own" or phrase[-1] != "the":
            phrase.append(word)
    return phrase, False


_AUXILIARY_VERBS = frozenset(["do", "does", "did", "done", "is", "was", "are", "were"])
"""Verbs after which "it" is no thing: who did it."""


def _is_question(phrase: list[str], relative_index: int) -> bool:
    """Say whether a clause is what is asked, and not about a noun before it: find out who, and no man who."""
    if not relative_index or phrase[relative_index] not in _QUESTION_WORDS:
        return False
    return phrase[relative_index] not in ("who", "which") or relative_index == 1 or phrase[1:2] == ["out"]
