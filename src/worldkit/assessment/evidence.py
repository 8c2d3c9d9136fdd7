"""Which names of a premise stand in a world, and where: the part of quality called *premise*.

Read is what a player meets: ids and names, bases, narration, events, hints, endings, missions. The world's name, its
description and its logline are not: they repeat the premise, whatever the world makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from worldkit.assessment.names import Name, Premise, Role
from worldkit.assessment.premise import read_premise
from worldkit.core.document import Document
from worldkit.core.json_values import Json
from worldkit.core.prose import prose_of
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import tag
from worldkit.language.text_units import SENTENCE, words_in
from worldkit.language.word_sets import word_set

Match = Literal["same", "synonym", "kind", "head"]
"""How a text names it: by the same word, by a synonym, as a kind of it (a terrier is a dog), or by its last word alone
(the store, for a department store)."""
_RANK: Mapping[Match, int] = {"same": 0, "synonym": 1, "kind": 2, "head": 3}
MAX_QUOTED_EVIDENCE = 4
"""Evidence that is kept for a name."""
_UNREAD_FIELDS = frozenset({"name", "description", "styleTail", "story"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a world that names something.

    Attributes:
        key: The place: the key of a text, such as ``"state[lane].base"``; ``"state[lane]"`` for an id and
            ``"event[climb]"`` for a name.
        sentence: The sentence there, or the id or name.
        word: The words that name it.
        match: How.
    """

    key: str
    sentence: str
    word: str
    match: Match

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class KeptName:
    """A name of the premise that stands in the world.

    Attributes:
        evidence: Where; the closest matches first, at most four.
    """

    name: Name
    evidence: tuple[Evidence, ...]

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {**self.name.to_dict(), "evidence": [each.to_dict() for each in self.evidence]}

    def __repr__(self) -> str:
        return f"KeptName({self.name.phrase!r}, in {self.evidence[0].key})"

    def __str__(self) -> str:
        first = self.evidence[0]
        return f"{self.name.role}: {self.name.phrase} (as “{first.word}” in {first.key})"


@dataclass(frozen=True, slots=True)
class PremiseCheck:
    """What of a premise stands in a world.

    Attributes:
        premise: What the premise names.
        kept: The names that stand in the world, each with where.
        missed: Those that do not.
    """

    premise: Premise
    kept: tuple[KeptName, ...]
    missed: tuple[Name, ...]

    def share(self, role: Role | None = None) -> float | None:
        """Return which share of the names is kept, of one role or of all; None when the premise names none."""
        kept_count = sum(role in (None, each.name.role) for each in self.kept)
        total = kept_count + sum(role in (None, name.role) for name in self.missed)
        return kept_count / total if total else None

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {
            "text": self.premise.text,
            "kept": [each.to_dict() for each in self.kept],
            "missed": [name.to_dict() for name in self.missed],
        }


def check_premise(world: Document, premise: str | Premise) -> PremiseCheck:
    """Return what of a premise stands in a world.

    Args:
        world: The world; it is only read.
    """
    names_in_premise = read_premise(premise) if isinstance(premise, str) else premise
    texts = list(_texts(world))
    grams = _index(texts)
    kept_names, missed_names = [], []
    for name in names_in_premise.names:
        search = _task_evidence if name.role == "task" else _noun_evidence
        closest_evidence = tuple(
            sorted(search(name, texts, grams), key=lambda each: _RANK[each.match])[:MAX_QUOTED_EVIDENCE]
        )
        if closest_evidence:
            kept_names.append(KeptName(name, closest_evidence))
        else:
            missed_names.append(name)
    return PremiseCheck(names_in_premise, tuple(kept_names), tuple(missed_names))


def restored_check(premise: str, check_data: Mapping[str, Any]) -> PremiseCheck | None:
    """Return a check from what it wrote; None when that fits no reading of the premise, as of another release.

    Args:
        check_data: ``kept`` and ``missed``, as ``PremiseCheck.to_dict`` writes them.
    """
    names_in_premise = read_premise(premise)
    name_by_place = {(name.role, name.phrase, name.start, name.end): name for name in names_in_premise.names}

    def name_of(entry: Json) -> Name:
        return name_by_place[entry["role"], entry["phrase"], entry["start"], entry["end"]]

    try:
        kept_names = tuple(
            KeptName(name_of(entry), tuple(Evidence(**each) for each in entry["evidence"]))
            for entry in check_data["kept"]
        )
        missed_names = tuple(map(name_of, check_data["missed"]))
    except (KeyError, TypeError):
        return None
    is_whole = len({*missed_names, *(each.name for each in kept_names)}) == len(names_in_premise.names)
    return (
        PremiseCheck(names_in_premise, kept_names, missed_names)
        if is_whole and all(each.evidence for each in kept_names)
        else None
    )


# ---- what is read ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _EvidenceText:
    """A sentence, or an id or a name, with the event it belongs to."""

    key: str
    unit: str
    sentence: str
    words: tuple[str, ...]
    is_sentence: bool


def _texts(world: Document) -> Iterator[_EvidenceText]:
    for id in world.states:
        yield _EvidenceText(f"state[{id}]", f"state[{id}]", id, words_in(id.replace("_", " ")), False)
    for event in world.events:
        key = f"event[{event.name}]"
        yield _EvidenceText(key, key, event.name, words_in(re.sub(r"[_-]+", " ", event.name)), False)
    for prose in prose_of(world.raw):
        if prose.kind == "world" and prose.path[0] in _UNREAD_FIELDS:
            continue
        for sentence in SENTENCE.findall(prose.text):
            if words := words_in(sentence):
                # an event is one action, told in several texts; a state's sentences stand each for itself
                unit = f"event[{prose.owner}]" if prose.kind == "event" else f"{prose.key} {sentence}"
                yield _EvidenceText(prose.key, unit, sentence.strip(), words, True)


# ---- nouns -----------------------------------------------------------------------------------------------------------


class _Meaning(NamedTuple):
    """What one to three words can mean: base forms, likely senses, and what the likeliest is a kind of."""

    lemmas: tuple[str, ...]
    senses: frozenset[int]
    ancestors: frozenset[int]


Grams = dict[tuple[str, ...], tuple[_Meaning, list[tuple[int, int]]]]
"""Words of a world that can mean something: what, and where they stand, by the number of the text and of the first
word in it."""


def _index(texts: Sequence[_EvidenceText]) -> Grams:
    grams: Grams = {}
    for number, text in enumerate(texts):
        for at in range(len(text.words)):
            for length in (1, 2, 3):
                gram = text.words[at : at + length]
                if len(gram) == length and (meaning := _meaning(gram)) is not None:
                    grams.setdefault(gram, (meaning, []))[1].append((number, at))
    return grams


@lru_cache(maxsize=65536)
def _meaning(gram: tuple[str, ...]) -> _Meaning | None:
    words = lexicon()
    *modifiers, noun = gram
    bases = dict.fromkeys([*words.lemmas(noun, "n"), noun])
    lemmas = [" ".join([*modifiers, base]) for base in bases]
    # the lexicon writes some compounds as one word: a barber shop is a barbershop
    lemmas += [compound for base in bases if modifiers and (compound := "".join([*modifiers, base])) in words]
    likely_senses: set[int] = set()
    ancestors: set[int] = set()
    for lemma in lemmas:
        senses = words.senses(lemma)
        likely_senses.update(sense.id for sense in senses[:2] if sense.frequency * 10 >= senses[0].frequency)
        for sense in senses[:1]:
            ancestors |= words.ancestors(sense.id)
    if modifiers and not likely_senses:
        return None
    return _Meaning(tuple(lemmas), frozenset(likely_senses), frozenset(ancestors))


def _noun_evidence(name: Name, texts: Sequence[_EvidenceText], grams: Grams) -> Iterator[Evidence]:
    best_matches: dict[int, tuple[Match, str]] = {}
    for gram, (meaning, places) in grams.items():
        match = _match_of(name, gram, meaning)
        if match is None:
            continue
        for number, at in places:
            earlier_match = best_matches.get(number)
            if (earlier_match is None or _RANK[match] < _RANK[earlier_match[0]]) and _is_named_there(
                name, match, gram, texts[number], at
            ):
                best_matches[number] = match, " ".join(gram)
    for number, (match, word) in sorted(best_matches.items()):
        yield Evidence(texts[number].key, texts[number].sentence, word, match)


def _match_of(name: Name, gram: tuple[str, ...], meaning: _Meaning) -> Match | None:
    if name.lemma in meaning.lemmas:
        return "same"
    if name.senses & meaning.senses:
        return "synonym"
    if name.senses & meaning.ancestors:
        return "kind"
    if len(gram) == 1 and " " in name.lemma and name.lemma.rpartition(" ")[2] in meaning.lemmas:
        return "head"
    return None


def _is_named_there(name: Name, match: Match, gram: tuple[str, ...], text: _EvidenceText, at: int) -> bool:
    """Say whether words that can name it do so in a text: as a noun, as many as the premise says, not another thing."""
    if match == "head" and at and _is_other_compound(text.words[at - 1], gram[-1]):
        return False
    if name.role == "who" and name.count > 1 and not _is_several(gram[-1], text.words[max(0, at - 2) : at]):
        return False
    return not (text.is_sentence and len(gram) == 1) or _is_noun_there(text.sentence, gram[0])


def _is_several(word: str, words_before: tuple[str, ...]) -> bool:
    """Say whether a noun is of several: a plural, or the other one of two."""
    return bool(word_set("several").intersection(words_before)) or (
        word not in lexicon() and bool(lexicon().lemmas(word, "n"))
    )


def _is_other_compound(word_before: str, noun: str) -> bool:
    return any(f"{word_before} {base}" in lexicon() for base in lexicon().lemmas(noun, "n"))


@lru_cache(maxsize=8192)
def _is_noun_there(sentence: str, word: str) -> bool:
    """Say whether a word of a sentence is a noun in it: "as well" is no well."""
    counts = lexicon().counts(word)
    if "n" in counts and len(counts) == 1:
        return True
    tags = {token.tag for token in tag(sentence) if token.word.removesuffix("'s") == word}
    return not tags or bool(tags & {"N", "D"})


# ---- tasks -----------------------------------------------------------------------------------------------------------


def _task_evidence(name: Name, texts: Sequence[_EvidenceText], grams: Grams) -> Iterator[Evidence]:
    target = _target(name)
    object_evidence = () if target is None else _noun_evidence(target, texts, grams)
    object_sentences = {(each.key, each.sentence) for each in object_evidence}
    units = {text.unit for text in texts if target is None or (text.key, text.sentence) in object_sentences}
    for text in texts:
        if text.unit not in units:
            continue
        for word in text.words:
            match = _verb_match(name, word)
            # another verb is the same deed only with the same object beside it
            if match == "same" or (match and (text.key, text.sentence) in object_sentences):
                yield Evidence(text.key, text.sentence, word, match)
                break


def _target(name: Name) -> Name | None:
    """Return the object of a task as a name of its own."""
    if not name.object:
        return None
    object_premise = read_premise(f"Find the {name.object}.")
    return next((each for each in object_premise.names if each.role != "task"), None)


@lru_cache(maxsize=65536)
def _verb_match(name: Name, word: str) -> Match | None:
    words = lexicon()
    bases = words.lemmas(word, "v")
    if name.lemma in bases or word == name.lemma:
        return "same"
    if name.lemma in word_set("seeking") and word_set("getting").intersection(bases):
        return "kind"
    if name.lemma in word_set("giving") and word_set("giving").intersection(bases):
        return "kind"
    for base in bases:
        senses = words.senses(base, "v")
        if any(sense.id in name.senses for sense in senses[:2] if sense.frequency * 10 >= senses[0].frequency):
            return "synonym"
    return None
