"""Words that no text of a picture may have: of absence, of white, and of killing where somebody is killed.

A guard is shot, but a door shoots open, and an engine is killed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from worldkit.generation.direct.wording import bare
from worldkit.generation.text.constraints import FORBIDDEN
from worldkit.generation.text.english import capital, without_hanging_end
from worldkit.language.phrases import NounPhrase, noun_phrases
from worldkit.language.tagging import Token, tag
from worldkit.ruleset.vocabulary import LETHAL

_PARTICLES = frozenset(("down", "up", "off"))
"""What stands behind a verb that somebody is the object of, and leads somewhere before anything else."""
_AIMS = frozenset(("at", "on", "dead", "by"))
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "gets", "get"))
_ENDS = frozenset("SC")
_IDLE_NEGATIONS = tuple(
    (re.compile(rf"\b{pattern}", re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"no (?:less|fewer) than\b", "fully"),
        (r"no(?:ne)? other than\b", "indeed"),
        (r"no (\w+er|more)(?= than\b)", r"barely \1"),
        (r"no sooner\b([^.!?;]{0,80}?) than\b", r"hardly\1 when"),
        (r"(?:no|without(?: an?y?)?) doubt\b", "surely"),
        (r"no matter (how|what|when|where|which|who)\b", r"\1ever"),
        (r"no\. ?(?=\d)", "number "),
        (r"nothing but\b", "only"),
        (r"not far from\b", "close to"),
        (r"never[- ]ending\b", "endless"),
    )
)
"""What has a word of absence and says that nothing is absent, and how it is said without that word."""


def forbidden_words(text: str, *, by_sense: bool = False) -> list[str]:
    """Return the words of a text that no text of a picture may have: of absence, of white, of killing.

    By sense, a word of killing that kills nobody is none; where the hero stays, the rules forbid it as a word.
    """
    found_words = [word for vocabulary in FORBIDDEN for word in vocabulary.words(text)]
    if not by_sense:
        return found_words
    words_that_kill = deadly_words(text)
    return [word for word in found_words if not LETHAL.words(word) or word in words_that_kill]


def without_idle_negations(text: str) -> str:
    """Return a text that says without a word of absence what such a word is in, but denies nothing.

    The rules forbid the words in any sense.

    Example:
        >>> without_idle_negations("A spark, no larger than a grain of rice. No sooner has she turned than it is out.")
        'A spark, barely larger than a grain of rice. Hardly has she turned when it is out.'
    """
    for pattern, replacement in _IDLE_NEGATIONS:
        text = pattern.sub(lambda match, new=replacement: _in_case_of(match[0], match.expand(new)), text)
    return text


def _in_case_of(text: str, replacement: str) -> str:
    return capital(replacement) if text[0].isupper() else replacement


def allowed_name(text: str) -> str:
    """Return a name without the words that no text of a picture may have: the shooting instructor, the instructor."""
    while words := forbidden_words(text):
        before, _, after = text.partition(words[0])
        text = without_hanging_end(before if bare(f"{before.strip()} ").strip() else f"{before}{after.lstrip()}")
    return text


def deadly_words(text: str) -> list[str]:
    """Return the words of killing by which somebody is killed or shot at in a text, or may be, each once.

    Example:
        >>> deadly_words("The door shoots open. She kills the lights. He shoots the guard a look.")
        []
        >>> deadly_words("They shoot at the door, and the guard is killed.")
        ['shoot', 'killed']
    """
    matches = list(LETHAL.pattern.finditer(text))
    if not matches:
        return []
    tokens = tag(text)
    indices = {token.start: index for index, token in enumerate(tokens)}
    phrases = noun_phrases(tokens)
    words = (match[0] for match in matches if _is_deadly(match, tokens, phrases, indices.get(match.start())))
    return list(dict.fromkeys(words))


def _is_deadly(match: re.Match[str], tokens: Sequence[Token], phrases: Sequence[NounPhrase], index: int | None) -> bool:
    if index is None:
        return True
    word = match[0].lower()
    before = next((phrase for phrase in reversed(phrases) if phrase.last < index), None)
    is_of_somebody = before is None or _is_somebody(before, tokens)
    if " " in word:  # a letter lying on the ground; gunned down
        return is_of_somebody if word.startswith("lying") else True
    inside = next((phrase for phrase in phrases if phrase.first <= index <= phrase.last), None)
    if inside and index < inside.last:
        return False  # a shooting star
    at = _past_adverbs(tokens, index + 1)
    has_object = any(phrase.first == at for phrase in phrases) or (at < len(tokens) and tokens[at].tag == "O")
    if word.endswith("ed") and (not has_object or tokens[index - 1].word in _BE):
        return is_of_somebody  # the engine is killed, and so was a soldier killed in the war
    if word == "execution":
        return not (tokens[at : at + 1] and tokens[at].word == "of" and not _names_somebody(tokens, phrases, at + 1))
    if inside and word.startswith("shoot"):
        return False  # green shoots
    if at >= len(tokens) or tokens[at].tag in _ENDS or tokens[at].word in _AIMS:
        return True
    if _names_somebody(tokens, phrases, at):
        end = next((phrase.last for phrase in phrases if phrase.first == at), at)
        return not _begins_thing(tokens, phrases, end + 1)  # shoots the guard a look
    if tokens[at].word in _PARTICLES:
        return _names_somebody(tokens, phrases, at + 1)
    return not (has_object or word.startswith("shoot"))


def _past_adverbs(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].tag == "R" and tokens[at].word.endswith("ly"):
        at += 1
    return at


def _names_somebody(tokens: Sequence[Token], phrases: Sequence[NounPhrase], at: int) -> bool:
    """Say whether somebody is named at a place: by a pronoun, or by a phrase that begins there."""
    if phrase := next((phrase for phrase in phrases if phrase.first == at), None):
        return _is_somebody(phrase, tokens)
    return at < len(tokens) and tokens[at].tag == "O"


def _begins_thing(tokens: Sequence[Token], phrases: Sequence[NounPhrase], at: int) -> bool:
    phrase = next((phrase for phrase in phrases if phrase.first == at), None)
    return phrase is not None and bool(phrase.article) and not _is_somebody(phrase, tokens)


def _is_somebody(phrase: NounPhrase, tokens: Sequence[Token]) -> bool:
    kinds = [sense.kind for sense in phrase.senses[:2]]
    has_capital = tokens[phrase.last].text[0].isupper()
    # Tam and Rose are words, too: inside a text, and without an article, they are names
    is_name = has_capital and (not kinds or (phrase.first > 0 and not phrase.article))
    return is_name or any(kind in "pag" for kind in kinds)
