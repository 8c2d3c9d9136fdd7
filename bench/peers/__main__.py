"""One peer in a process of its own: python -m peers MODULE SECONDS BYTES, the game on standard input."""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from peers.game import Game
from peers.limits import Absent, Starved, TimeUp, confine, least, within
from peers.outcome import PeerAnswer

PROGRAM_PEERS = ("xstate", "xstate_paths", "spin", "c_walk")
"""Peers that are programs: they keep to their limits themselves."""


def main() -> None:
    name, seconds, memory = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    game = Game.from_json(json.load(sys.stdin))
    try:
        module = importlib.import_module(f"peers.{name}")
        if name in PROGRAM_PEERS:
            answer = _answer(module.run(game, seconds, memory))
        else:
            confine(seconds, memory)
            answer = _answer(_fastest_answer(module.run, game, seconds))
    except TimeUp:
        answer = {"answer": None, "seconds": seconds, "why": f"> {seconds:g} s"}
    except MemoryError:
        answer = {"answer": None, "seconds": 0.0, "why": f"more than {memory / (1 << 30):g} GiB"}
    except Starved as starved:
        answer = {"answer": None, "seconds": 0.0, "why": str(starved)}
    except (Absent, ImportError) as missing:
        answer = {"answer": None, "seconds": 0.0, "why": f"skipped: {missing}", "skipped": True}
    print(json.dumps(answer))


def _fastest_answer(run: Callable[[Game], PeerAnswer], game: Game, seconds: float) -> PeerAnswer:
    """Return the answer with the least processor time of a few rounds."""

    def once() -> tuple[PeerAnswer, float]:
        with within(seconds):
            began = time.process_time()
            result = run(game)
            return result, time.process_time() - began

    result, took = least(once)
    return replace(result, seconds=took)


def _answer(result: PeerAnswer) -> dict[str, Any]:
    return {"answer": asdict(result), "seconds": result.seconds}


if __name__ == "__main__":
    main()
