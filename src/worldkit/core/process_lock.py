"""A lock that a forked process finds released: the thread that held it at the fork does not exist there."""

from __future__ import annotations

import os
import threading
import weakref


class ProcessLock:
    """A lock among the threads of one process, for ``with``; a child that is forked has one of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None
        _locks.add(self)

    def renew(self) -> None:
        """Release it in a forked process, unless the thread that forked holds it and goes on there."""
        if self._holder != threading.get_ident():
            self._lock, self._holder = threading.Lock(), None

    def __enter__(self) -> None:
        self._lock.acquire()
        self._holder = threading.get_ident()

    def __exit__(self, *_: object) -> None:
        self._holder = None
        self._lock.release()


_locks: weakref.WeakSet[ProcessLock] = weakref.WeakSet()


def _renew_all() -> None:
    for lock in list(_locks):
        lock.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
