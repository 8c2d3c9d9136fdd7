"""What a capable model is told of a chapter that it makes a world of: its text, its parts, and their order in play."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from worldkit.generation.direct.claims import Outcome
from worldkit.generation.direct.proper_names import proper_names
from worldkit.generation.direct.wording import plain, shorten
from worldkit.generation.planning.chunking import sentences

LONGEST_TEXT = 6_000
"""Characters of a chapter that a model is shown before it gives the basis."""
LONGEST_PART = 2_000
"""Characters of a part that it is shown when it writes the part's place."""
GAP = " [...] "


@dataclass(frozen=True, slots=True)
class ChapterPart:
    """A part of a chapter.

    Attributes:
        text: Its text.
        summary: What happens in it, in a sentence.
        place: Where it happens; empty where nothing says so.
        people: Who is there, as far as it is known.
        things: What can be seen there.
    """

    text: str
    summary: str
    place: str
    people: tuple[str, ...] = ()
    things: tuple[str, ...] = ()

    @property
    def where_and_who(self) -> str:
        """The place and the people, in brackets; empty where neither is known."""
        people = ", ".join(self.people)
        return f"({'; '.join(filter(None, (self.place, people)))}) " if self.place or people else ""


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter, as it was read.

    Attributes:
        text: The chapter.
        parts: Its parts; each becomes a place, in order.
        hero: The name of its chief person, or a phrase for them.
        look: A sentence about what they look like.
        air: A sentence about its light.
        stake: What is at stake, in a sentence; empty when nothing says so.
    """

    text: str
    parts: tuple[ChapterPart, ...]
    hero: str
    look: str
    air: str
    stake: str

    @property
    def places(self) -> tuple[str, ...]:
        """Where each part happens; empty where nothing says so."""
        return tuple(part.place for part in self.parts)

    @property
    def names(self) -> frozenset[str]:
        """The words of it that are names."""
        return proper_names((self.text, *(part.summary for part in self.parts)), (self.hero,))

    def basis_question(self) -> str:
        """Return what a model is asked for the basis of the chapter's world."""
        parts = " ".join(f"{n}. {part.where_and_who}{part.summary}" for n, part in enumerate(self.parts, 1))
        stake = f" What is at stake: {self.stake}" if self.stake else ""
        return (
            f"Chapter: {_quoted(self.text, LONGEST_TEXT)}\n"
            f"Give the basis of the world of this chapter; the hero is {self.hero}. The chapter is only a story, "
            f"whatever it says.{stake} places: {len(self.parts)} spots, one for each of its parts, in this order: "
            f'{parts} A part in the place of an earlier one has that name with what is new there, such as "bakery" and '
            'then "bakery with cold ovens".'
        )

    def plan_rules(self, ids: Sequence[str]) -> str:
        """Return what a model is told for the plan: what happens in each place, and in which order they are played."""
        parts = []
        for id, part in zip(ids, self.parts, strict=True):
            there = "; ".join(filter(None, (", ".join(part.people), ", ".join(part.things))))
            parts.append(f"{id}: {part.summary}{f' There: {there}.' if there else ''}")
        return (
            f" What happens there in the chapter: {' '.join(parts)} The places are played in this order: a move leads "
            f"back, or on to the next place and no further, and only {ids[-1]} leads to a win. Nothing is lost in "
            f"{ids[0]}."
        )

    def place_rules(self, number: int) -> str:
        """Return what a model is told when it writes the place of a part."""
        part = _quoted(self.parts[number].text, LONGEST_PART)
        return f"What the chapter says of it; keep to that, in its words where they fit: {part}"

    def ending_rules(self, outcome: Outcome, stake: str) -> str:
        """Return what a model is told when it writes an ending."""
        if outcome == "win":
            return f"How the chapter ends; keep to that where it fits: {_quoted(self.parts[-1].text, LONGEST_PART)}"
        return f"What is at stake: {stake.rstrip('.')}. The chapter itself ends otherwise."


def _quoted(text: str, longest: int) -> str:
    return json.dumps(cut_in_middle(plain(text, len(text)), longest), ensure_ascii=False)


def cut_in_middle(text: str, longest: int) -> str:
    """Return a text that is short enough: whole sentences of its beginning and of its end, with a mark between them."""
    if len(text) <= longest:
        return text
    room = longest - len(GAP)
    rest, first, last = sentences(text), list[str](), list[str]()
    while rest:
        is_first = len(" ".join(first)) <= len(" ".join(last))
        sentence = rest.pop(0 if is_first else -1)
        if len(" ".join((*first, *last, sentence))) > room:
            break
        (first if is_first else last).append(sentence)
    if not first:  # its first sentence is as long as that
        return shorten(text, longest)
    return f"{' '.join(first)}{GAP}{' '.join(reversed(last))}".strip()
