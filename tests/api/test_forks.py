"""A forked process uses a client and a store that threads of its parent were using: nothing there is held for ever."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import worldkit as wk
from tests.api.scripted import KEY, Answer, Scripted, serving
from worldkit.core import process_lock

USAGE = {"day": "2026-01-01", "usage": {}, "caps": {}}
LIMIT_S = 60


@pytest.fixture
def server() -> Iterator[Scripted]:
    with serving(Answer(USAGE)) as server:
        yield server


@contextmanager
def all_locks_held_by_another_thread() -> Iterator[None]:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with ExitStack() as stack:
            for lock in list(process_lock._locks):
                stack.enter_context(lock)
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    try:
        yield
    finally:
        done.set()
        thread.join()


def succeeds_in_child(work: Callable[[], bool]) -> bool:
    """Say whether work returns True in a forked process, within a minute."""
    child = os.fork()
    if child == 0:
        signal.alarm(LIMIT_S)
        code = 1
        try:
            code = 0 if work() else 1
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_child_that_is_forked_while_every_lock_is_held_uses_clients_and_stores(
    server: Scripted, tmp_path: Path
) -> None:
    api, store = wk.Client(KEY, server.url), wk.Store(tmp_path / "worlds.db")
    stored = store.create(wk.samples.load("bench"))
    assert api.usage().day == USAGE["day"]
    with all_locks_held_by_another_thread():
        assert succeeds_in_child(lambda: api.usage().day == USAGE["day"])
        assert succeeds_in_child(lambda: store.get(stored.id).name == stored.name)
    assert api.usage().day == USAGE["day"] and len(api._sender._connections) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_child_that_is_forked_by_the_thread_that_holds_a_lock_holds_it_too() -> None:
    lock = process_lock.ProcessLock()

    def work() -> bool:
        is_free = lock._lock.acquire(blocking=False)
        lock.__exit__()
        with lock:
            return not is_free

    with lock:
        assert succeeds_in_child(work)
