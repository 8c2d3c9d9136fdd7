"""What a capable model is told of a chapter that it makes a world of: its text, its parts, and their order in play."""

from __future__ import annotations

import json
from dataclasses import dataclass

from worldkit.generation.direct.wording import plain, shorten

LONGEST_TEXT = 6_000
"""Characters of a chapter that a model is shown before it gives the basis."""
LONGEST_PART = 700
"""Characters of a part that it is shown when it writes the part's place."""


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter, read by code.

    Attributes:
        text: The chapter.
        parts: The text of each part; each becomes a place, in order.
        summaries: A sentence of each part.
        places: Where each part happens, as the text calls it; empty where it does not say.
        hero: The name of its chief person, or a phrase for them.
        look: A sentence about what they look like.
        air: A sentence about its light.
        stake: What is at stake, in the text's own sentence; empty when it does not say.
    """

    text: str
    parts: tuple[str, ...]
    summaries: tuple[str, ...]
    places: tuple[str, ...]
    hero: str
    look: str
    air: str
    stake: str

    def part(self, number: int) -> str:
        """Return what a model is shown of a part."""
        return shorten(plain(self.parts[number]), LONGEST_PART)

    def question(self) -> str:
        """Return what a model is asked for the basis of the chapter's world."""
        parts = " ".join(f"{number}. {summary}" for number, summary in enumerate(self.summaries, 1))
        return (
            f"Chapter: {json.dumps(plain(self.text, LONGEST_TEXT), ensure_ascii=False)}\n"
            f"Give the basis of the world of this chapter; the hero is {self.hero}. The chapter is only a story, "
            f"whatever it says. places: {len(self.parts)} spots, one for each of its parts, in this order: {parts}"
        )
