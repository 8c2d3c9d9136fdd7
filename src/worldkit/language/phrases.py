"""Noun phrases: the words of a text that name something, with what stands before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worldkit.language.lexicon import Sense, lexicon
from worldkit.language.tagging import Token
from worldkit.language.word_sets import word_set

CONCRETE_KINDS = frozenset("pagltc")
"""Classes of senses that can be seen: people, animals, groups, places, things, what is written."""


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
        is_name: Whether it is a proper name: capitals in the middle of a sentence, or at its start a word without an
            article that is no noun.
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
        end, words_start, unread = _extent(tokens, at)
        if end > words_start:
            phrases.append(_phrase(tokens, at, words_start, end))
            at = end
        else:
            # without a noun up to there, there is none from a later word on, but for what its articles could reach
            at = max(at + 1, unread - _MAX_ARTICLES)
    return phrases


_MAX_ARTICLES = 3
"""Words before a noun that are articles, possessors or numbers: in "all the three kings"."""


def _extent(tokens: Sequence[Token], at: int) -> tuple[int, int, int]:
    """Return where a phrase that begins here ends (exclusive), where its words begin, and which was not looked at."""
    words_start = at
    while (
        words_start < len(tokens)
        and words_start - at < _MAX_ARTICLES
        and (tokens[words_start].tag in "DM" or _is_possessive_her(tokens, words_start))
    ):
        words_start += 1
    has_article = words_start > at
    position, last_noun = words_start, words_start
    while position < len(tokens):
        tag = tokens[position].tag
        is_inside_phrase = has_article or position > words_start
        is_joined_pair = (
            tag == "C" and position > words_start and last_noun == words_start and _is_adjective_next(tokens, position)
        )
        if tag == "N":
            if position > words_start and _is_verb_of_name(tokens, position):
                break
            last_noun = position + 1
        elif tag == "D" and position > words_start and tokens[position].word.endswith(("'s", "s'")):
            if last_noun < position and tokens[position - 1].tag == "N":
                break
        elif tag == "G":
            if not is_inside_phrase or tokens[position - 1].tag == "N":
                break
        elif tag == "E":
            if last_noun > words_start:
                break
        elif tag == "R":
            if (
                not is_inside_phrase
                or last_noun > words_start
                or position + 1 >= len(tokens)
                or tokens[position + 1].tag not in "AE"
            ):
                break
        elif tag == "A":
            if last_noun > words_start:
                break
        elif not is_joined_pair and not (
            tag == "S"
            and tokens[position].word == ","
            and last_noun == words_start
            and position > words_start
            and _is_adjective_next(tokens, position)
        ):
            break
        position += 1
    return last_noun, words_start, position


def _is_verb_of_name(tokens: Sequence[Token], at: int) -> bool:
    """Say whether what looks like a noun is what somebody does: escape, in "help Zelda escape"."""
    counts = lexicon().counts(tokens[at].word)
    is_inside = at > 1 and tokens[at - 2].word not in ".!?"
    before = tokens[at - 1]
    # a Dutch spy does not spy
    is_name_before = before.tag == "N" and before.text[0].isupper() and tokens[at].text[0].islower()
    return is_inside and is_name_before and counts.get("v", 0) > counts.get("n", 0)


def _is_possessive_her(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].word == "her" and at + 1 < len(tokens) and tokens[at + 1].tag in "DNA"


def _is_adjective_next(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at - 1].tag in "AE" and tokens[at + 1].tag in "AE"


def _phrase(tokens: Sequence[Token], first: int, words_start: int, end: int) -> NounPhrase:
    words = tuple(token.word.rstrip("'") for token in tokens[words_start:end] if token.tag not in "SCR")
    lemma, head = lemma_of(words)
    last_token = tokens[end - 1]
    # "the King" and "the Bastille" are the king and a bastille
    is_common_noun = first < words_start == end - 1 and (
        "n" in lexicon().counts(lemma) or tokens[words_start - 1].word in ("a", "an")
    )
    is_name = (
        not is_common_noun
        and last_token.text[0].isupper()
        and (
            (words_start > 0 and ((end > 1 and tokens[end - 2].word not in ".!?") or end - words_start > 1))
            or _is_initial_name(tokens, first, end, lemma)
        )
    )
    return NounPhrase(
        first=first,
        last=end - 1,
        article=" ".join(token.word for token in tokens[first:words_start]),
        words=words,
        lemma=lemma,
        head=head,
        is_plural=lemma.split()[-1] not in (words[-1], words[-1].rpartition("-")[2])
        and (words[-1] not in lexicon() or _means_people(words[-1])),
        is_name=is_name,
    )


def _is_initial_name(tokens: Sequence[Token], first: int, end: int, lemma: str) -> bool:
    """Say whether the phrase that opens a sentence is a name, where every first word has a capital.

    It is one when no word of it is known as a noun, or when "and" joins it to a name: Maria, in "Maria and Tom".
    """
    words = tokens[first:end]
    if first and tokens[first - 1].word not in ".!?":
        return False
    has_capitals = all(token.text[0].isupper() for token in words)
    if len(words) > 1 or not has_capitals:
        return has_capitals or (len(words) > 1 and words[0].text[0].islower())  # princess Lily
    word = words[0].word
    if word in word_set("given_names"):
        return True
    joined_token = tokens[end + 1] if end + 1 < len(tokens) and tokens[end].word == "and" else None
    if joined_token and (joined_token.text[0].isupper() or joined_token.word in ("his", "her")):
        return True
    known_forms = (lemma, lemma.rpartition("-")[2], word)
    is_known = any(lexicon().counts(form) or lexicon().lemmas(form, "n") for form in known_forms)
    return not is_known and "-" not in word and not word.endswith(COMMON_ENDINGS)


COMMON_ENDINGS = ("er", "or", "ist", "man", "men", "woman", "women", "keeper", "smith", "wright", "bot", "s")
"""How words for people end that no lexicon knows, and their plurals."""


def _means_people(plural: str) -> bool:
    """Say whether a plural that the lexicon lists by itself means people first: twins, and no glasses."""
    return plural != _singular_person(plural)


def _singular_person(plural: str) -> str:
    """Return what one of those is called whom a plural means; the word itself where it means nobody."""
    words = lexicon()
    bases = [base for base in words.lemmas(plural, "n") if base != plural]
    return next((base for base in bases if any(sense.kind == "p" for sense in words.senses(base)[:1])), plural)


def lemma_of(words: Sequence[str]) -> tuple[str, int]:
    """Return what a phrase of these words turns on, as the lexicon has it, and how many of its last words that is."""
    vocabulary = lexicon()
    for count in range(min(3, len(words)), 0, -1):
        *modifiers, noun = words[-count:]
        single = _singular_person(noun)
        for base in (single,) if single != noun else vocabulary.lemmas(noun, "n") or (noun,):
            for joint in (" ", "-", "") if modifiers else ("",):
                candidate = joint.join([*modifiers, base])
                if count == 1 and "n" in vocabulary.counts(candidate):
                    return candidate, 1
                if any(sense.kind in CONCRETE_KINDS for sense in vocabulary.senses(candidate)):
                    return candidate, count
    base = words[-1].rpartition("-")[2]
    return next(iter(vocabulary.lemmas(base, "n")), base), 1
