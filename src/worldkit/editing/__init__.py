"""Editing: the operation vocabulary, atomic batches, and their exact inverses (docs/spec/ops.md).

``batch.apply`` normalises a batch (``canonical``), runs each operation (in ``states``, ``events`` and the other
modules of operations) on a ``Draft``, which records the inverse of every step, and builds the new world.

Nothing is imported here: code that needs one table, such as the reserved keys, does not load all operations.
"""
