"""The packed walk in C, compiled with the world's moves as tables: what a program for this alone would take."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from peers.game import Game
from peers.limits import Absent, command, least
from peers.outcome import PeerAnswer


def run(game: Game, seconds: float, memory: int) -> PeerAnswer:
    """Compile and run it; only the run counts as its time."""
    if shutil.which("gcc") is None:
        raise Absent("no gcc on this machine (package gcc of the distribution)")
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        (folder / "moves.h").write_text(tables(game))
        shutil.copy(Path(__file__).with_name("walk.c"), folder)
        _, build_seconds = command(["gcc", "-O2", "-w", "-o", "walk", "walk.c"], folder, 120)
        output, took = least(lambda: command(["./walk"], folder, seconds))
    positions, stuck_count = map(int, output.split())
    return PeerAnswer(positions, stuck_count, seconds=took, prepared=build_seconds)


def tables(game: Game) -> str:
    """Return the moves as arrays of C, sorted by their source."""
    moves = [move for state_moves in game.moves for move in state_moves]
    first = [0]
    for state_moves in game.moves:
        first.append(first[-1] + len(state_moves))
    is_wide = game.width + game.states.bit_length() > 64
    lines = [
        f"#define WIDE {'unsigned __int128' if is_wide else 'uint64_t'}",
        f"#define WIDTH {game.width}",
        "#define LOW (((P)1 << WIDTH) - 1)",
        f"#define START {game.start}",
        _array("int", "target", [move.target for move in moves]),
        _array("int", "first", first),
        _array("char", "ending", [int(state in game.endings) for state in range(game.states)]),
    ]
    for name, part in (("NEED", "need"), ("GAIN", "gain"), ("BAR", "bar")):
        low = [getattr(move, part) & (1 << 64) - 1 for move in moves]
        lines.append(_array("uint64_t", f"{part}_low", low, "u"))
        if is_wide:
            lines.append(_array("uint64_t", f"{part}_high", [getattr(move, part) >> 64 for move in moves], "u"))
            lines.append(f"#define {name}(m) ((P){part}_high[m] << 64 | {part}_low[m])")
        else:
            lines.append(f"#define {name}(m) {part}_low[m]")
    return "\n".join([*lines, ""])


def _array(kind: str, name: str, numbers: list[int], suffix: str = "") -> str:
    return f"static const {kind} {name}[] = {{{', '.join(f'{number}{suffix}' for number in numbers or [0])}}};"
