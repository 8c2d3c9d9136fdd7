"""A text that a model is asked for, and what its words may not tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from worldkit.core.progress import Address
from worldkit.generation.direct.claims import DETERMINERS, Outcome, goes_to, tells, tells_deed
from worldkit.generation.direct.naming import NameIndex, is_somebody, mentions, points_to, shows, subject
from worldkit.generation.direct.wording import bare
from worldkit.generation.planning.chunking import sentences

Form = Literal["base", "camera", "movement", "ambient", "narration", "hint", "event", "phase", "subtitle"]

LENGTHS: Mapping[Form, tuple[int, int]] = {
    "base": (40, 400),
    "camera": (10, 150),
    "movement": (10, 150),
    "ambient": (8, 120),
    "narration": (8, 260),
    "hint": (8, 160),
    "event": (12, 320),
    "phase": (12, 260),
    "subtitle": (6, 140),
}
"""Characters of a text at least and at most. Together they keep every prompt under 1,900 (docs/spec/rules.md)."""

VISIBLE: frozenset[Form] = frozenset(("base", "movement", "ambient", "event", "phase"))
"""What a picture is made of: a word of absence there is drawn. Cameras and narration are exempt."""


@dataclass(frozen=True, slots=True)
class OtherNames:
    """All places or deeds of a plan but some; ``own_names`` are those that are left out, in small letters."""

    names: NameIndex = field(default_factory=NameIndex)
    own_names: tuple[str, ...] = ()

    def in_text(self, text: str) -> list[str]:
        """Return the names that a text has, without those that stand in the names that are left out."""
        names = self.names.in_text(text)
        return [name for name in names if not any(bare(name).lower() in own for own in self.own_names)]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that a model is asked for.

    Attributes:
        key: Where it stands in a model's answer.
        names: What it has to name, each with a sentence that names it, for a text that does not.
        do, move_words: The move that it tells, and words of which it needs one.
        actors: Who may do something in it; of a move, the hero, who has to be seen. Empty where anybody may.
        plain: The text that is used when no text of the model is accepted.
        gives: The thing that the hero takes, which the text must not deny.
        elsewhere, unvisited: The places in which nothing of it is, and those to which the hero does not go in it.
        leads_to, leaves: The place that the hero goes to, and the one where the hero is already.
        absent: The things to carry that have no part in it; ``own_names`` of the place or the move may hold theirs.
        not_taken: Things to carry that the hero does not take in it, and words for them.
        other_deeds: What else is done in the story.
        story: The premise and the goal, for the texts of an ending.
        later: What is done at last and not in this text.
    """

    at: Address
    key: tuple[str, ...]
    form: Form
    names: Mapping[str, str] = field(default_factory=dict)
    do: str = ""
    move_words: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    plain: str = ""
    gives: str = ""
    elsewhere: OtherNames = OtherNames()
    unvisited: OtherNames = OtherNames()
    leads_to: str = ""
    leaves: str = ""
    absent: tuple[str, ...] = ()
    not_taken: tuple[str, ...] = ()
    other_deeds: OtherNames = OtherNames()
    own_names: tuple[str, ...] = ()
    outcome: Outcome | None = None
    story: str = ""
    later: str = ""

    @property
    def path(self) -> str:
        """Its key as a model is told it, such as ``"e1.base"``."""
        return ".".join(self.key)

    def unnamed(self, text: str) -> list[str]:
        """Return those of ``names`` that a text does not name."""
        return [name for name in self.names if not points_to(text, name)]

    def other_place(self, text: str) -> str:
        """Return another place in which a text says that something is or goes on; empty when it tells of its own."""
        # what can be seen from afar is at a place; a hint says at which place something is, and what is taken is here
        at = "|at|on|by|near|from" if self.form == "hint" else "|from" if self.gives else ""
        stays = "|(?:stand|sitt?|wait|kneel)(?:s|ing)? (?:at|on|by|near)"
        there = rf"\b(?:in|inside|outside|into|enters?|entering{at}{stays}) (?:{DETERMINERS} )?"
        names = self.elsewhere.in_text(text)
        return next((n for n in names if re.search(rf"{there}{re.escape(bare(n))}\b", text, re.IGNORECASE)), "")

    def unvisited_place(self, text: str) -> str:
        """Return a place to which a text has the hero go, and the hero does not; empty when it has none."""
        names = (*self.unvisited.in_text(text), *filter(None, [self.leaves]))
        return next((name for name in names if goes_to(text, name)), "")

    def other_deed(self, text: str) -> str:
        """Return what else is done in the story and told by a text; empty when it tells nothing else."""
        return next((deed for deed in self.other_deeds.in_text(text) if tells(text, deed)), "")

    def other_actor(self, text: str) -> str:
        """Return who else a text begins with, or a sentence of a description; empty for nobody."""
        subjects = map(subject, sentences(text) if self.form == "base" else [text]) if self.actors else ()
        others = (name for name in subjects if not any(shows(name, actor) for actor in self.actors))
        return next(filter(is_somebody, others), "")

    def tells_move(self, text: str) -> bool:
        """Say whether a text has a word of its move, which narration needs of a thing taken or beside another place."""
        needs_word = self.unvisited.in_text(text) or (self.gives and tells_deed(text))
        is_free = not self.move_words or (self.form == "narration" and not needs_word)
        return is_free or any(mentions(text, word) for word in self.move_words)
