"""What is wrong with a text of a model: the rules, its length, and whether it agrees with the graph. Nothing else."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from worldkit.core.progress import Address
from worldkit.generation.direct.basis import SECRET_ROW
from worldkit.generation.direct.forbidden import repeats_question
from worldkit.generation.direct.naming import shows, without_names
from worldkit.generation.direct.passages import LENGTHS, VISIBLE_FORMS, Passage
from worldkit.generation.direct.person import player_word, speaker
from worldkit.generation.direct.wording import QUOTE, bare, names_id, normal_text, the
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.text.constraints import ngrams, shares_row, words_of
from worldkit.generation.text.english import stem
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT

_PATH = re.compile(r"\w{2}\.\w{2,}\.\w{2}")
"""What stands before a refusal, such as ``e1.step1.base``; H.M.S. is an abbreviation."""
CAMERA = re.compile(
    r"\b(?:camera|\w*shot|views?|close\w*|wide|high|low|level|angle|frame|lens|follow\w*|track\w*|zoom\w*"
    r"|above|below|overhead|aerial|dolly|tilt\w*|background|foreground"
    r"|pan(?:s|ning)? (?:across|along|down|from|left|over|past|right|slowly|to|up)\b)\b",
    re.IGNORECASE,
)
ROW_LENGTH = 6
"""A text that shares so many words in a row with the worked example is taken to be copied."""


@dataclass(slots=True)
class TextJudge:
    """Judges the texts of one world.

    Attributes:
        examples: The texts of the worked example, which no answer may repeat; ``strange_stems`` is of its words.
        question: What was asked, whose words are no answer.
        secret: What really happened, which no text copies.
        ids: The ids of the plan and of the question, which mean nothing to a player.
        said: Where the parts of the accepted texts stand, so that no text has to be compared with all others.
    """

    examples: tuple[str, ...] = ()
    question: str = ""
    who: str = ""
    strange_stems: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    is_weak: bool = True
    secret: str = ""
    said: dict[Hashable, Address] = field(default_factory=dict)

    def accept(self, at: Address, text: str) -> None:
        """Note a text that can stand: no other may say the same."""
        self.said |= dict.fromkeys(parts_of(text), at)

    def faults(self, passage: Passage, text: str) -> list[str]:
        """Return what is wrong with a text, each as a reason that its writer can act on; empty when it can stand."""
        if not text:
            return ["it is missing"]
        return [*self._faults(passage, text)]

    def _faults(self, passage: Passage, text: str) -> Iterable[str]:
        least, most = LENGTHS[passage.form]
        yield from _against_rules(passage, text, self.is_weak)
        if names_id(text, self.ids):
            yield "it names an id of the plan: say the name instead"
        yield from _against_graph(passage, text)
        if self.is_weak:
            yield from self._weaknesses(passage, text)
        if _PATH.search(text) or (self.is_weak and len(text.split()) < 3):
            yield "it is no sentence"
        if not least <= len(text) <= most:
            limit = f"at least {least} are needed" if len(text) < least else f"at most {most} fit"
            yield f"it has {len(text)} characters; {limit}"
        if repeats_example(text, self.examples, with_rows=self.is_weak):
            yield "it repeats the worked example instead of telling this world"
        if shares_row(text, self.secret, SECRET_ROW):
            yield f"it repeats what really happened, {SECRET_ROW} words in a row: hint at it in other words"
        other = self.said.get((text,), passage.at)
        # two moves of one outcome may be seen to end alike: a run has one of them
        may_repeat = not self.is_weak and passage.at[2].startswith("phases.")
        if not may_repeat and other != passage.at:
            yield f"it is the same as {other[1]}.{other[2]}"

    def _weaknesses(self, passage: Passage, text: str) -> Iterable[str]:
        """Yield what a weak model gets wrong, by words that a strong one may use well."""
        if passage.form == "camera" and not CAMERA.search(text):
            yield "it is no camera: say what is close, how wide the view is, or how the camera moves"
        if name := passage.other_place(text):
            yield f"it is about {the(name)}, which is another place"
        if sight := passage.sight_elsewhere(text):
            yield f"it shows {the(sight)}, which does not belong here: leave it out"
        if passage.form == "movement" and self.who and not shows(text, self.who):
            yield f"it does not show {self.who}, who does this"
        if passage.form == "subtitle" and "?" in QUOTE.sub("", text):
            yield "it asks, and at an ending nothing is left to do: say how it ended"
        if repeats_question(text) or f" {normal_text(text)} " in f" {normal_text(self.question)} ":
            yield "it repeats what you were told about it"
        who = re.escape(self.who)
        if who and passage.form == "narration" and re.search(rf"(?:\A|[.!?] ){who}\b(?!['’])", text, re.IGNORECASE):
            yield f"it says {self.who!r}: the player is 'you'"
        if any(stem(word) in self.strange_stems for word in re.findall(r"[a-z]+", text.lower())):
            yield "it repeats the worked example instead of telling this world"


def parts_of(text: str) -> list[Hashable]:
    """Return what no other text may say: the whole text, alone in a tuple, and its sentences."""
    return [(text,), *sentences(text)]


def repeats_example(text: str, examples: tuple[str, ...], *, with_rows: bool) -> bool:
    """Say whether a text has a sentence of the worked example, or a row of its words."""
    has_row = with_rows and not _rows_of(examples).isdisjoint(_words_in_row(text))
    return has_row or not _sentences_of(examples).isdisjoint(map(normal_text, sentences(text)))


def _against_rules(passage: Passage, text: str, is_weak: bool) -> Iterable[str]:
    if passage.form in VISIBLE_FORMS:
        if words := NEGATION.words(text):
            yield f"it says {words[0]!r}, and a picture shows what is named: say what is there instead"
        if word := player_word(text):
            yield f"it says {word!r}: a camera sees the hero, so say who that is"
    elif word := speaker(text, is_weak):
        yield f"it says {word!r}: the player is 'you', and who tells this is nobody"
    if passage.form in ("event", "phase"):
        if words := WHITEOUT.words(text):
            yield f"it says {words[0]!r}, which leaves the picture white"
        if not passage.leads_to and (words := LETHAL.words(text)):
            yield f"it says {words[0]!r}, which is read as a killing, and nobody dies here"


def _against_graph(passage: Passage, text: str) -> Iterable[str]:
    text_without_place = without_names(text, passage.own_names)
    for thing in passage.absent:
        if re.search(rf"\b{re.escape(bare(thing))}\b", text_without_place, re.IGNORECASE):
            yield f"it shows {the(thing)}, which does not belong here: leave it out"
    yield from (f"it does not name {the(name)}" for name in passage.unnamed(text))


@lru_cache(maxsize=256)
def _rows_of(texts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(row for text in texts for row in _words_in_row(text))


@lru_cache(maxsize=256)
def _sentences_of(texts: tuple[str, ...]) -> frozenset[str]:
    normal_sentences = (normal_text(part) for text in texts for part in sentences(text))
    return frozenset(part for part in normal_sentences if len(part.split()) > 3)


def _words_in_row(text: str) -> list[tuple[str, ...]]:
    # a word in the other number is the same: the lit window, the lit windows
    return ngrams(" ".join(map(stem, words_of(text))), ROW_LENGTH)
