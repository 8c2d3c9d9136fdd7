"""A text that a model is asked for, and what of other places its words may not tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from worldkit.core.progress import Address
from worldkit.generation.direct.naming import NameIndex, points_to
from worldkit.generation.direct.wording import bare

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

DETAILS: frozenset[Form] = frozenset(("camera", "movement", "ambient"))
"""What shows a place and tells nothing of the story."""

NO_NAMES = NameIndex()
_DETERMINERS = "(?:the|an?|his|her|their|its|your)"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that a model is asked for.

    Attributes:
        key: Where it stands in a model's answer.
        names: What it has to name, each with a sentence that names it, for a text that does not.
        plain: The text that is used when no text of the model is accepted; ``is_template`` says that the templates tell
            its place, and have it where it has to be told. No model is asked for one that ``is_told``.
        elsewhere: The places in which nothing of it is.
        leads_to: The place that a move leads to.
        strange_sights, sight_heads: What is seen in other places, and words for what is seen or carried anywhere; those
            of its own place, and of what the hero has by then, are among its ``own_words``.
        absent: The things to carry that have no part in it; ``own_names`` of the place may hold theirs.
    """

    at: Address
    key: tuple[str, ...]
    form: Form
    names: Mapping[str, str] = field(default_factory=dict)
    plain: str = ""
    is_template: bool = False
    is_told: bool = False
    elsewhere: NameIndex = NO_NAMES
    leads_to: str = ""
    strange_sights: NameIndex = NO_NAMES
    sight_heads: frozenset[str] = frozenset()
    own_words: frozenset[str] = frozenset()
    absent: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Its key as a model is told it, such as ``"e1.base"``."""
        return ".".join(self.key)

    def unnamed(self, text: str) -> list[str]:
        """Return those of ``names`` that a text does not name."""
        return [name for name in self.names if not points_to(text, name)]

    def other_place(self, text: str) -> str:
        """Return another place in which a text says that something is or goes on; empty when it tells of its own."""
        stays = "(?:stand|sitt?|wait|kneel)(?:s|ing)? (?:at|on|by|near)"  # what can be seen from afar is at a place
        there = rf"\b(?:in|inside|outside|into|enters?|entering|{stays}) (?:{_DETERMINERS} )?"
        names = self.elsewhere.in_text(text)
        if self.is_template and self.form in DETAILS:  # the templates keep to what is here
            return next(iter(names), "")
        return next((n for n in names if re.search(rf"{there}{re.escape(bare(n))}\b", text, re.IGNORECASE)), "")

    def sight_elsewhere(self, text: str) -> str:
        """Return what a text shows of another place, by its name or as "the ring"; empty where it shows none of it."""
        nouns = {*re.findall(r"\bthe ([a-z-]+)\b", text.lower())} & self.sight_heads - self.own_words
        return next(iter([*self.strange_sights.in_text(text), *sorted(nouns)]), "")
