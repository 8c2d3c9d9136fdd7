"""Playing runs: a quick way for players at random, one that asks a player at every step, and playing a run again.

A run's random numbers come from the seed and the run's number alone, so runs can be played in any order, in
any number of processes, and again.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from worldkit.playing.transition_table import Action
from worldkit.simulation.policies import Player, Refused
from worldkit.simulation.sim_graph import Board, Place, Stay
from worldkit.simulation.tally import ENDED, LONGEST_CLOCK, OUT, REFUSED, STOPPED, STUCK, Tally


class Taken(NamedTuple):
    """One step of a run: its edge, the ms waited before it, and whether forward was held meanwhile."""

    edge: int
    idle: int
    forward: bool


class _At(NamedTuple):
    place: Place
    mask: int
    clock: int
    since: int
    step: int
    outcome: int | None


class Walker:
    """Plays runs of one world and counts.

    Args:
        board: The world.
        player: Who chooses.
        seed: With a run's number it makes that run's random numbers.
        steps: Most steps of a run.
    """

    def __init__(self, board: Board, player: Player, seed: int, steps: int) -> None:
        self.board = board
        self.player = player
        self.steps = steps
        self._seed = (2 * seed if seed >= 0 else -2 * seed - 1) << 64
        self._rng = random.Random()
        self._waits = 0
        self._fired: dict[int, int] = {}
        self.tally = Tally([], [])

    def play(self, first: int, last: int) -> None:
        """Play runs ``first .. last - 1``, and count."""
        if type(self.player) is Player:
            self._at_random(first, last)
        else:
            for run in range(first, last):
                self._count(self._run(run, None))

    def counted(self) -> Tally:
        """Return what was counted so far."""
        board, tally = self.board, self.tally
        board.settle()
        tally.taken, tally.offered = list(board.taken), list(board.offered)
        for edge, count in self._fired.items():
            tally.taken[edge] += count
            tally.offered[edge] += count
        return tally

    def again(self, run: int) -> list[Taken]:
        """Return the steps of a run, by playing it once more; a walker that does this counts nothing sensible."""
        made: list[Taken] = []
        for number in range(self.player.from_run(run), run + 1):
            made = []
            self._run(number, made)
        return made

    def _begin(self, run: int) -> None:
        self._rng.seed(self._seed + run)

    def _at_random(self, first: int, last: int) -> None:
        # the same as _run with a player at random, with everything at hand
        board, steps, tally = self.board, self.steps, self.tally
        timed, news = board.timed, tally.first
        draw = self._rng.random
        for run in range(first, last):
            self._begin(run)
            self._waits = 0
            place, mask, clock, since, step = board.start, board.mask, 0, 0, 0
            outcome = None
            while step < steps:
                relevant, sets, index = place
                found = sets.get(mask & relevant)
                if found is None:
                    if index in timed:
                        place, mask, clock, since, step, outcome = self._visit(
                            run, _At(place, mask, clock, since, step, None), None
                        )
                        if outcome is None:
                            continue
                        break
                    found = board.choices(place, mask)
                size, counts, landings, edges = found
                if not size:
                    break
                i = int(draw() * size)
                count = counts[i]
                counts[i] = count + 1
                if not count:
                    news.setdefault(edges[i], run)
                place, gain, ms, since = landings[i]
                mask |= gain
                clock += ms
                step += 1
            self._count(_At(place, mask, clock, since, step, outcome))

    def _run(self, run: int, made: list[Taken] | None) -> _At:
        self._begin(run)
        self.player.begin(run)
        self._waits = 0
        at = _At(self.board.start, self.board.mask, 0, 0, 0, None)
        while at.outcome is None and at.step < self.steps:
            at = self._visit(run, at, made)
        return at

    def _visit(self, run: int, at: _At, made: list[Taken] | None) -> _At:
        """Play on until the place is left, or the run is over."""
        board, pick, rng, news = self.board, self.player.pick, self._rng, self.tally.first
        place, mask, clock, since, step, _ = at
        index = place.number
        stay = Stay(since) if index in board.timed else None
        waits: dict[int, tuple[int, bool]] = {}
        while step < self.steps:
            if stay is None:
                found = board.choices(place, mask)
            else:
                found, waits = board.choices_in_time(place, mask, stay)
            if index in board.endings:
                return _At(place, mask, clock, since, step, ENDED)
            if not found.size and not self.player.coded:
                return _At(place, mask, clock, since, step, STUCK)
            try:
                i = pick(board, found, index, mask, step, rng)
            except Refused as refused:
                self.tally.refusals[board.states[index], str(refused)] += 1
                return _At(place, mask, clock, since, step, REFUSED)
            if i is None:
                return _At(place, mask, clock, since, step, STOPPED if found.size else STUCK)
            if i >= 0:
                edge = found.edges[i]
                found.counts[i] += 1
            else:
                edge = -1 - i
                self._fired[edge] = self._fired.get(edge, 0) + 1
            news.setdefault(edge, run)
            idle, forward = waits.get(edge, (0, False))
            landing = board.landings[edge]
            if made is not None:
                made.append(Taken(edge, idle, forward))
            mask |= landing.gain
            clock += idle + landing.ms
            step += 1
            self._waits += board.edges[edge].by != "player"
            if board.edges[edge].moved:
                return _At(landing.place, mask, clock, landing.since, step, None)
            if stay is not None:
                stay.elapsed += idle + landing.ms
                stay.travelled += idle if forward else 0
                what = board.edges[edge].what
                if board.edges[edge].by != "player" and isinstance(what, Action):
                    stay.rung |= {what.index}
        return _At(place, mask, clock, since, step, None)

    def _count(self, at: _At) -> None:
        tally, index = self.tally, at.place.number
        if index in self.board.endings:
            outcome = ENDED
        elif at.outcome is not None:
            outcome = at.outcome
        else:
            outcome = OUT if at.step >= self.steps else STUCK
        tally.steps.append(at.step)
        tally.waits.append(self._waits)
        tally.clocks.append(min(at.clock, LONGEST_CLOCK))
        tally.ends.append(index)
        tally.outcomes.append(outcome)
