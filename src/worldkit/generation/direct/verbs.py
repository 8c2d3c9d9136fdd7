"""Verbs in what is done: a phrase that begins with one, and how they agree with who acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from worldkit.generation.direct.wording import ARTICLE, is_many
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.text.english import third
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import Tag, Token, tag

_FIRST_WORD = re.compile(r"\A[^\s,.;:!?]+")
_VERB_PREFIX = re.compile(r"(?:re|un|dis|de|over|out|mis)-?(?=\w{3})")
_AFTER_VERB = frozenset("DAPRTOGM")
"""What follows a verb, and seldom a noun after "and"."""


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
    return _with_joined_verbs(f"{verb}{space}{rest}", ("and", "then"), "V", _lemma) if verb else ""


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


def _lemma(verb: str) -> str:
    return next(iter(lexicon().lemmas(verb.lower(), "v")), verb.lower())


def _with_joined_verbs(text: str, joints: Collection[str], form_tag: Tag, form: Callable[[str], str]) -> str:
    """Return a verb phrase with the verbs that stand behind words such as "and" in another form."""
    # behind a subject the first word is known as a verb, too
    they_text = f"They {text}"
    verbs = [
        token
        for before, token in pairwise(tag(they_text))
        if before.word in joints and token.tag == form_tag and token.start > len("They ")
    ]
    return _with_forms(they_text, verbs, form).removeprefix("They ")


def _with_forms(text: str, verbs: Sequence[Token], form: Callable[[str], str]) -> str:
    """Return a text with some of its words, and nothing that stands beside them, in another form."""
    for verb in reversed(verbs):
        text = f"{text[: verb.start]}{form(verb.text)}{text[verb.end :]}"
    return text


def agreeing(verb: str, who: str) -> str:
    """Return the plain form of a verb as who acts needs it: the chefs carry, the diver carries."""
    return verb if is_many(who) else third(verb)


def acts(who: str, do: str) -> str:
    """Return a clause of what somebody does, with every verb that "and" joins as its subject needs it."""
    if is_many(who):
        return f"{who} {do}"
    do = _with_joined_verbs(do, ("and",), "I", third)
    return f"{who} {_FIRST_WORD.sub(lambda match: third(match[0]), do)}"


def with_agreement(text: str, who: str) -> str:
    """Return a text in which every verb that "and" joins agrees with its subject: she walks in and find[s] the bed."""
    if is_many(who):
        return text
    return " ".join(_agreeing(part, who) for part in sentences(text))


def _is_plain_verb(token: Token) -> bool:
    """Say whether a token is a verb in its plain form, which may be that of the past as well: put, set, cut."""
    return token.tag == "I" or (token.tag == "E" and token.word in lexicon().lemmas(token.word, "v"))


def _agreeing(part: str, who: str) -> str:
    if not part.lower().startswith(f"{who.lower()} "):
        return part
    tokens = tag(part)
    plain_verbs = []
    last_verb = ""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.word == "and" and _is_plain_verb(token) and last_verb == "V" and after.tag in _AFTER_VERB:
            plain_verbs.append(token)
        elif token.tag in "VI":
            last_verb = token.tag
    return _with_forms(part, plain_verbs, third)
