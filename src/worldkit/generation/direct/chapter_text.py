"""What a capable model is told of a chapter that it makes a world of: its text, its parts, and their order in play."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from worldkit.core.model import EndingKind
from worldkit.generation.direct.naming import proper_names
from worldkit.generation.direct.schema import prompt
from worldkit.generation.direct.wording import bare, plain, shorten, the
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.planning.plan import Plan
from worldkit.generation.planning.stock import Thing

MAX_TEXT_CHARACTERS, MAX_PART_CHARACTERS = 6_000, 2_000
"""Characters of a chapter that a weak model is shown, and of a part for the part's place."""
MAX_STRONG_TEXT_CHARACTERS, MAX_STRONG_PART_CHARACTERS = 24_000, 6_000
"""The same of a strong model."""
MAX_FACTS = 16
"""Facts of the acts before, of which a model is shown at most: the latest."""
OMISSION_MARK = " [...] "


@dataclass(frozen=True, slots=True)
class TextBeat:
    """One step of a story; what is not known of it is empty.

    Attributes:
        text: Its part of the text.
        summary: What happens, in the words of a capable model; without one its most telling sentence, as it stands in
            the text.
        place: Where it happens, as the model or the text calls it; empty when neither says.
        things: What can be seen there.
        picture: Its concrete sentences, those that every prose rule allows; empty when there are none.
        people: Who is there, as far as a capable model says so.
    """

    text: str = ""
    summary: str = ""
    place: str = ""
    things: tuple[Thing, ...] = ()
    picture: str = ""
    people: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.place or 'somewhere'}: {self.summary}"


@dataclass(frozen=True, slots=True)
class ActContext:
    """What a model is told of the acts around a chapter of a longer story; what is not known is empty.

    Attributes:
        titles, look, people, facts: Of the acts before.
        ending: How the act before was won.
        next_beat: What happens first in the next act.
    """

    number: int
    count: int
    titles: tuple[str, ...] = ()
    look: str = ""
    people: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    ending: str = ""
    next_beat: str = ""

    def basis_rules(self, title: str) -> str:
        """Return what a model is told of it for the basis of an act, whose title may be known."""
        rules = [f"This is act {self.number} of {self.count} of one story."]
        if self.number > 1:
            rules.append(f"The act before ends so: {self.ending}")
            if not title:
                rules.append(f"title: this act's own; before it came {', '.join(map(repr, self.titles))}.")
            rules.append(
                f"look: so far {json.dumps(self.look, ensure_ascii=False)}; it stays so, but for what changes here."
            )
            if self.people:
                rules.append(f"Others so far, who keep their names: {'; '.join(self.people)}.")
            if self.facts:
                rules.append(
                    f"What was so until now, and is where nothing changes it: {' '.join(self.facts[-MAX_FACTS:])}"
                )
        if self.next_beat:
            rules.append(f"The goal leads to the beginning of the next act: {self.next_beat}")
        return " ".join(rules)


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter, as it was read; each part becomes a place, in order.

    Attributes:
        hero: The name of its chief person, or a phrase for them.
        act: The acts around it; None when it is a story by itself.
        is_weak: A weak model reads it, which is shown less of a long one.
        plan: The plan of a chapter that code plans, in which its last part is the win; else None.
    """

    text: str
    parts: tuple[TextBeat, ...]
    hero: str
    look: str
    air: str
    stake: str
    title: str = ""
    act: ActContext | None = None
    is_weak: bool = True
    plan: Plan | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """Where each part happens; empty where nothing says so."""
        return tuple(part.place for part in self.parts)

    @property
    def goal(self) -> str:
        """What is to be done, where nobody says it: to get to the last place."""
        return f"reach {the(self.places[-1])}" if self.places[-1] else "find the way out"

    @property
    def names(self) -> frozenset[str]:
        """The words of it that are names."""
        return proper_names((self.text, *(part.summary for part in self.parts)), (self.hero,))

    def strange_names(self, fact: str) -> list[str]:
        """Return the names in a fact that neither the chapter nor an act before has."""
        act = self.act or ActContext(1, 1)
        known_words = set(
            re.findall(r"\w+", " ".join((self.text, self.hero, *act.people, *act.facts, act.ending)).lower())
        )
        return sorted(
            name for name in proper_names((fact,), ()) if not known_words.issuperset(re.findall(r"\w+", name.lower()))
        )

    def basis_question(self, fields: str) -> str:
        """Return what a model is asked for the basis of the chapter's world; ``fields`` says how long its texts are."""
        parts = " ".join(f"{n}. {_where_and_who(part)}{part.summary}" for n, part in enumerate(self.parts, 1))
        stake = f" What is at stake: {self.stake}" if self.stake else ""
        title = f" {json.dumps(self.title, ensure_ascii=False)}" if self.title else ""
        longest = MAX_TEXT_CHARACTERS if self.is_weak else MAX_STRONG_TEXT_CHARACTERS
        rules = "" if self.is_weak else f" {fields}"
        if self.act:
            rules = f" {self.act.basis_rules(self.title)}{rules}"
        values = {"title": title, "hero": self.hero, "stake": stake, "rules": rules, "parts": parts}
        return prompt("basis_of_chapter", text=_quoted(self.text, longest), places=len(self.parts), **values)

    def plan_rules(self, ids: Sequence[str]) -> str:
        """Return what a model is told for the plan: what happens in each place, and in which order they are played."""
        parts = []
        for id, part in zip(ids, self.parts, strict=True):
            people = [name for name in part.people if name != bare(self.hero)]  # a model knows that the hero is there
            there = "; ".join(filter(None, (", ".join(people), ", ".join(thing.text for thing in part.things))))
            parts.append(f"{id}: {part.summary}{f' There: {there}.' if there else ''}")
        next_act = f" A win leads to the next act, which begins so: {self.next_beat}" if self.next_beat else ""
        values = {"parts": " ".join(parts), "first": ids[0], "last": ids[-1], "next_act": next_act}
        return f" {prompt('plan_of_chapter', **values)}"

    @property
    def next_beat(self) -> str:
        """What happens first in the next act; empty where there is none."""
        return self.act.next_beat if self.act else ""

    def opening_rules(self) -> str:
        """Return what a model is told when it writes the first place."""
        if self.act and self.act.ending:
            return prompt("first_line_of_act", ending=self.act.ending)
        return f"The story begins here. {prompt('first_line')}"

    def place_rules(self, number: int) -> str:
        """Return what a model is told when it writes the place of a part; nothing for one that is beside the way."""
        end = ""
        if number == len(self.parts) - 1:
            if self.plan:
                return ""
            end = " How it ends belongs into the move that wins and into the ending, not into base and say."
        part = _quoted(self.parts[number].text, self._longest_part)
        return f"What the chapter says of it; keep to that, in its words where they fit: {part}{end}"

    def ending_rules(self, outcome: EndingKind, stake: str) -> str:
        """Return what a model is told when it writes an ending."""
        if outcome == "win":
            next_act = f"The next act begins so, which the ending leads to: {self.next_beat} " if self.next_beat else ""
            end = _quoted(self.parts[-1].text, self._longest_part)
            return f"{next_act}How the chapter ends; keep to that where it fits: {end}"
        return f"What is at stake: {stake.rstrip('.')}. The chapter itself ends otherwise."

    @property
    def _longest_part(self) -> int:
        return MAX_PART_CHARACTERS if self.is_weak else MAX_STRONG_PART_CHARACTERS


def _where_and_who(beat: TextBeat) -> str:
    known = "; ".join(filter(None, (beat.place, ", ".join(beat.people))))
    return f"({known}) " if known else ""


def _quoted(text: str, longest: int) -> str:
    return json.dumps(cut_in_middle(plain(text, len(text)), longest), ensure_ascii=False)


def cut_in_middle(text: str, longest: int) -> str:
    """Return a text that is short enough: whole sentences of its beginning and of its end, with a mark between them."""
    if len(text) <= longest:
        return text
    parts, room = sentences(text), longest - len(OMISSION_MARK)
    first = _fitting(parts, room // 2)
    if not first:  # its first sentence is as long as that
        return shorten(text, longest)
    last = _fitting(parts[: len(first) - 1 : -1], room - len(" ".join(first)))
    return f"{' '.join(first)}{OMISSION_MARK}{' '.join(reversed(last))}".strip()


def _fitting(parts: Sequence[str], room: int) -> list[str]:
    """Return as many of some sentences as fit together."""
    lengths = accumulate(len(part) + 1 for part in parts)
    return [part for part, length in zip(parts, lengths, strict=True) if length <= room]
