"""Random play by others: the stepper one call at a time, and ChoiceScript's randomtest."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from pathlib import Path

import worldkit as wk
from peers.game import Game, bits
from peers.limits import command


def stepping(world: wk.World, plays: int, steps: int, seed: int = 0) -> tuple[float, int]:
    """Play a world through ``Session``, as anybody would: ask what there is, fire one of it.

    Args:
        world: The world.
        plays: How many plays.
        steps: Most steps of a play.
        seed: Seed.

    Returns:
        The seconds of processor time it took and the steps it did.
    """
    rng = random.Random(seed)
    step_count = 0
    began = time.process_time()
    for _ in range(plays):
        session = wk.Session(world)
        for _ in range(steps):
            names = [offer.name for offer in session.offers if offer.available]
            if session.ended or not names:
                break
            session.fire(rng.choice(names))
            step_count += 1
    return time.process_time() - began, step_count


def randomtest(game: Game, checkout: Path, plays: int, steps: int, seconds: float) -> float:
    """Return how many seconds of processor time ChoiceScript's randomtest takes, Node's start included.

    Args:
        game: The game; its states become labels of one scene.
        checkout: A checkout of ChoiceScript, which no registry holds.
        plays: How many plays.
        steps: Most steps of a play; a counter in the scene ends longer ones.
        seconds: How long it may take.
    """
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory) / "choicescript"
        shutil.copytree(checkout, folder, ignore=shutil.ignore_patterns(".git"))
        (folder / "web/mygame/scenes/startup.txt").write_text(scene(game, steps))
        options = [f"num={plays}", "game=mygame", "seed=0", "showText=false", "showChoices=false"]
        options += ["showCoverage=false", "avoidUsedOptions=false"]
        output, took = command(["node", "randomtest.js", *options], folder, seconds)
    if "RANDOMTEST PASSED" not in output:
        raise RuntimeError(f"randomtest did not pass: {output.strip()[-500:]}")
    return took


def scene(game: Game, steps: int) -> str:
    """Return the game as a ChoiceScript scene; a play ends where nothing can be done, or after so many steps."""
    lines = [f"*create bit_{bit} false" for bit in range(game.width)]
    lines += ["*create steps 0", f"*goto state_{game.start}"]
    for state, moves in enumerate(game.moves):
        lines.append(f"*label state_{state}")
        guards = [_guard(move.need, move.bar) for move in moves]
        ends = f"steps >= {steps}"
        if all(guards):
            ends = f"({ends}) or (not({_join_conditions('or', guards)}))" if guards else "true"
        lines += [f"*if ({ends})", "  *finish"]
        if not guards:
            continue
        lines += ["*set steps + 1", "*choice"]
        for number, (move, guard) in enumerate(zip(moves, guards, strict=True)):
            lines.append(f"  *if ({guard}) #move {number}" if guard else f"  #move {number}")
            lines += [f"    *set bit_{bit} true" for bit in bits(move.gain)]
            lines.append(f"    *goto state_{move.target}")
    return "\n".join(lines) + "\n"


def _guard(need: int, bar: int) -> str:
    return _join_conditions("and", [f"bit_{bit}" for bit in bits(need)] + [f"not(bit_{bit})" for bit in bits(bar)])


def _join_conditions(word: str, parts: list[str]) -> str:
    """Return the parts under one operator, in pairs: ChoiceScript takes two operands and wants parentheses."""
    condition = parts[0] if parts else ""
    for part in parts[1:]:
        condition = f"({condition}) {word} ({part})"
    return condition
