"""What a console answers without a language model: the recorded fact that best fits the words typed.

Only facts whose flags are held are looked at, so a withheld one can neither be quoted nor guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from worldkit.core.json_values import Json
from worldkit.playing.console import NO_RECORD, Console

_WORD = re.compile(r"\w+")
_ALL = frozenset({"help", "list", "menu", "facts", "records", "everything"})
_COMMON_TEXT = """
a about an and any are as at be can do does did for from had has have he her him his how i in is it its me my of on or
our please she so tell that the their them then there they this to us was we were what when where which who why will
with you your know show say said
"""
_COMMON = frozenset(_COMMON_TEXT.split())


def answer(facts: Sequence[str], question: str) -> str:
    """Return what a console says to a question.

    Args:
        facts: What it may say now.
        question: The words typed. Asked for help, or for nothing in particular, it lists what it may say.

    Returns:
        The fact that shares most words with the question, the earlier one of two that fit as well; or that
        there is no record.
    """
    words = _words(question)
    if not words - _ALL and (not _WORD.search(question) or words & _ALL):
        return "\n".join(facts) or NO_RECORD
    best, most = NO_RECORD, 0.0
    for fact in facts:
        score = _score(words, _words(fact))
        if score > most:
            best, most = fact, score
    return best


def spoken(opened: Console) -> Json:
    """Return an open console as the player widget shows it, each question with its own answer."""
    shown = opened.to_dict()
    log, question = [], ""
    for who, text in opened.log:
        if who == "you":
            question = text
        log.append({"who": who, "text": text if who == "you" else answer(opened.facts, question)})
    return {**shown, "log": log}


def _words(text: str) -> set[str]:
    return {
        word for word in _WORD.findall(text.casefold()) if word not in _COMMON and (len(word) > 1 or word.isdigit())
    }


def _score(asked: set[str], said: set[str]) -> float:
    exact = len(asked & said)
    near = sum(any(_alike(word, other) for other in said) for word in asked - said)
    return exact + 0.5 * near


def _alike(a: str, b: str) -> bool:
    """Say whether two words share their stem, near enough: "lock" and "locked", "keeper" and "keepers"."""
    short, long = sorted((a, b), key=len)
    return len(short) >= 4 and long.startswith(short[: max(4, len(short) - 2)]) and len(long) - len(short) <= 4
