"""How a peer is kept within its time and memory, and says so.

Time is processor time. On a busy machine a long run is interrupted all the time and a short one is not: by the
clock on the wall every peer that takes seconds would look several times slower than it is.
"""

from __future__ import annotations

import math
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
WALL_TIME_FACTOR = 8
"""A peer that has not had its processor time after so many times as long is given up, without a figure."""

GRACE_SECONDS = 20.0
"""Seconds a peer gets to start, read the world and stop, beside its time."""


class TimeUp(Exception):
    """The peer's processor time is up."""


class Starved(Exception):
    """The machine was too busy to give the peer its time, which says nothing about the peer; its text says so."""

    def __init__(self, clock_limit: int) -> None:
        super().__init__(f"did not finish in {clock_limit:,} s")


class Absent(Exception):
    """What the peer needs is not on this machine; its text says what and how to get it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise ``TimeUp`` in the body when it takes more processor time."""

    def ring(*_: object) -> None:
        raise TimeUp

    signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def least(call: Callable[[], tuple[T, float]]) -> tuple[T, float]:
    """Return the last result and the least seconds of up to three calls; one that takes a second is made once."""
    times: list[float] = []
    while True:
        result, took = call()
        times.append(took)
        if len(times) == 3 or took > 1:
            return result, min(times)


def confine(seconds: float, memory: int) -> None:
    """Take no more address space than so many bytes, where the system knows such a limit, nor much more time.

    The time is for code that is not Python: ``within`` waits until it returns.
    """
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    most = math.ceil(time.process_time() + seconds + GRACE_SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))


def command(words: Sequence[str], folder: Path, seconds: float, text: str = "") -> tuple[str, float]:
    """Run a program and return what it wrote, and the processor time it took in seconds.

    Args:
        words: The program and its arguments.
        folder: Where it runs.
        seconds: How much processor time it may take, of all its threads.
        text: What it reads.

    Raises:
        TimeUp: It took more.
        Starved: It did not get that much.
        MemoryError: It ran out of memory, by its own words.
        RuntimeError: It failed.
    """
    most = math.ceil(seconds)
    before = _children()
    began = time.perf_counter()
    try:
        process = subprocess.run(
            words,
            input=text,
            capture_output=True,
            text=True,
            cwd=folder,
            timeout=most * WALL_TIME_FACTOR,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5)),
        )
    except subprocess.TimeoutExpired:
        raise Starved(most * WALL_TIME_FACTOR) from None
    took = min(_children() - before, time.perf_counter() - began)
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise TimeUp if _children() - before >= most - 1 else MemoryError
    output = process.stdout + process.stderr
    if any(sign in output for sign in ("out of memory", "heap limit", "Out of memory", "Cannot allocate")):
        raise MemoryError
    if process.returncode:
        raise RuntimeError(f"{words[0]} failed ({process.returncode}): {output.strip()[-500:]}")
    return process.stdout, took


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
