"""What is wrong with a text of a model: the rules, its length, and whether it agrees with the graph. Nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from worldkit.core.progress import Address
from worldkit.generation.direct.basis import SECRET_ROW
from worldkit.generation.direct.claims import DETERMINERS, OUTCOME_WORDS, contradiction, goes_to
from worldkit.generation.direct.forbidden import repeats_question
from worldkit.generation.direct.naming import without_names
from worldkit.generation.direct.passages import LENGTHS, VISIBLE, Passage
from worldkit.generation.direct.person import player_word, speaker
from worldkit.generation.direct.wording import QUOTE, bare, head, names_id, normal_text, the
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.text.constraints import ngrams, shares_row, words_of
from worldkit.generation.text.english import stem
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT

_DENIAL = re.compile(r"\b(?:no|none|nothing|never|nowhere)\b", re.IGNORECASE)
_UNAVAILABLE = "(?:locked|missing|lost|gone|stuck|sealed|destroyed|broken)"
_PATH = re.compile(r"\w{2}\.\w{2,}\.\w{2}")
"""What stands before a refusal, such as ``e1.step1.base``; H.M.S. is an abbreviation."""
_ROW_LENGTH = 6
"""An answer that shares so many words in a row with the worked example repeats it."""


@dataclass(slots=True)
class TextJudge:
    """Judges the texts of one world.

    Attributes:
        examples: The texts of the worked example, which no answer may repeat; ``strange_stems`` is of its words.
        question: What was asked, whose words are no answer.
        secret: What really happened, which no text copies.
        ids: The ids of the plan and of the question, which mean nothing to a player.
    """

    examples: tuple[str, ...] = ()
    question: str = ""
    who: str = ""
    strange_stems: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    is_weak: bool = True
    secret: str = ""
    accepted_texts: dict[Address, str] = field(default_factory=dict)

    def faults(self, passage: Passage, text: str) -> list[str]:
        """Return what is wrong with a text, each as a reason that its writer can act on; empty when it can stand."""
        if not text:
            return ["it is missing"]
        least, most = LENGTHS[passage.form]
        faults = [*_against_rules(passage, text, self.is_weak)]
        if names_id(text, self.ids):
            faults.append("it names an id of the plan: say the name instead")
        faults += _against_graph(passage, text)
        if self.is_weak:
            faults += self._weaknesses(passage, text)
        if _PATH.search(text) or (self.is_weak and len(text.split()) < 3):
            faults.append("it is no sentence")
        if len(text) < least:
            faults.append(f"it has {len(text)} characters; at least {least} are needed")
        if len(text) > most:
            faults.append(f"it has {len(text)} characters; at most {most} fit")
        if repeats_example(text, self.examples, with_rows=self.is_weak):
            faults.append("it repeats the worked example instead of telling this world")
        if shares_row(text, self.secret, SECRET_ROW):
            faults.append(f"it repeats what really happened, {SECRET_ROW} words in a row: hint at it in other words")
        repeats = (at for at, other_text in self.accepted_texts.items() if other_text == text and at != passage.at)
        # two moves of one outcome may be seen to end alike: a run has one of them
        may_repeat = not self.is_weak and passage.at[2].startswith("phases.")
        if not may_repeat and (other := next(repeats, None)):
            faults.append(f"it is the same as {other[1]}.{other[2]}")
        return faults

    def _weaknesses(self, passage: Passage, text: str) -> Iterable[str]:
        """Yield what a weak model gets wrong, by words that a strong one may use well."""
        yield from _against_plan(passage, text)
        if repeats_question(text) or (passage.form == "subtitle" and normal_text(text) in normal_text(self.question)):
            yield "it repeats what you were told about it"
        if self.who and (match := _to_oneself(self.who).search(text)):
            yield f"it says {match[0]!r}: the hero does this to the hero"
        if _repeats(text):
            yield "it repeats itself"
        if any(stem(word) in self.strange_stems for word in re.findall(r"[a-z]+", text.lower())):
            yield "it repeats the worked example instead of telling this world"


def repeats_example(text: str, examples: tuple[str, ...], *, with_rows: bool) -> bool:
    """Say whether a text has a sentence of the worked example, or a row of its words."""
    has_row = with_rows and not _rows_of(examples).isdisjoint(_words_in_row(text))
    return has_row or not _sentences_of(examples).isdisjoint(map(normal_text, sentences(text)))


def _against_rules(passage: Passage, text: str, is_weak: bool) -> Iterable[str]:
    if passage.form in VISIBLE:
        if words := NEGATION.words(text):
            yield f"it says {words[0]!r}, and a picture shows what is named: say what is there instead"
        if word := player_word(text, is_weak=is_weak):
            yield f"it says {word!r}: a camera sees the hero, so say who that is"
    elif word := speaker(text, is_weak):
        yield f"it says {word!r}: the player is 'you', and who tells this is nobody"
    if passage.form in ("event", "phase"):
        if words := WHITEOUT.words(text):
            yield f"it says {words[0]!r}, which leaves the picture white"
        if (is_weak or not passage.leads_to) and (words := LETHAL.words(text)):
            yield f"it says {words[0]!r}: nobody dies here"


def _against_graph(passage: Passage, text: str) -> Iterable[str]:
    text_without_place = without_names(text, passage.own_names)
    for thing in passage.absent:
        if re.search(rf"\b{re.escape(bare(thing))}\b", text_without_place, re.IGNORECASE):
            yield f"it shows {the(thing)}, which does not lie here: leave it out"
    yield from (f"it does not name {the(name)}" for name in passage.unnamed(text))
    if passage.later and normal_text(passage.later) in normal_text(text):
        yield "it tells what is done at last, and that is not done here"


def _against_plan(passage: Passage, text: str) -> Iterable[str]:
    """Yield where the words of a text, taken one by one, do not agree with what is planned."""
    if name := other_place(passage, text):
        yield f"it is about {the(name)}, which is another place"
    if name := unvisited_place(passage, text):
        if passage.leads_to:
            yield f"it goes to {the(name)}, and this leads to {the(passage.leads_to)}"
        else:
            yield f"it goes to {the(name)}, and the hero stays here"
    if do := passage.other_move(text):
        yield f"it tells of another move, {do!r}: tell this one"
    # what a picture of a loss shows may well be what was to be saved
    is_told = passage.outcome == "win" or passage.form == "subtitle"
    if passage.outcome and is_told and (word := contradiction(passage.outcome, text, passage.story)):
        yield f"it says {word!r}, and this ending is {OUTCOME_WORDS[passage.outcome]}"
    if passage.outcome and "?" in QUOTE.sub("", text):
        yield "it asks, and at an ending nothing is left to do: say how it ended"
    if passage.form == "hint" and (_DENIAL.search(text) or _is_out_of_reach(text, next(iter(passage.names)))):
        yield "it denies what it should point to: say what is needed and where it is"
    if passage.gives and (words := NEGATION.words(text)):
        yield f"it says {words[0]!r}, but the hero gets {the(passage.gives)} here"


@lru_cache(maxsize=256)
def _rows_of(texts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(row for text in texts for row in _words_in_row(text))


@lru_cache(maxsize=256)
def _sentences_of(texts: tuple[str, ...]) -> frozenset[str]:
    normal_sentences = (normal_text(part) for text in texts for part in sentences(text))
    return frozenset(part for part in normal_sentences if len(part.split()) > 3)


def other_place(passage: Passage, text: str) -> str:
    """Return another place in which a text says that something is or goes on; empty when it tells of its own."""
    # what can be seen from afar is at a place; a hint says at which place something is
    prepositions = "in|inside|outside|into|enters?|entering" + ("|at|on|by|near|from" if passage.form == "hint" else "")
    for name in passage.elsewhere:
        if re.search(rf"\b(?:{prepositions}) (?:{DETERMINERS} )?{re.escape(bare(name))}\b", text, re.IGNORECASE):
            return name
    return ""


def _is_out_of_reach(text: str, thing: str) -> bool:
    """Say whether a text says of a thing that it cannot be had: the oxygen tank is locked."""
    is_away = rf"\b{re.escape(head(thing))} (?:is|are|was|were) {_UNAVAILABLE}\b"
    return re.search(is_away, text, re.IGNORECASE) is not None


def unvisited_place(passage: Passage, text: str) -> str:
    """Return a place to which a text has the hero go, and the hero does not; empty when it has none."""
    return next((name for name in passage.unvisited if goes_to(text, name)), "")


@lru_cache(maxsize=256)
def _to_oneself(who: str) -> re.Pattern[str]:
    words = re.escape(who)
    return re.compile(rf"\b{words} [^.!?;]*?\b(?:to|at|with|for|towards?) {words}\b", re.IGNORECASE)


def _words_in_row(text: str) -> list[tuple[str, ...]]:
    # a word in the other number is the same: the lit window, the lit windows
    words = [stem(word) for word in words_of(text)]
    return [tuple(words[at : at + _ROW_LENGTH]) for at in range(len(words) - _ROW_LENGTH + 1)]


def _repeats(text: str) -> bool:
    """Say whether three words in a row stand three times in a text, or a sentence stands twice."""
    counts = Counter(ngrams(text, 3))
    sentences = [part.strip().lower() for part in re.split(r"[.!?]", text) if len(part.split()) > 2]
    return max(counts.values(), default=0) > 2 or len(set(sentences)) < len(sentences)
