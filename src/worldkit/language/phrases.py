"""Noun phrases: the words of a text that name something, with what stands before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worldkit.language.lexicon import Sense, lexicon
from worldkit.language.tagging import Token

_CONCRETE = frozenset("pagltc")


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun phrase.

    Attributes:
        first, last: The indices of its first word, article included, and of its last.
        article: What it begins with: an article, a possessor or a number; empty when with nothing.
        words: Its words in small letters, without the article.
        lemma: What it turns on, as the lexicon has it: the longest end of it that is a lemma; else its last word.
        head: How many of its last words the lemma covers.
        is_plural: Whether its last word is a plural.
        is_name: Whether it is a proper name: capitals in the middle of a sentence.
    """

    first: int
    last: int
    article: str
    words: tuple[str, ...]
    lemma: str
    head: int
    is_plural: bool
    is_name: bool

    @property
    def text(self) -> str:
        """Its words without the article."""
        return " ".join(self.words)

    @property
    def modifiers(self) -> tuple[str, ...]:
        """The words before what it turns on."""
        return self.words[: -self.head]

    @property
    def senses(self) -> tuple[Sense, ...]:
        """The senses of its lemma; none when it is unknown."""
        return lexicon().senses(self.lemma)


def noun_phrases(tokens: Sequence[Token]) -> list[NounPhrase]:
    """Return the noun phrases of a tagged text, in order.

    Args:
        tokens: What ``tag`` returns.
    """
    phrases: list[NounPhrase] = []
    at = 0
    while at < len(tokens):
        end, begin = _extent(tokens, at)
        if end > begin:
            phrases.append(_phrase(tokens, at, begin, end))
            at = end
        else:
            at += 1
    return phrases


def _extent(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """Return where a phrase that begins here ends (exclusive), and where its words begin after the article."""
    begin = at
    while begin < len(tokens) and begin - at < 3 and (tokens[begin].tag in "DM" or _is_possessive_her(tokens, begin)):
        begin += 1
    has_article = begin > at
    here, last_noun = begin, begin
    while here < len(tokens):
        tag = tokens[here].tag
        opens = has_article or here > begin
        is_joined_pair = tag == "C" and here > begin and last_noun == begin and _is_adjective_next(tokens, here)
        if tag == "N":
            last_noun = here + 1
        elif tag == "D" and here > begin and tokens[here].word.endswith(("'s", "s'")):
            if last_noun < here and tokens[here - 1].tag == "N":
                break
        elif tag == "G":
            if not opens or tokens[here - 1].tag == "N":
                break
        elif tag == "E":
            if last_noun > begin:
                break
        elif tag == "R":
            if not opens or last_noun > begin or here + 1 >= len(tokens) or tokens[here + 1].tag not in "AE":
                break
        elif tag == "A":
            if last_noun > begin:
                break
        elif not is_joined_pair and not (
            tag == "S"
            and tokens[here].word == ","
            and last_noun == begin
            and here > begin
            and _is_adjective_next(tokens, here)
        ):
            break
        here += 1
    return last_noun, begin


def _is_possessive_her(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].word == "her" and at + 1 < len(tokens) and tokens[at + 1].tag in "DNA"


def _is_adjective_next(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at - 1].tag in "AE" and tokens[at + 1].tag in "AE"


def _phrase(tokens: Sequence[Token], first: int, begin: int, end: int) -> NounPhrase:
    words = tuple(token.word.rstrip("'") for token in tokens[begin:end] if token.tag not in "SCR")
    lemma, head = lemma_of(words)
    last = tokens[end - 1]
    is_name = last.text[0].isupper() and ((end > 1 and tokens[end - 2].word not in ".!?") or end - begin > 1)
    return NounPhrase(
        first=first,
        last=end - 1,
        article=" ".join(token.word for token in tokens[first:begin]),
        words=words,
        lemma=lemma,
        head=head,
        is_plural=words[-1] != lemma.split()[-1] and words[-1] not in lexicon(),
        is_name=is_name and begin > 0,
    )


def lemma_of(words: Sequence[str]) -> tuple[str, int]:
    """Return what a phrase of these words turns on, as the lexicon has it, and how many of its last words that is."""
    known = lexicon()
    for count in range(min(3, len(words)), 0, -1):
        *before, last = words[-count:]
        for base in known.lemmas(last, "n") or (last,):
            for joint in (" ", "-", "") if before else ("",):
                candidate = joint.join([*before, base])
                if count == 1 and "n" in known.counts(candidate):
                    return candidate, 1
                if any(sense.kind in _CONCRETE for sense in known.senses(candidate)):
                    return candidate, count
    base = words[-1].rpartition("-")[2]
    return next(iter(known.lemmas(base, "n")), base), 1
