"""What a console answers without a language model: the recorded fact that best fits the words typed.

Only facts whose flags are held are looked at, so a withheld one can neither be quoted nor guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from worldkit.core.json_values import Json
from worldkit.playing.console import NO_RECORD, Console

_WORD = re.compile(r"\w+")
_OVERVIEW_WORDS = frozenset({"help", "list", "menu", "facts", "records", "everything"})
_COMMON_TEXT = """
a about an and any are as at be can do does did for from had has have he her him his how i in is it its me my of on or
our please she so tell that the their them then there they this to us was we were what when where which who why will
with you your know show say said
"""
_COMMON_WORDS = frozenset(_COMMON_TEXT.split())


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
    if not words - _OVERVIEW_WORDS and (not _WORD.search(question) or words & _OVERVIEW_WORDS):
        return "\n".join(facts) or NO_RECORD
    best, best_score = NO_RECORD, 0.0
    for fact in facts:
        score = _score(words, _words(fact))
        if score > best_score:
            best, best_score = fact, score
    return best


def record_voice(open_console: Console, question: str) -> str:
    """Answer for a console with the recorded fact that fits best; see ``answer``."""
    return answer(open_console.facts, question)


def console_json(console: Console, pending: str = "") -> Json:
    """Return an open console as the player widget shows it.

    Args:
        pending: A question that is not answered yet.
    """
    body = console.to_dict()
    return {**body, "pending": pending}


def _words(text: str) -> set[str]:
    return {
        word
        for word in _WORD.findall(text.casefold())
        if word not in _COMMON_WORDS and (len(word) > 1 or word.isdigit())
    }


def _score(question_words: set[str], fact_words: set[str]) -> float:
    exact = len(question_words & fact_words)
    near = sum(any(_same_stem(word, other) for other in fact_words) for word in question_words - fact_words)
    return exact + 0.5 * near


def _same_stem(a: str, b: str) -> bool:
    """Say whether two words share their stem, near enough: "lock" and "locked", "keeper" and "keepers"."""
    short, long = sorted((a, b), key=len)
    return len(short) >= 4 and long.startswith(short[: max(4, len(short) - 2)]) and len(long) - len(short) <= 4
