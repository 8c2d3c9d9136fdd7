"""XState's graph tools on Node: the adjacency map of a machine whose context holds the flags."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from peers.game import Game
from peers.limits import Absent, command
from peers.outcome import PeerAnswer

HERE = Path(__file__).parent
INSTALL = ("npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", ".", "xstate@5")


def run(game: Game, seconds: float, memory: int, task: str = "positions") -> PeerAnswer:
    """Run ``xstate.mjs`` with the game; XState itself is installed beside it the first time."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Absent(f"no {program} on this machine (Node 20 or newer)")
    if not (HERE / "node_modules" / "xstate").is_dir():
        try:
            command(INSTALL, HERE, 120)
        except Exception as error:
            raise Absent(f"xstate could not be installed: {error}") from error
    words = ["node", f"--max-old-space-size={memory >> 20}", "xstate.mjs", task]
    output, _ = command(words, HERE, seconds, text=json.dumps(game.to_json()))
    answer = json.loads(output)
    lengths = answer.get("lengths")
    return PeerAnswer(
        answer.get("positions"),
        answer.get("stuck"),
        None if lengths is None else {int(state): steps for state, steps in lengths.items()},
        answer["seconds"],
    )
