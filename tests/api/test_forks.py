"""A forked process uses a client and a store that threads of its parent were using: nothing there is held for ever."""

from __future__ import annotations

import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import worldkit as wk
from tests.api.scripted import KEY, Answer, Scripted, serving
from tests.forks import fork
from worldkit.core import process_lock
from worldkit.exploration.bdd import Diagrams
from worldkit.exploration.symbolic_search import working_on
from worldkit.stills.listeners import announce_still, was_announced
from worldkit.stills.record import StillRecord
from worldkit.stills.watch import StillsWatch
from worldkit.widgets.open_editors import editor_of
from worldkit.widgets.property_check import PropertyCheck

USAGE = {"day": "2026-01-01", "usage": {}, "caps": {}}
LIMIT_S = 60
STILL = StillRecord("lane", "A lane.", "0" * 64 + ".jpg", "1" * 64 + ".jpg", 16, 9)


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
            if sys.version_info < (3, 12):  # each cached property has one lock for all objects
                for lazy in process_lock._lazy_attributes():
                    stack.enter_context(lazy.lock)
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
    """Say whether work returns True in a forked process."""
    child = fork()
    if child == 0:
        code = 1
        try:
            code = 0 if work() else 1
        except BaseException:
            traceback.print_exc()
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

    def is_taken() -> bool:
        answers = list[bool]()
        thread = threading.Thread(target=lambda: answers.append(lock.acquire(timeout=0)))
        thread.start()
        thread.join()
        return answers == [False]

    def work() -> bool:
        was_taken = is_taken()
        lock.release()
        return was_taken and not is_taken() and not lock.was_interrupted

    with lock:
        assert succeeds_in_child(work)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_child_that_is_forked_while_every_lock_is_held_explores_stores_stills_and_reads_worlds(
    tmp_path: Path,
) -> None:
    world = wk.samples.load("bench")
    exploration = wk.explore(world, engine="bdd")
    edited = world.apply([{"op": "add_state", "id": "attic", "state": {"base": "An attic."}}])
    states = exploration.states

    def work() -> bool:
        assert wk.explore(world, engine="bdd").states == wk.explore(edited, engine="bdd").states == states
        assert wk.explore(world).soft_locks == [] and edited.lint("studio") and world.verify().score
        editor_of(world)
        announce_still(STILL, tmp_path)
        return was_announced(STILL, tmp_path)

    with all_locks_held_by_another_thread():
        assert succeeds_in_child(work)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_diagrams_on_which_another_thread_worked_at_a_fork_are_not_gone_on_with() -> None:
    diagrams = Diagrams(2)

    def work() -> bool:
        with pytest.raises(wk.WorldError, match="explore the world again"), working_on(diagrams):
            pass
        return True

    with all_locks_held_by_another_thread():
        assert succeeds_in_child(work)
    with working_on(diagrams):
        assert diagrams.singleton(1) != diagrams.singleton(2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_watch_of_stills_looks_in_a_forked_process_too(tmp_path: Path) -> None:
    class Opened:
        def folders(self) -> list[Path]:
            return [tmp_path]

    watch, first, second = StillsWatch(), Opened(), Opened()
    watch.add(first.folders)

    def work() -> bool:
        watch.add(second.folders)
        return any(thread.name == "worldkit-stills" for thread in threading.enumerate())

    assert succeeds_in_child(work)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_check_of_properties_that_its_parent_began_is_done_in_a_forked_process() -> None:
    is_held = threading.Event()
    check = PropertyCheck(lambda: is_held.wait() and None)  # its thread goes on in the parent while this one forks
    world, properties = wk.samples.load("bench"), wk.Properties({"an end": wk.possible("ending")})
    check.request(world, properties, 0.0)

    def work() -> bool:
        is_held.set()
        check.request(world, properties, 0.0)
        return check.wait(LIMIT_S) and not check.is_running and len(check.outcomes) == 1

    with all_locks_held_by_another_thread():
        assert succeeds_in_child(work)
    is_held.set()
    assert check.wait(LIMIT_S)


def test_every_lock_is_one_that_a_forked_process_finds_released() -> None:
    folder = Path(wk.__file__).parent
    texts = {path.relative_to(folder): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    kinds = re.compile(r"threading.*\b(R?Lock|Condition)\b")
    with_lock = {path.as_posix() for path, text in texts.items() if kinds.search(text)}
    assert with_lock == {"core/process_lock.py"}
