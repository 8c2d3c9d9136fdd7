"""What is wrong with a text of a model: the rules, its length, and whether it agrees with the graph. Nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from worldkit.generation.direct.passages import LENGTHS, VISIBLE, Address, Passage
from worldkit.generation.direct.wording import mentions, names_id, the
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT

_PLAYER = re.compile(r"\b(?:(?i:you|your|yours|yourself|my|we|our)|I|me)\b")
_ECHO = re.compile(
    r"\bit (?:does not name|repeats (?:itself|the worked)|names an id|is the same as|says ')|cannot be taken", re.I
)
_DENIAL = re.compile(r"\b(?:no|none|nothing|never|nowhere)\b", re.IGNORECASE)
_GRAM = 6
"""Words in a row that an answer may share with the worked example, and one less."""


@dataclass(slots=True)
class Judge:
    """Judges the texts of one world.

    Attributes:
        examples: The texts of the worked example, which no answer may repeat.
        said: What was accepted, by where it stands.
    """

    examples: Iterable[str] = ()
    said: dict[Address, str] = field(default_factory=dict)
    _grams: frozenset[tuple[str, ...]] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        self._grams = frozenset(gram for text in self.examples for gram in _words_in_row(text))

    def faults(self, passage: Passage, text: str) -> list[str]:
        """Return what is wrong with a text, each as a reason that its writer can act on; empty when it can stand.

        Args:
            passage: What was wanted.
            text: What was written.
        """
        if not text:
            return ["it is missing"]
        least, most = LENGTHS[passage.form]
        found = [*_against_rules(passage, text), *_against_graph(passage, text)]
        if len(text) < least:
            found.append(f"it has {len(text)} characters; at least {least} are needed")
        if len(text) > most:
            found.append(f"it has {len(text)} characters; at most {most} fit")
        if _ECHO.search(text):
            found.append("it repeats what you were told about it")
        if _repeats(text):
            found.append("it repeats itself")
        if any(gram in self._grams for gram in _words_in_row(text)):
            found.append("it repeats the worked example instead of telling this world")
        if other := next((at for at, said in self.said.items() if said == text and at != passage.at), None):
            found.append(f"it is the same as {other[1]}.{other[2]}")
        return found

    def accept(self, passage: Passage, text: str) -> None:
        """Take a text into the world, so that it is said only once."""
        self.said[passage.at] = text


def _against_rules(passage: Passage, text: str) -> Iterable[str]:
    if passage.form in VISIBLE:
        if words := NEGATION.words(text):
            yield f"it says {words[0]!r}, and a picture shows what is named: say what is there instead"
        if match := _PLAYER.search(text):
            yield f"it says {match[0]!r}: a camera sees the hero, so say who that is"
    if passage.form in ("event", "phase"):
        if words := WHITEOUT.words(text):
            yield f"it says {words[0]!r}, which leaves the picture white"
        if words := LETHAL.words(text):
            yield f"it says {words[0]!r}: nobody dies here"


def _against_graph(passage: Passage, text: str) -> Iterable[str]:
    if names_id(text):
        yield "it names an id of the plan: say the name instead"
    for group in passage.names:
        if not any(mentions(text, name) for name in group):
            yield f"it does not name {the(group[0])}"
    if passage.form == "hint" and _DENIAL.search(text):
        yield "it denies what it should point to: say what is needed and where it is"
    if passage.gives and (words := NEGATION.words(text)):
        yield f"it says {words[0]!r}, but the hero gets {the(passage.gives)} here"


def _words_in_row(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return [tuple(words[at : at + _GRAM]) for at in range(len(words) - _GRAM + 1)]


def _repeats(text: str) -> bool:
    """Say whether three words in a row stand three times in a text, or a sentence stands twice."""
    words = re.findall(r"[\w']+", text.lower())
    counts: dict[tuple[str, ...], int] = {}
    for at in range(len(words) - 2):
        row = tuple(words[at : at + 3])
        counts[row] = counts.get(row, 0) + 1
    whole = [part.strip().lower() for part in re.split(r"[.!?]", text) if len(part.split()) > 2]
    return max(counts.values(), default=0) > 2 or len(set(whole)) < len(whole)


def strings(value: object) -> Iterable[str]:
    """Yield every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)
