"""Words that no text of a picture may have: of absence, of white, and of killing where the hero stays."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from worldkit.generation.direct.wording import bare, phrase, plain
from worldkit.generation.text.data import read_typed
from worldkit.generation.text.english import capital, without_hanging_end
from worldkit.language.tagging import tag
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT

_ECHO = re.compile(
    # as a refusal begins, or stands behind the name of the text: p1.base: it does not name the mill
    r"(?:\A|[:.] )it (?:does not (?:name|repeat|show)|repeats (?:the worked|what|['\"])|names an id"
    r"|is the same as|is no (?:sentence|camera)|says ['\"]|asks, and|shows [^.;]*, which does not belong here"
    r"|is about [^.;]*, which is another place|has \d+ char)"
    r"|\bread(?:s|ing)? under (?:the|that|this) title\b|\bsubtitle (?:for|of) the story\b|\bit comes of this\b"
    r"|\bthe story is (?:won|lost|over)\b"
    r"|\bthis cannot be taken|\byou wrote:|\byou were told\b|\((?:gets|leads to|stays here|the story is)\b",
    re.IGNORECASE,
)
_IDLE_NEGATIONS = read_typed(dict[str, str], "word_lists.toml", "direct", "idle_negations")
_OPEN_TAGS = frozenset("GISVW")
"""Tags of verbs, and of what stands between them and their noun: who, and marks."""


def forbidden_words(text: str, *, may_kill: bool = False) -> list[str]:
    """Return the words of a text that no picture may have: of absence, of white, and of killing where they count."""
    vocabularies = (NEGATION, WHITEOUT) if may_kill else (NEGATION, WHITEOUT, LETHAL)
    return [word for vocabulary in vocabularies for word in vocabulary.words(text)]


def visible_phrase(value: Any, longest: int, names: Collection[str] = (), *, may_kill: bool = False) -> str:
    """Return a phrase of something that is there and that a rule allows, else nothing; also nothing of the question."""
    text = without_idle_negations(phrase(value, longest, names))
    return "" if forbidden_words(text, may_kill=may_kill) or repeats_question(text) else text


def forbidden_reason(value: Any) -> str:
    """Return why a text cannot be shown, to be put behind what was expected; empty where it can."""
    words = forbidden_words(without_idle_negations(plain(value)))
    return f"; it says {words[0]!r}, and a picture shows what is named" if words else ""


def repeats_question(text: str) -> bool:
    """Say whether a text repeats the reason of a refusal, or the form of a question, as weak models do."""
    return _ECHO.search(text) is not None


def without_idle_negations(text: str) -> str:
    """Return a text that says without a word of absence what such a word is in, but denies nothing.

    The rules forbid the words in any sense.

    Example:
        >>> without_idle_negations("A spark, no larger than a grain of rice. No sooner has she turned than it is out.")
        'A spark, barely larger than a grain of rice. Hardly has she turned when it is out.'
    """
    for pattern, replacement in _IDLE_NEGATIONS.items():
        text = re.sub(rf"\b{pattern}", replacement, text)
        text = re.sub(rf"\b{capital(pattern)}", capital(replacement), text)
    return text


def allowed_name(text: str) -> str:
    """Return a name without the words that no text of a picture may have: the shooting instructor, the instructor."""
    while words := forbidden_words(text):
        before, _, after = text.partition(words[0])
        is_kept = bool(bare(f"{before.strip()} ").strip())
        text = without_hanging_end(_without_open_verb(before) if is_kept else f"{before}{after.lstrip()}")
    return text


def _without_open_verb(text: str) -> str:
    """Return the beginning of a name without a verb at its end, whose object was cut off: people paying, who pay."""
    tokens = tag(text)
    end = len(tokens)
    while end > 1 and tokens[end - 1].tag in _OPEN_TAGS:
        end -= 1
    return text[: tokens[end - 1].end] if end < len(tokens) else text
