"""Spin: the world as a Promela model over tables in C, searched to the end by the compiled verifier.

Its search counts positions and stops at those without a move; whether an ending can still be reached is no
property of single runs, so Spin does not count soft-locks.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from peers.game import Game
from peers.limits import Absent, TimeUp, command, least
from peers.outcome import PeerAnswer

WORD_BITS = 31
"""Bits in one int of the model, all of them positive."""

MEMORY_OPTIONS = (("-m100000", "-w18"), ("-m20000000", "-w25"))
"""Room for the longest run and for the table of positions. Little room costs large worlds time, much room costs
small ones time to clear it; the better of both counts."""


def run(game: Game, seconds: float, memory: int) -> PeerAnswer:
    """Generate, compile and run a verifier; only the run counts as its time."""
    for program, package in (("spin", "spin"), ("gcc", "gcc")):
        if shutil.which(program) is None:
            raise Absent(f"no {program} on this machine (package {package} of the distribution)")
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        (folder / "tables.h").write_text(tables(game))
        (folder / "world.pml").write_text(model(game))
        _, generation_seconds = command(["spin", "-a", "world.pml"], folder, 120)
        limit = f"-DMEMLIM={memory >> 20}"
        flags = ["-O2", "-w", "-DSAFETY", "-DNOREDUCE", limit]
        _, build_seconds = command(["gcc", *flags, "-o", "pan", "pan.c"], folder, 120)
        runs = [attempt for size in MEMORY_OPTIONS if (attempt := _verify(folder, size, seconds)) is not None]
    if not runs:
        raise TimeUp
    output, took = min(runs, key=lambda attempt: attempt[1])
    state_count = re.search(r"(\S+) states, stored", output)
    if state_count is None:
        raise RuntimeError(f"pan did not say how many states it stored: {output[-500:]}")
    return PeerAnswer(int(float(state_count[1])), seconds=took, prepared=generation_seconds + build_seconds)


def _verify(folder: Path, size: tuple[str, ...], seconds: float) -> tuple[str, float] | None:
    """Return what the verifier said and its time with so much room; None when the time or the room is not enough."""
    try:
        output, took = least(lambda: command(["./pan", *size, "-E", "-n", "-b"], folder, seconds))
    except TimeUp:
        return None
    if "max search depth too small" in output:
        return None
    if "Search not completed" in output:
        raise MemoryError
    return output, took


def model(game: Game) -> str:
    """Return the Promela model: one step for every place in a state's list of moves."""
    words = range(_words(game))
    variables = "\n".join(f"int m{word} = 0;" for word in words)
    most = max(map(len, game.moves), default=0)
    options = "\n".join(f"  :: d_step {{ c_expr {{ MAY{i} }} -> c_code {{ GO({i}); }} }}" for i in range(most))
    return f"""c_decl {{
\\#include "tables.h"
}}
short s = {game.start};
{variables}
active proctype world() {{
end:
  do
{options}
  od
}}
"""


def tables(game: Game) -> str:
    """Return the moves as arrays of C, sorted by their source, and the macros that read them."""
    moves = [move for state_moves in game.moves for move in state_moves]
    first = [0]
    for state_moves in game.moves:
        first.append(first[-1] + len(state_moves))
    lines = [_array("short", "target", [move.target for move in moves]), _array("int", "first", first)]
    may, go = ["first[now.s] + (i) < first[now.s + 1]"], []
    for word in range(_words(game)):
        for part in ("need", "gain", "bar"):
            word_parts = [getattr(move, part) >> word * WORD_BITS & (1 << WORD_BITS) - 1 for move in moves]
            lines.append(_array("int", f"{part}{word}", word_parts))
        at = "[first[now.s] + (i)]"
        may.append(f"(now.m{word} & need{word}{at}) == need{word}{at} && !(now.m{word} & bar{word}{at})")
        go.append(f"now.m{word} |= gain{word}{at};")
    go.append("now.s = target[first[now.s] + (i)];")
    lines += [f"#define MAY(i) ({' && '.join(may)})", f"#define GO(i) {' '.join(go)}"]
    # Spin takes a call in a condition for a side effect, so every place gets a name
    lines += [f"#define MAY{i} MAY({i})" for i in range(max(map(len, game.moves), default=0))]
    return "\n".join(["#ifndef TABLES", "#define TABLES", *lines, "#endif", ""])


def _words(game: Game) -> int:
    return max(1, -(-game.width // WORD_BITS))


def _array(kind: str, name: str, numbers: list[int]) -> str:
    return f"static const {kind} {name}[] = {{{', '.join(map(str, numbers or [0]))}}};"
