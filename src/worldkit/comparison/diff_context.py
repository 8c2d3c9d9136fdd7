"""What a difference needs of its two worlds to be read: what stands in every base, and what was added."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from worldkit.comparison.fields import ABSENT, FieldChange
from worldkit.core.json_values import Json
from worldkit.core.unsent_prose import LAYERS, holds_text, without_layers

_BASE = re.compile(r"(?:variants\[\d+\]\.)?base")


@dataclass(frozen=True, slots=True)
class DiffContext:
    """What a difference needs of its two worlds to be read.

    Attributes:
        layers: The subject and the style tail of the world before and of the one after, where they have one.
        states: The bodies of the states that were added, by id.
        events: The bodies of the events that were added, by label.
    """

    layers: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
    states: Mapping[str, Json] = field(default_factory=dict)
    events: Mapping[str, Json] = field(default_factory=dict)

    def own_changes(self, changes: Sequence[FieldChange]) -> tuple[tuple[FieldChange, ...], tuple[str, ...]]:
        """Return the changes of a state without the subject and the style tail that its bases held and hold.

        Returns:
            The changes, but for those of bases in which only such a text changed; and which texts these were.
        """
        own: list[FieldChange] = []
        all_changed_layers: set[str] = set()
        for change in changes:
            layer_texts = self._layer_texts(change)
            before, after = _without(layer_texts, change)
            if change.before is ABSENT and not after:
                own.append(change)
            elif before != after:
                own.append(replace(change, before=before, after=after))
            elif changed_layers := {layer for layer, (old, new) in layer_texts.items() if old != new}:
                all_changed_layers |= changed_layers
            else:  # where such a text stands in the base, or white space, is all that changed
                own.append(change)
        return tuple(own), tuple(layer for layer in LAYERS if layer in all_changed_layers)

    def own_or_whole(self, changes: Sequence[FieldChange]) -> tuple[FieldChange, ...]:
        """Return the changes of a state without those texts in its bases; where only they changed, the whole base."""
        own_by_path = {change.path: change for change in self.own_changes(changes)[0]}
        return tuple(own_by_path.get(change.path, change) for change in changes)

    def _layer_texts(self, change: FieldChange) -> dict[str, tuple[str, str]]:
        """Return the texts that a base held before and holds now, by layer, as they were and are."""
        if not _BASE.fullmatch(change.path):
            return {}
        old, new = self.layers
        pairs = {layer: (old.get(layer, ""), new.get(layer, "")) for layer in LAYERS}
        bases = (change.before, change.after)
        return {
            layer: texts
            for layer, texts in pairs.items()
            if any(texts) and all(_holds(base, text) for base, text in zip(bases, texts, strict=True))
        }


def _holds(base: Any, text: str) -> bool:
    """Say whether a base holds a text; one that is not there lacks nothing."""
    return not isinstance(base, str) or holds_text(base, text)


def _without(layer_texts: Mapping[str, tuple[str, str]], change: FieldChange) -> list[Any]:
    """Return a base before and after, each without the texts that it held."""
    sides = [{layer: texts[side] for layer, texts in layer_texts.items()} for side in (0, 1)]
    bases = zip((change.before, change.after), sides, strict=True)
    return [without_layers(base, texts) if isinstance(base, str) else base for base, texts in bases]
