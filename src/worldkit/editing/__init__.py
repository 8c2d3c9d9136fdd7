"""Editing: the operation vocabulary, atomic batches, and their exact inverses (docs/spec/ops.md).

``apply`` normalises a batch (``spelling``), runs each operation (``states``, ``events`` ... by theme)
on a ``Draft``, which writes down how to take every step back, and makes the new world.
"""

from __future__ import annotations

from worldkit.editing.batch import Applied, apply
from worldkit.editing.canonical import normalise
from worldkit.editing.labels import label
from worldkit.editing.missions import compile_mission
from worldkit.editing.vocabulary import ALIASES, OPS, Op

__all__ = ["ALIASES", "OPS", "Applied", "Op", "apply", "compile_mission", "label", "normalise"]
