"""The player's figure, as the subject of a world says: what it is, what it wears and carries, what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from worldkit.illustration import lexicon


@dataclass(frozen=True, slots=True)
class PlayerFigure:
    """The player's figure: what it is, what it wears and carries, and the colour of its coat."""

    kind: str = "person"
    clothes: frozenset[str] = frozenset({"long"})
    colour: str = ""


_HEAD_LENGTH = 9
"""So many words of a subject are about what it is; those after them about what it wears and carries."""
_HUMAN_THINGS = frozenset({"person", "robed", "child", "elder", "guard"})
_ANIMALS = "cat dog fox horse cow sheep bear deer wolf owl crow bird moth frog duck heron gull fish elephant dragon"
_LIVING_THINGS = _HUMAN_THINGS | frozenset(_ANIMALS.split()) | {"ghost", "robot"}


@lru_cache(maxsize=64)
def names_of(subject: str) -> frozenset[tuple[str, ...]]:
    """Return what the player is called, such as "keeper": whom the prose calls so is drawn once.

    Args:
        subject: The subject of a world.
    """
    words = lexicon.read(subject)
    for match in lexicon.matches(words, "things"):
        if match.name in _LIVING_THINGS and match.index < _HEAD_LENGTH:
            return frozenset(() if match.is_plural else (words.words[match.index : match.index + match.length],))
    return frozenset()


_HUMAN_KINDS = frozenset({"elder", "robed"})
_HEAD_ENDS = frozenset({"with", "in", "who", "whose", "of", "on", "at", "holding", "carrying", "wearing"})
_TRADES = ("er", "or", "ar", "man", "woman", "boy", "girl", "maid", "ist", "herd")
_NON_TRADE_WORDS = frozenset({"under", "over", "after", "near", "far", "or"})
"""What ends as trades do, and is none: "an owl under a bridge"."""


def _is_kind(words: lexicon.TextWords, match: lexicon.Match) -> bool:
    """Return whether the subject is of a kind, rather than somebody with such an animal or a trade in them."""
    if match.index >= _HEAD_LENGTH:
        return False
    if match.name in _HUMAN_KINDS:
        return True
    if any(one.name in _HUMAN_THINGS and one.index < match.index for one in lexicon.matches(words, "things")):
        return False
    end = match.index + match.length
    after = words.words[end] if end < len(words.words) else ""
    has_trade = after.endswith(_TRADES) and after not in _NON_TRADE_WORDS
    return not has_trade and not _HEAD_ENDS & set(words.words[: match.index])


_GARMENTS = frozenset({"long", "dress", "suit", "hood"})


@lru_cache(maxsize=64)
def read_subject(text: str) -> PlayerFigure:
    """Return how the player's figure looks.

    Args:
        text: The subject of a world.
    """
    if not text.strip():
        return PlayerFigure()
    words = lexicon.read(text)
    kinds = [match for match in lexicon.matches(words, "figures") if _is_kind(words, match)]
    clothes = frozenset(match.name for match in lexicon.matches(words, "clothes"))
    garments = [match.index for match in lexicon.matches(words, "clothes") if match.name in _GARMENTS]
    colours = list(lexicon.matches(words, "colours"))
    before = [match.name for match in colours if garments and 0 < garments[0] - match.index < 5]
    colour = (before or [match.name for match in colours] or [""])[-1 if before else 0]
    kind = kinds[0].name if kinds else "person"
    return PlayerFigure(kind, clothes, colour)
