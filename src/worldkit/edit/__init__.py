"""Editing: the operation vocabulary, atomic batches, and their exact inverses (contract/ops.md).

``apply`` normalises a batch (``spelling``), runs each operation (``states``, ``events`` ... by theme)
on a ``Draft``, which writes down how to take every step back, and makes the new world.
"""

from __future__ import annotations

from worldkit.edit.apply import Applied, apply
from worldkit.edit.labels import label
from worldkit.edit.missions import compile_mission
from worldkit.edit.spelling import normalise
from worldkit.edit.vocabulary import ALIASES, OPS, Op

__all__ = ["ALIASES", "OPS", "Applied", "Op", "apply", "compile_mission", "label", "normalise"]
