"""Who acts, who is spoken to and who tells, and how verbs agree with that."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from itertools import pairwise

from worldkit.generation.direct.wording import ARTICLE, QUOTE, is_many
from worldkit.generation.text.english import plain, third
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import Tag, tag

_PLAYER = re.compile(r"\b(?:(?i:you|your|yours|yourself|my|we|our)|I|me)\b")
_SPEAKER = re.compile(r"(?:(\S+) )?\b(?:(I)|(mine)|(?i:me|my|we|our)|us)\b")
_NO_PERSON = re.compile(r"\w+(?:-\w+)+|\b[A-Z]{2,}\b|(?<=[\w,] )(?!I\b)[A-Z]\w*")
"""An I-beam and a thank-you note, and what has a capital inside a sentence: the name of a church, or a sign."""
_POSSESSIVE = re.compile(r"\byour\b", re.IGNORECASE)
"""Says whose something is, and shows nobody: your brother's coat."""
_I = re.compile(r"\bI\b")
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|me|mine|us|(?i:my|we|our))\b")
_TAGS_BEFORE_LETTER, _TAGS_AFTER_PRONOUN = frozenset("DANM"), frozenset("IEX")
_BE_FORMS = ("is", "are", "was", "were")
_NUMBER_ONE = re.compile(r"((?<=[a-z,] )[A-Z][a-z]+|\b(?:Act|Book|Chapter|Part|Scene|Volume|War)) I\b")
_FIRST_WORD = re.compile(r"\A[^\s,.;:!?]+")
_VERB_PREFIX = re.compile(r"(?:re|un|dis|de|over|out|mis)-?(?=\w{3})")


def player_word(text: str) -> str:
    """Return the word by which the text of a picture speaks to the player, or of who tells it; empty for none."""
    match = _PLAYER.search(_POSSESSIVE.sub("", _without_quotes(text)))
    return match[0] if match else ""


def _without_quotes(text: str) -> str:
    """Return a text without what is said in it and what is a number, such as World War I."""
    text = _NUMBER_ONE.sub(r"\1", QUOTE.sub('""', text))
    before, colon, letter = _NO_PERSON.sub("", _without_letters(text)).partition(": ")
    return before + colon + _FIRST_PERSON.sub("", letter)


def _without_letters(text: str) -> str:
    """Return a text without each I that is a letter, a number or a shape, and does nothing."""
    tokens = tag(text) if _I.search(text) else []
    for number in reversed([number for number, token in enumerate(tokens) if token.text == "I"]):
        before, after = tokens[number - 1 : number], tokens[number + 1 : number + 3]
        if after and after[0].tag == "R":
            after = after[1:]
        is_letter = bool(before) and before[0].tag in _TAGS_BEFORE_LETTER
        if is_letter or not after or after[0].tag not in _TAGS_AFTER_PRONOUN or after[0].word in ("is", "has", "does"):
            text = f"{text[: tokens[number].start]}{text[tokens[number].end :]}"
    return text


def speaker(text: str, is_weak: bool) -> str:
    """Return the word by which a text speaks of who tells it; empty when it has none. A mine is none, nor is the US.

    What a strong model tells the player of is told by nobody: there, "I" is who wrote the letter that is read.
    """
    text = _without_quotes(text)
    if not is_weak and _SECOND_PERSON.search(text):
        return ""
    for match in _SPEAKER.finditer(text):
        if not match[3] or match[1] in _BE_FORMS:
            return match[0].removeprefix(f"{match[1]} ")
    return ""


def verb_phrase(text: str, who: str = "") -> str:
    """Return a phrase of what is done, begun with the plain form of its verb; empty when it begins with none.

    "The diver opens the hatch" and "to open the hatch" are "open the hatch": the hero is left out.
    """
    text = re.sub(rf"\A(?:to|you|the hero|{re.escape(who) or 'to'}) ", "", text, flags=re.IGNORECASE)
    first, space, rest = text.partition(" ")
    if first.endswith("ly") and not _plain_verb(first, rest):  # how it is done: quietly open the hatch
        first, space, rest = rest.partition(" ")
    verb = _plain_verb(first, rest)
    # step down and walk[s] on
    return _with_joined_verbs(f"{verb}{space}{rest}", ("and", "then"), "V", plain) if verb else ""


def _plain_verb(word: str, rest: str) -> str:
    """Return the plain form of a verb that a phrase begins with; empty when the word is none.

    The lexicon lacks many verbs with a prefix, such as relight, and newer ones, such as zipline: what follows tells.
    """
    words = lexicon()
    if lemmas := words.lemmas(word.lower(), "v"):
        return word.lower() if word.lower() in lemmas else lemmas[0]
    if any(words.lemmas(word.lower(), kind) for kind in ("n", "a", "r")):
        return ""
    prefix = _VERB_PREFIX.match(word.lower())
    if prefix and (lemmas := words.lemmas(word.lower()[prefix.end() :], "v")):
        base_verb = word.lower()[prefix.end() :]
        return prefix[0] + (base_verb if base_verb in lemmas else lemmas[0])
    return word if word.islower() and len(word) > 3 and ARTICLE.match(rest) else ""


def _with_joined_verbs(text: str, joints: Collection[str], form_tag: Tag, form: Callable[[str], str]) -> str:
    """Return a verb phrase with the verbs that stand behind words such as "and" in another form."""
    # behind a subject the first word is known as a verb, too
    text = f"They {text}"
    pairs = [*pairwise(tag(text))]
    for before, token in reversed(pairs):
        if before.word in joints and token.tag == form_tag and token.start > len("They "):
            text = f"{text[: token.start]}{form(token.text)}{text[token.end :]}"
    return text.removeprefix("They ")


def agreeing(verb: str, who: str) -> str:
    """Return the plain form of a verb as who acts needs it: the chefs carry, the diver carries."""
    return verb if is_many(who) else third(verb)


def acts(who: str, do: str) -> str:
    """Return a clause of what somebody does, with every verb that "and" joins as its subject needs it."""
    if is_many(who):
        return f"{who} {do}"
    do = _with_joined_verbs(do, ("and",), "I", third)
    return f"{who} {_FIRST_WORD.sub(lambda match: third(match[0]), do)}"
