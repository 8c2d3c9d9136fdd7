"""Peers: other ways to find every position of a world, each in a process of its own, with a time-out."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

from peers.game import Game, game
from peers.limits import GRACE_SECONDS, WALL_TIME_FACTOR, Starved
from peers.outcome import Outcome, PeerAnswer

__all__ = ["PEERS", "PYTHON_PEERS", "ROUTE_PEERS", "Game", "Outcome", "PeerAnswer", "ask", "game"]

PEERS = {
    "naive Python": "naive",
    "packed Python": "packed",
    "networkx": "with_networkx",
    "rustworkx": "with_rustworkx",
    "XState": "xstate",
    "Spin": "spin",
    "C walk": "c_walk",
}
"""The peers that count positions by what they are called, and their modules."""

ROUTE_PEERS = {"XState shortest paths": "xstate_paths"}
"""Those that are only asked for routes."""

PYTHON_PEERS = ("naive Python", "packed Python", "networkx", "rustworkx")
"""Those that need nothing but Python packages."""

ATTEMPTS = 2
"""How often a peer may take its time: Spin is tried with little room and with much."""


def ask(name: str, game: Game, seconds: float = 60.0, memory: int = 6 << 30) -> Outcome:
    """Return what a peer finds out.

    Args:
        name: A key of ``PEERS`` or ``ROUTE_PEERS``.
        game: The game.
        seconds: How much processor time it may take; starting, reading, generating and compiling come on top.
        memory: Most bytes of address space for it; Node gets it as a heap limit.
    """
    command = [sys.executable, "-m", "peers", (PEERS | ROUTE_PEERS)[name], str(seconds), str(memory)]
    # the child keeps to its processor time; this ends one that hangs, with the programs that it started
    clock_limit = math.ceil((ATTEMPTS * seconds + GRACE_SECONDS) * WALL_TIME_FACTOR)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
        start_new_session=True,
    )
    try:
        output, messages = process.communicate(json.dumps(game.to_json()), timeout=clock_limit)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            return Outcome(None, 0.0, str(Starved(clock_limit)))
        raise
    if process.returncode == -signal.SIGXCPU:
        return Outcome(None, seconds, f"> {seconds:g} s")
    if process.returncode:
        last = messages.strip().splitlines()[-1:] or ["nothing said"]
        return Outcome(None, 0.0, f"failed ({process.returncode}): {last[0]}")
    outcome = json.loads(output.splitlines()[-1])
    findings = outcome.pop("answer")
    if findings is not None:
        lengths = findings["lengths"]
        findings["lengths"] = None if lengths is None else {int(state): steps for state, steps in lengths.items()}
    return Outcome(None if findings is None else PeerAnswer(**findings), **outcome)
