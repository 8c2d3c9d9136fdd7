"""The English lexicon: what a word can mean, what sort of thing that is, and what it is a kind of.

The data is a digest of Princeton's WordNet 3.1 (``data/language``, with its licence), which ``scripts/lexicon.py``
writes. It has two parts with an empty line between them. A line of the first is a sense: a letter for its class and the
numbers of the senses that it is a kind of. A line of the second is a lemma: how often it is which part of speech
(``n23v3``), its senses as a noun and as a verb with how often each was counted in a corpus (``17:25 403``), the most
frequent first, and what it is an irregular form of (``=nleaf``); or that alone.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple, get_args

PartOfSpeech = Literal["n", "v", "a", "r"]
SenseClass = Literal["p", "a", "g", "l", "t", "c", "f", "m", "x", "v"]
"""Person, animal, group of those, place, thing, what is said or written, natural event, time, abstract, verb."""

_COUNT = re.compile(r"([nvar])(\d+)")
_IRREGULAR = re.compile(r"=[nvar]\S+")
_NOUN_ENDINGS: tuple[tuple[str, str], ...] = (
    ("ies", "y"),
    ("ves", "f"),
    ("ves", "fe"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("xes", "x"),
    ("sses", "ss"),
    ("zes", "z"),
    ("ses", "s"),
    ("oes", "o"),
    ("men", "man"),
    ("s", ""),
)
_VERB_ENDINGS = {
    "s": (("ies", "y"), ("es", "e"), ("es", ""), ("s", "")),
    "ed": (("ied", "y"), ("ed", "e"), ("ed", "")),
    "ing": (("ing", "e"), ("ing", "")),
}
_DOUBLED_CONSONANT = re.compile(r"[aeiouy](\w)\1\Z")
"""How a verb whose last letter was doubled ends before its ending: stopp, but not beltt."""
_IMPOSSIBLE_ENDING = re.compile(r"(?:e|[^aeiou]y)\+ed\Z|[^sxzho]\+es\Z")
"""Where a verb changes before an ending, or has a shorter one: neither fileed nor spyed, and no calles."""


class Sense(NamedTuple):
    """One meaning of a word.

    Attributes:
        id: Its number in the lexicon.
        frequency: How often it was counted in WordNet's corpus; 0 for most.
    """

    id: int
    kind: SenseClass
    frequency: int


class Lexicon:
    """The lexicon.

    Args:
        text: The data.
    """

    def __init__(self, text: str) -> None:
        senses, _, lemmas = text.partition("\n\n")
        self._senses = senses.split("\n")
        self._lemmas: dict[str, str] = dict(line.split("\t", 1) for line in lemmas.splitlines())
        self._ancestors: dict[int, frozenset[int]] = {}
        self._base_forms = lru_cache(maxsize=65536)(lambda form, pos: tuple(dict.fromkeys(self._candidates(form, pos))))

    def __contains__(self, lemma: str) -> bool:
        return not self._lemmas.get(lemma, "=").startswith("=")

    def counts(self, lemma: str) -> dict[PartOfSpeech, int]:
        """Return how often a lemma is which part of speech; empty when it is unknown."""
        line = self._lemmas.get(lemma, "=")
        if line.startswith("="):
            return {}
        return {pos: int(count) for pos, count in _COUNT.findall(line.partition("\t")[0])}

    def _is(self, lemma: str, pos: PartOfSpeech) -> bool:
        line = self._lemmas.get(lemma, "=")
        return not line.startswith("=") and pos in line.partition("\t")[0]

    def senses(self, lemma: str, pos: PartOfSpeech = "n") -> tuple[Sense, ...]:
        """Return the senses of a lemma, the most frequent first; only nouns and verbs have any here."""
        line = self._lemmas.get(lemma, "=")
        fields = line.split("\t")
        column = {"n": 1, "v": 2}.get(pos, 9)
        if line.startswith("=") or len(fields) <= column:
            return ()
        pairs = (each.partition(":") for each in fields[column].split())
        return tuple(Sense(int(id), self._senses[int(id)][0], int(count or 0)) for id, _, count in pairs)  # type: ignore[arg-type]

    def lemmas(self, form: str, pos: PartOfSpeech) -> tuple[str, ...]:
        """Return the base forms that a word in small letters may be a form of, itself among them when it is one."""
        return self._base_forms(form, pos)

    def knows(self, form: str) -> bool:
        """Say whether a word in small letters is a form of any lemma."""
        return any(self.lemmas(form, pos) for pos in get_args(PartOfSpeech))

    def _candidates(self, form: str, pos: PartOfSpeech) -> Iterator[str]:
        if self._is(form, pos):
            yield form
        line = self._lemmas.get(form, "")
        if "=" in line and (irregular := [base[2:] for base in _IRREGULAR.findall(line) if base[1] == pos]):
            yield from (base for base in irregular if self._is(base, pos))
            return
        if pos == "n" and len(form) > 3 and form.endswith(("s", "men")) and not form.endswith(("ss", "us", "is")):
            yield from self._without_ending(form, _NOUN_ENDINGS, pos)
        elif pos == "v" and len(form) > 3:
            for ending, rules in _VERB_ENDINGS.items():
                # to seed is a verb, and no form of to see
                if form.endswith(ending) and not (ending == "ed" and self._is(form, pos)):
                    yield from self._without_ending(form, rules, pos)
                    stem = form.removesuffix(ending)
                    if ending != "s" and _DOUBLED_CONSONANT.search(stem) and self._is(stem[:-1], "v"):
                        yield stem[:-1]

    def _without_ending(self, form: str, rules: tuple[tuple[str, str], ...], pos: PartOfSpeech) -> Iterator[str]:
        for ending, replacement in rules:
            base = form.removesuffix(ending) + replacement
            if form.endswith(ending) and self._is(base, pos):
                if replacement or not _IMPOSSIBLE_ENDING.search(f"{base}+{ending}"):
                    yield base
                return

    def parents(self, sense: int) -> tuple[int, ...]:
        """Return the senses that a sense is a kind of at one remove."""
        parent_ids = self._senses[sense][1:]
        return tuple(map(int, parent_ids.split(","))) if parent_ids else ()

    def ancestors(self, sense: int) -> frozenset[int]:
        """Return the senses that a sense is a kind of, at any remove."""
        ancestor_ids = self._ancestors.get(sense)
        if ancestor_ids is None:
            new_ids: set[int] = set()
            for parent in self.parents(sense):
                new_ids |= {parent} | self.ancestors(parent)
            ancestor_ids = self._ancestors[sense] = frozenset(new_ids)
        return ancestor_ids

    @cached_property
    def _names(self) -> dict[int, list[str]]:
        names: dict[int, list[str]] = {}
        for lemma in self._lemmas:
            for pos in ("n", "v"):
                for sense in self.senses(lemma, pos):
                    names.setdefault(sense.id, []).append(lemma)
        return names

    def names(self, sense: int) -> tuple[str, ...]:
        """Return the lemmas that have a sense; the first call takes a third of a second."""
        return tuple(self._names.get(sense, ()))


@cache
def lexicon() -> Lexicon:
    """Return the lexicon; the first call takes a tenth of a second."""
    data = files("worldkit").joinpath("data", "language", "lexicon.txt.xz").read_bytes()
    return Lexicon(lzma.decompress(data).decode("utf-8"))
