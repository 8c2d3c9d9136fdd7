"""The loop of ``compiled_walker``, for numba to compile: imported only where numba is installed.

All numbers are signed integers of 64 bits. The generator is Python's own, the Mersenne Twister (Matsumoto and Nishimura
1998) seeded from an array of words, so that a run draws the same numbers as ``random.Random`` gives it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from worldkit.exploration.compiling import compiled

if TYPE_CHECKING:
    Array = np.ndarray[Any, np.dtype[Any]]

STATE_WORDS = 624
"""Words of the generator's state."""

FIRST_WORDS_SEED = 19650218
"""What the words are made of before a seed is mixed in."""

LANES = 8
"""Runs whose generators are seeded side by side, since one word needs the one before and a processor would wait."""


@compiled
def first_words(words: Array) -> None:
    """Fill the words as they are before a seed is mixed in."""
    words[0] = FIRST_WORDS_SEED
    for i in range(1, STATE_WORDS):
        before = int(words[i - 1])
        words[i] = (1812433253 * (before ^ (before >> 30)) + i) & 0xFFFFFFFF


@compiled
def _seed(words: Array, keys: Array) -> None:
    """Mix the words of seeds into the first words, a column each."""
    i, j, size = 1, 0, len(keys)
    for _ in range(max(STATE_WORDS, size)):
        for lane in range(LANES):
            before = words[i - 1, lane]
            words[i, lane] = (words[i, lane] ^ ((before ^ (before >> 30)) * 1664525)) + keys[j, lane] + j
        i += 1
        j += 1
        if i >= STATE_WORDS:
            words[0] = words[STATE_WORDS - 1]
            i = 1
        if j >= size:
            j = 0
    for _ in range(STATE_WORDS - 1):
        for lane in range(LANES):
            before = words[i - 1, lane]
            words[i, lane] = (words[i, lane] ^ ((before ^ (before >> 30)) * 1566083941)) - i
        i += 1
        if i >= STATE_WORDS:
            words[0] = words[STATE_WORDS - 1]
            i = 1
    words[0] = 0x80000000


@compiled
def _word(words: Array, i: int, lane: int) -> int:
    """Return the next number of 32 bits, the word at ``i``; each word is renewed when its turn comes."""
    next_word = int(words[i + 1 if i + 1 < STATE_WORDS else 0, lane])
    mixed_bits = (int(words[i, lane]) & 0x80000000) | (next_word & 0x7FFFFFFF)
    word = int(words[i + 397 if i + 397 < STATE_WORDS else i + 397 - STATE_WORDS, lane]) ^ (mixed_bits >> 1)
    if mixed_bits & 1:
        word ^= 0x9908B0DF
    words[i, lane] = word
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C5680
    word ^= (word << 15) & 0xEFC60000
    return word ^ (word >> 18)


@compiled
def play(
    first: int,
    last: int,
    steps: int,
    start: int,
    start_mask: int,
    key: Array,
    seedless: Array,
    first_edge: Array,
    edges: Array,
    first_runs: Array,
    counts: Array,
    outcomes: Array,
) -> None:
    """Play runs ``first .. last - 1`` at random.

    Args:
        first: The first run.
        last: The run after the last.
        steps: Most steps of a run.
        start: The state that each begins in.
        start_mask: The bits held then.
        key: The words of the seed; the run's number takes the place of the first.
        seedless: The generator's words before a seed is mixed in.
        first_edge: Where the edges of each state begin in ``edges``; one more for the end.
        edges: For each edge: bits it needs, bits it must not have, bits it gives, where it leads, its ms.
        first_runs: The first run that took each edge, -1 for none.
        counts: How often each edge was taken, and how often it could have been.
        outcomes: For each run: its steps, its ms, the state it ended in.
    """
    words = np.empty((STATE_WORDS, LANES), np.uint32)
    keys = np.empty((len(key), LANES), np.uint32)
    open_edges = np.empty(edges.shape[1], np.int64)
    for j in range(len(key)):
        keys[j] = key[j]
    for run in range(first, last):
        lane = (run - first) % LANES
        if not lane:
            for i in range(STATE_WORDS):
                words[i] = seedless[i]
            for other in range(LANES):
                keys[0, other] = run + other
            _seed(words, keys)
        draws = 0
        state, mask, clock, step = start, start_mask, 0, 0
        while step < steps:
            size = 0
            for edge in range(first_edge[state], first_edge[state + 1]):
                if mask & edges[0, edge] == edges[0, edge] and not mask & edges[1, edge]:
                    open_edges[size] = edge
                    size += 1
            if not size:
                break
            high = _word(words, draws, lane) >> 5
            low = _word(words, draws + 1, lane) >> 6
            draws = draws + 2 if draws + 2 < STATE_WORDS else 0
            edge = open_edges[int((high * 67108864.0 + low) * (1.0 / 9007199254740992.0) * size)]
            for place in range(size):
                counts[1, open_edges[place]] += 1
            counts[0, edge] += 1
            if first_runs[edge] < 0:
                first_runs[edge] = run
            mask |= edges[2, edge]
            state = edges[3, edge]
            clock += edges[4, edge]
            step += 1
        outcomes[0, run - first] = step
        outcomes[1, run - first] = clock
        outcomes[2, run - first] = state
