"""``TreeCache``: the trees a store read or wrote lately."""

from __future__ import annotations

from collections import OrderedDict

from worldkit.core.process_lock import ProcessLock
from worldkit.stores.local.objects import WorldTree


class TreeCache:
    """The most recently used trees by root. A root is a content hash, so that no entry ever becomes stale.

    Args:
        size: Most trees to keep.
    """

    def __init__(self, size: int = 16) -> None:
        self._size = size
        self._trees: OrderedDict[bytes, WorldTree] = OrderedDict()
        self._lock = ProcessLock()

    def get(self, root: bytes) -> WorldTree | None:
        """Return the tree under a root, None when it is not cached."""
        with self._lock:
            tree = self._trees.get(root)
            if tree is not None:
                self._trees.move_to_end(root)
            return tree

    def put(self, tree: WorldTree) -> None:
        """Add a tree, and drop the least recently used one when the cache is full."""
        with self._lock:
            self._trees[tree.root] = tree
            self._trees.move_to_end(tree.root)
            while len(self._trees) > self._size:
                self._trees.popitem(last=False)
