"""Editing: the operation vocabulary, atomic batches, and their exact inverses (docs/spec/ops.md).

``apply`` normalises a batch (``canonical``), runs each operation (in ``states``, ``events`` and the other
modules of operations) on a ``Draft``, which records the inverse of every step, and builds the new world.
"""

from __future__ import annotations

from worldkit.editing.batch import Applied, apply
from worldkit.editing.canonical import canonicalize
from worldkit.editing.labels import label
from worldkit.editing.missions import compile_mission
from worldkit.editing.vocabulary import ALIASES, OPS, Op

__all__ = ["ALIASES", "OPS", "Applied", "Op", "apply", "canonicalize", "compile_mission", "label"]
