"""Forks this process for a test."""

from __future__ import annotations

import gc
import os
import signal

LIMIT_S = 300
"""Seconds after which a forked process is killed."""


def fork() -> int:
    """Fork this process; returns 0 in the new one, its id in the other.

    A lock of SQLite that another thread holds at that moment stays held in the new process for ever. Such a thread
    need only collect garbage, and among it a connection; so nothing is collected while this process forks.
    """
    gc.collect()
    gc.disable()
    try:
        pid = os.fork()
    finally:
        gc.enable()
    if pid == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # a handler in Python would wait for the same lock
        signal.alarm(LIMIT_S)
    return pid
