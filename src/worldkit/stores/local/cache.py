"""``Recent``: the trees a store read or wrote lately."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from worldkit.stores.local.objects import Tree


class Recent:
    """The last few trees by root. What a root stands for never changes, so nothing here is ever stale.

    Args:
        size: Trees kept.
    """

    def __init__(self, size: int = 16) -> None:
        self._size = size
        self._trees: OrderedDict[bytes, Tree] = OrderedDict()
        self._lock = Lock()

    def get(self, root: bytes) -> Tree | None:
        """Return the tree under a root, None when it is not at hand."""
        with self._lock:
            tree = self._trees.get(root)
            if tree is not None:
                self._trees.move_to_end(root)
            return tree

    def put(self, tree: Tree) -> None:
        """Keep a tree, and let the one unused for longest go."""
        with self._lock:
            self._trees[tree.root] = tree
            self._trees.move_to_end(tree.root)
            while len(self._trees) > self._size:
                self._trees.popitem(last=False)
