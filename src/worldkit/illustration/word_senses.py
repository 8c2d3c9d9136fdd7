"""Words that name a thing in one text and none in another: "a queue" and "they queue", "the bank" and "a bank of hay".

The parts of speech are guessed only for texts that hold a word which is often a verb, and a guess counts only where
what follows suits a verb: it is made for premises, and takes "copper pans" for a deed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from worldkit.illustration.word_tables import tables
from worldkit.language.tagging import Token, tag


@cache
def _word_set(name: str) -> frozenset[str]:
    return frozenset(tables()["senses"][name].split(", "))


def is_measure(words: Sequence[str], index: int) -> bool:
    """Return whether a word only says how much there is, as "bank" in "a bank of hay", not in "the bank of the river".

    Args:
        words: The words of a text.
        index: The place of the word.
    """
    return (
        words[index] in _word_set("measures")
        and words[index + 1 : index + 2] == ("of",)
        and not _word_set("articles").intersection(words[index + 2 : index + 3])
    )


def other_senses_in(text: str) -> Mapping[str, tuple[bool, ...]]:
    """Return for words of two senses whether each occurrence is one that is not drawn.

    Args:
        text: The text as it is written.
    """
    words_of_two_senses = _word_set("verbs") | _word_set("modifiers") | _word_set("body")
    if words_of_two_senses.isdisjoint(_LETTERS.findall(text.lower())):
        return {}
    senses: dict[str, list[bool]] = {}
    tokens = tag(text)
    for index, token in enumerate(tokens):
        word = token.word.removesuffix("'s")
        if word in words_of_two_senses:
            senses.setdefault(word, []).append(_is_other_sense(tokens, index, word))
    return {word: tuple(flags) for word, flags in senses.items()}


def _is_other_sense(tokens: Sequence[Token], index: int, word: str) -> bool:
    if word in _word_set("verbs"):
        return _is_deed(tokens, index)
    before = tokens[index - 1].word if index else ""
    if word in _word_set("body") and (before in _word_set("owners") or before.endswith(("'s", "s'"))):
        return True
    return word in _word_set("modifiers") and _is_modifier(tokens, index)


_QUOTATION = re.compile('"[^"]{1,200}"|\u201c[^\u201d]{1,200}\u201d')
_INSCRIPTION = re.compile(
    r"\b(?:chalked|headed|inscribed|labell?ed|lettered|marked|painted|printed|read|reading|reads|said|saying|says|signs?|"
    r"stamped|titled|words?)\b[^.!?]{1,120}"
)
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")


def without_inscriptions(text: str) -> str:
    """Return a text without what is only written or said in it, as GLOVES in "a drawer labelled GLOVES".

    Args:
        text: The text as it is written; one that is mostly in quotes stays as it is.
    """
    quoted_size = sum(len(match.group()) for match in _QUOTATION.finditer(text))
    if 2 * quoted_size <= len(text):
        text = _QUOTATION.sub(" - ", text)
    return _INSCRIPTION.sub(lambda part: _CAPITALS.sub("-", part.group()), text)


_LETTERS = re.compile("[a-z]+")


def _is_modifier(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a word only says of what or like what the next noun is: "a giant clam", "the oak beam"."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is None or tokens[index].word.endswith("'s"):
        return False
    if tokens[index].word in _word_set("beings") and after.word.endswith("s"):
        return False  # "the giant sleeps" is taken for a noun
    return after.tag == "N" and after.word not in _word_set("grown")


_OBJECT_TAGS = frozenset("DORT")
_SUBJECTS = frozenset({"children", "i", "men", "people", "they", "we", "who", "women", "you"})


def _is_deed(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if before is None or after is None:
        return False
    is_followed = after.tag in _OBJECT_TAGS or (after.tag == "P" and after.word not in ("of", "as", "in", "with", "on"))
    if token.tag == "G":
        return after.tag == "D" and before.tag != "D"
    if token.tag in "VE":
        return is_followed
    can_act = before.tag in "TX" or before.word in _SUBJECTS or (before.tag == "N" and before.word.endswith("s"))
    return token.tag == "I" and can_act and (is_followed or before.tag in "TX")
