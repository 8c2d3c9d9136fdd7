"""The game every peer plays: a world's moves over bits, read from the document and not from worldkit's tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

Json = dict[str, Any]


class Move(NamedTuple):
    """From a state to a state, when every bit of ``need`` and none of ``bar`` is held; ``gain`` is held then."""

    source: int
    target: int
    need: int
    gain: int
    bar: int


@dataclass(frozen=True)
class Game:
    """A start, moves and endings; a position is a state and the bits held.

    Attributes:
        states: How many states there are.
        width: How many bits a position holds: a bit a flag, then a bit a tracked one-shot.
        start: The state of the first position, which holds no bit.
        endings: The states with no way on because the run is over.
        moves: What can be done, by source.
    """

    states: int
    width: int
    start: int
    endings: frozenset[int]
    moves: tuple[tuple[Move, ...], ...]

    def to_json(self) -> Json:
        """Return it as JSON; masks are lists of bits, as JavaScript has no integers of 64 bits."""
        return {
            "states": self.states,
            "width": self.width,
            "start": self.start,
            "endings": sorted(self.endings),
            "moves": [
                [move.source, move.target, bits(move.need), bits(move.gain), bits(move.bar)]
                for moves in self.moves
                for move in moves
            ],
        }

    @classmethod
    def from_json(cls, document: Json) -> Game:
        """Read what ``to_json`` wrote."""
        moves: list[list[Move]] = [[] for _ in range(document["states"])]
        for source, target, need, gain, bar in document["moves"]:
            moves[source].append(Move(source, target, mask(need), mask(gain), mask(bar)))
        return cls(
            document["states"],
            document["width"],
            document["start"],
            frozenset(document["endings"]),
            tuple(map(tuple, moves)),
        )


def bits(flags: int) -> list[int]:
    """Return the numbers of the bits of a mask."""
    return [bit for bit in range(flags.bit_length()) if flags >> bit & 1]


def mask(flags: Iterable[int]) -> int:
    """Return the mask of some bits."""
    return sum(1 << bit for bit in flags)


def game(document: Json, one_shots: Iterable[str] = ()) -> Game:
    """Return a document's game.

    Args:
        document: An SMWorld document without sequences.
        tracked: The one-shots whose use is part of a position. Uses that change nothing later only multiply
            positions; no engine of the comparison, ours included, has to count those.
    """
    if document.get("sequences") or document["scene"].get("sequences"):
        raise ValueError("the peers do not walk sequences; leave worlds that have some out of the comparison")
    scene = document["scene"]
    index = {id: number for number, id in enumerate(scene["states"])}
    cuts = {cutscene["id"]: cutscene["to"] for cutscene in document.get("cutscenes") or scene.get("cutscenes") or ()}
    acts = [event for event in scene["events"] if not (event["kind"] == "terminal" and "terminal" in event)]
    names = sorted({flag for event in acts for flag in event.get("grants", ())})
    bit = {name: number for number, name in enumerate(names)}
    bit_of = {name: len(names) + number for number, name in enumerate(one_shots)}
    endings = frozenset(index[id] for id, state in scene["states"].items() if state.get("ending"))
    moves: list[list[Move]] = [[] for _ in index]
    for event in acts:
        if not bit.keys() >= set(event.get("requires", ())):
            continue  # nobody grants it: never
        lands = event.get("to") if event["kind"] == "transition" else None
        target = index.get(cuts.get(lands, lands))
        bar = 1 << bit_of[event["name"]] if event.get("oneShot") and event["name"] in bit_of else 0
        need = mask(bit[flag] for flag in set(event.get("requires", ())))
        gain = mask(bit[flag] for flag in set(event.get("grants", ()))) | bar
        for id in dict.fromkeys(event["from"]):
            if id in index and index[id] not in endings:
                source = index[id]
                moves[source].append(Move(source, source if target is None else target, need, gain, bar))
    start = index[(document.get("entrance") or {}).get("state") or next(iter(index))]
    return Game(len(index), len(names) + len(bit_of), start, endings, tuple(map(tuple, moves)))
