"""``Playtest``: the results of many plays of a world, and any of them as a trace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.brief import shown_briefly
from worldkit.core.display import render
from worldkit.core.errors import WorldError, WrongArgument
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import did_you_mean
from worldkit.playing.clock import checked_ms
from worldkit.playing.position import Position
from worldkit.playing.trace import Trace
from worldkit.playing.transition_table import TransitionTable, table_of
from worldkit.simulation import pacing
from worldkit.simulation.pacing import ChoiceShare, Coverage, EndingShare
from worldkit.simulation.policies import SimPlayer
from worldkit.simulation.rows import summarize, to_dict, to_frame
from worldkit.simulation.sim_graph import SimGraph, is_pressable, self_firing_kinds
from worldkit.simulation.tally import ENDED, OUT_OF_STEPS, OUTCOMES, STUCK, Tally
from worldkit.simulation.walker import rerun_steps, session_after
from worldkit.world import World

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas

    from worldkit.exploration.result import Exploration

What = Literal["events", "states", "endings", "choices", "runs"]


@shown_briefly
@checked_methods
@dataclass(frozen=True)
class Playtest:
    """The results of many plays of a world.

    Attributes:
        world: The world.
        policy: Who played, in words.
        seed: The seed; with a run's number it makes the run's random numbers.
        at: Where every run began.
        steps: Most steps of a run.
        asked: How many runs were asked for; ``runs`` says how many were played.
        seconds: How long it took.
        choose_ms: How long a player is taken to read and choose before each press, in ms.
        exploration: An exploration to measure coverage by, if one was given.
        tally: What every run came to, and how often every step was taken.

    Example:
        >>> result = wk.playtest(world, runs=100)
        >>> result.endings
        frozenset({'two_mittens'})
        >>> result.pacing()[0].share
        1.0
    """

    world: World
    policy: str
    seed: int
    at: Position
    steps: int
    asked: int
    seconds: float
    choose_ms: int
    exploration: Exploration | None
    tally: Tally
    _player: SimPlayer

    # ---- how the runs ended ------------------------------------------------------------------

    @property
    def runs(self) -> int:
        """The number of runs played; fewer than asked for when it was cancelled."""
        return self.tally.runs

    @property
    def cancelled(self) -> bool:
        """Whether fewer runs were played than asked for."""
        return self.runs < self.asked

    @property
    def total_steps(self) -> int:
        """The number of steps of all runs together."""
        return sum(self.tally.steps)

    @cached_property
    def outcomes(self) -> Mapping[str, int]:
        """The number of runs by outcome: ended, stuck (nothing to do), out of steps; scripts also stopped, refused.

        Example:
            >>> wk.playtest(world, runs=100, steps=4).outcomes
            {'ended': 11, 'stuck': 0, 'out of steps': 89, 'stopped': 0, 'refused': 0}
        """
        run_counts = Counter(self.tally.outcomes)
        return {name: run_counts[code] for code, name in enumerate(OUTCOMES)}

    @property
    def ended(self) -> int:
        """The number of runs that reached an ending."""
        return self.outcomes["ended"]

    @property
    def stuck(self) -> int:
        """The number of runs that came to where a player has nothing left to do, and no ending."""
        return self.outcomes["stuck"]

    @property
    def out_of_steps(self) -> int:
        """The number of runs that took all their steps without an ending."""
        return self.outcomes["out of steps"]

    @cached_property
    def stuck_in(self) -> Mapping[str, int]:
        """The number of runs by the state in which they got stuck, most first."""
        return self._ends_of(STUCK)

    @cached_property
    def out_of_steps_in(self) -> Mapping[str, int]:
        """The number of runs by the state in which they had no steps left, most first.

        Example:
            >>> wk.playtest(world, runs=100, steps=4).out_of_steps_in
            {'bench': 45, 'lane': 44}
        """
        return self._ends_of(OUT_OF_STEPS)

    @property
    def refusals(self) -> Mapping[tuple[str, str], int]:
        """The number of times that a script was refused, by state and reason."""
        return dict(self.tally.refusals.most_common())

    @cached_property
    def endings_by_share(self) -> tuple[EndingShare, ...]:
        """Every ending of the world, with its share of the runs and how long it took; most frequent first."""
        return self.pacing(self.choose_ms)

    def pacing(self, choose_ms: int | None = None) -> tuple[EndingShare, ...]:
        """Return every ending of the world, most frequent first, with shares, steps and seconds.

        Args:
            choose_ms: How long a player reads and chooses before each press, in ms; ``self.choose_ms`` if None.

        Raises:
            WrongArgument: ``choose_ms`` is negative.

        Example:
            >>> [ending] = wk.playtest(world, runs=100).pacing(choose_ms=2000)
            >>> ending.state, ending.share, ending.seconds.median
            ('two_mittens', 1.0, 40.0)
        """
        milliseconds = self.choose_ms if choose_ms is None else checked_ms(choose_ms, "choose_ms")
        runs_by_end: dict[int, list[int]] = {}
        for run, (end, outcome) in enumerate(zip(self.tally.ends, self.tally.outcomes, strict=True)):
            if outcome == ENDED:
                runs_by_end.setdefault(end, []).append(run)
        shares = []
        for number, id in enumerate(self._table.states):
            if (ending := self._table.endings.get(id)) is not None:
                runs = runs_by_end.get(number, [])
                low, high = pacing.wilson(len(runs), self.runs)
                steps = pacing.percentiles(self.tally.steps[run] for run in runs)
                took = pacing.percentiles(self._seconds_of(run, milliseconds) for run in runs)
                share = len(runs) / self.runs if self.runs else 0.0
                shares.append(EndingShare(id, ending.title, ending.kind, len(runs), share, low, high, steps, took))
        return tuple(sorted(shares, key=lambda ending: -ending.runs))

    # ---- what was seen -----------------------------------------------------------------------

    @cached_property
    def event_hits(self) -> Mapping[str, int]:
        """The number of times that each event was fired, over all runs, in world order.

        Example:
            >>> wk.playtest(world, runs=100).event_hits["walk_back_down_the_lane"]
            218
        """
        return self.tally.event_hits(self._graph)

    @cached_property
    def sequence_hits(self) -> Mapping[str, int]:
        """The number of times that each sequence was started, by ``sequence:<id>``."""
        return self.tally.sequence_hits(self._graph)

    @cached_property
    def state_hits(self) -> Mapping[str, int]:
        """The number of times that each state was entered, the start of a run included, over all runs.

        Example:
            >>> wk.playtest(world, runs=100).state_hits
            {'lane': 318, 'bench': 318, 'two_mittens': 100}
        """
        return self.tally.state_hits(self._graph)

    @property
    def states(self) -> frozenset[str]:
        """The states some run was in."""
        return frozenset(id for id, count in self.state_hits.items() if count)

    @property
    def events(self) -> frozenset[str]:
        """The events some run fired."""
        return frozenset(name for name, count in self.event_hits.items() if count)

    @property
    def endings(self) -> frozenset[str]:
        """The states of the endings some run reached."""
        return frozenset(self._table.endings) & self.states

    @property
    def unseen_states(self) -> tuple[str, ...]:
        """The states no run was in, in world order; it proves nothing, ``explore`` does.

        Example:
            >>> wk.playtest(world, runs=100, steps=2).unseen_states
            ('two_mittens',)
        """
        return tuple(id for id, count in self.state_hits.items() if not count)

    @property
    def unseen_events(self) -> tuple[str, ...]:
        """The events no run fired, in world order.

        Example:
            >>> wk.playtest(world, runs=100, steps=2).unseen_events
            ('hold_out_the_mitten',)
        """
        return tuple(name for name, count in self.event_hits.items() if not count)

    @cached_property
    def code_only(self) -> frozenset[str]:
        """The events no player can fire: hidden, without timer or waypoint, no trigger zone. Only code fires them."""
        names = self._table.by_name.items()
        return frozenset(
            name
            for name, actions in names
            if not any(is_pressable(action) or self_firing_kinds(action) for action in actions)
        )

    @cached_property
    def coverage(self) -> Mapping[str, Coverage]:
        """The numbers of states, events and endings that were seen, and of how many.

        Example:
            >>> coverage = wk.playtest(world, runs=100, steps=2).coverage
            >>> coverage["events"].seen, coverage["events"].total
            (4, 5)
        """
        exploration = self.exploration
        complete = exploration if exploration is not None and exploration.complete else None
        return {
            "states": Coverage(
                len(self.states), len(self.state_hits), None if complete is None else len(complete.states)
            ),
            "events": Coverage(
                len(self.events), len(self.event_hits), None if complete is None else len(complete.events)
            ),
            "endings": Coverage(
                len(self.endings), len(self._table.endings), None if complete is None else len(complete.endings)
            ),
        }

    @cached_property
    def curve(self) -> tuple[tuple[int, int], ...]:
        """The growth of coverage: after so many runs, so many events had been fired at least once.

        Example:
            >>> wk.playtest(world, runs=100, steps=3).curve
            ((1, 1), (1, 2), (2, 3), (2, 4), (30, 5))
        """
        return tuple((run + 1, event_count) for event_count, run in enumerate(sorted(self._first_events.values()), 1))

    def choices(self, state: str | None = None) -> list[ChoiceShare]:
        """Return how often each choice of a player was taken, of the times when it was offered.

        Args:
            state: The id of a state; all states, in world order, when None.

        Raises:
            WorldError: The world has no such state.

        Example:
            >>> for choice in wk.playtest(world, runs=100).choices("bench"):
            ...     print(choice.name, "taken", choice.taken, "times of", choice.offered)
            listen_to_the_leaves taken 185 times of 503
            walk_back_down_the_lane taken 218 times of 503
            hold_out_the_mitten taken 100 times of 286
        """
        if state is not None and state not in self._graph.index:
            raise WorldError(f"this world has no state {quote(state)}{did_you_mean(state, self._graph.index)}")
        places = range(len(self._graph.states)) if state is None else (self._graph.index[state],)
        return [share for place in places for share in self.tally.choice_shares(self._graph, place)]

    # ---- single runs -------------------------------------------------------------------------

    def trace(self, run: int) -> Trace:
        """Return a run, played once more from the seed; a ``Session`` replays it.

        Args:
            run: Its number, from 0; negative numbers count from the last.

        Raises:
            WrongArgument: There was no such run.
            WorldError: The script chose differently this time: it keeps something from run to run, or draws random
                numbers of its own.

        Example:
            >>> result = wk.playtest(world, runs=100)
            >>> trace = result.trace(7)
            >>> wk.replay(world, trace).state
            'two_mittens'
        """
        number = self._number_of(run)
        return session_after(self, self._graph, rerun_steps(self, self._graph, self._player, number)).trace

    def first_run(self, name: str, kind: Literal["state", "event"] | None = None) -> int | None:
        """Return the number of the first run that came to a state or ending, or fired an event; None if none did.

        Args:
            name: The id of a state or the name of an event.
            kind: Which of the two; a state comes first when both have the name.

        Raises:
            WorldError: The world has nothing of that name.

        Example:
            >>> result = wk.playtest(world, runs=100, steps=4)
            >>> result.first_run("walk_back_down_the_lane"), result.first_run("two_mittens")
            (1, 9)
        """
        return (self._first_states if self._is_state(name, kind) else self._first_runs_by_name).get(name)

    def first(self, name: str, kind: Literal["state", "event"] | None = None) -> Trace | None:
        """Return how the first run got to a state or ending, or to firing an event: its trace up to there.

        Args:
            name: The id of a state or the name of an event.
            kind: Which of the two; a state comes first when both have the name.

        Raises:
            WorldError: The world has nothing of that name.

        Example:
            >>> wk.playtest(world, runs=100).first("bench").events
            ('listen_to_the_leaves', 'listen_to_the_leaves', 'pick_up_the_red_mitten', 'walk_up_the_lane')
        """
        is_state, run = self._is_state(name, kind), self.first_run(name, kind)
        if run is None:
            return None
        steps, edges = rerun_steps(self, self._graph, self._player, run), self._graph.edges
        if is_state:
            target = self._graph.index[name]
            if target == self._graph.start.number:
                return session_after(self, self._graph, []).trace
            last = next(i for i, step in enumerate(steps) if target in edges[step.edge].through)
        else:
            last = next(i for i, step in enumerate(steps) if edges[step.edge].name == name)
        return session_after(self, self._graph, steps[: last + 1]).trace

    @property
    def longest(self) -> Trace | None:
        """The run of most steps, the first of several; None when nothing was played.

        Example:
            >>> len(wk.playtest(world, runs=100).longest)
            41
        """
        return self.trace(max(range(self.runs), key=lambda run: self.tally.steps[run])) if self.runs else None

    @property
    def shortest(self) -> Trace | None:
        """The run of fewest steps among those that ended, the first of several; None when none ended.

        Example:
            >>> wk.playtest(world, runs=100).shortest.events
            ('pick_up_the_red_mitten', 'walk_up_the_lane', 'hold_out_the_mitten')
        """
        ended_runs = [run for run, outcome in enumerate(self.tally.outcomes) if outcome == ENDED]
        return self.trace(min(ended_runs, key=lambda run: self.tally.steps[run])) if ended_runs else None

    # ---- showing -----------------------------------------------------------------------------

    @cached_property
    def verdict(self) -> str:
        """The result in one sentence.

        Example:
            >>> wk.playtest(world, runs=100).verdict
            '100 random plays: 100 % reached an ending; they fired 5 of 5 events.'
        """
        return summarize(self)

    def to_dict(self) -> Json:
        """Return the result as JSON values: everything but the single runs.

        Example:
            >>> result = wk.playtest(world, runs=100).to_dict()
            >>> result["format"], result["verdict"]
            ('smworld-playtest', '100 random plays: 100 % reached an ending; they fired 5 of 5 events.')
        """
        return to_dict(self)

    def to_frame(self, what: What = "events") -> pandas.DataFrame:
        """Return a table as a pandas DataFrame.

        Args:
            what: ``"events"``, ``"states"``, ``"endings"``, ``"choices"`` or ``"runs"``.

        Raises:
            MissingExtra: pandas is not installed.
            WrongArgument: There is no such table.

        Example:
            >>> frame = wk.playtest(world, runs=100).to_frame("endings")
            >>> frame[["state", "title", "seconds_median"]]
                     state        title  seconds_median
            0  two_mittens  TWO MITTENS            51.0
        """
        return to_frame(self, what)

    def plot(self, what: Literal["endings", "pacing", "coverage"] = "endings", ax: Any = None) -> matplotlib.axes.Axes:
        """Draw with matplotlib.

        Args:
            what: ``"endings"``: their shares with the 95 % interval; ``"pacing"``: how many steps runs took, by how
                they ended; ``"coverage"``: how many events had been fired after so many runs.
            ax: The axes to draw on; new ones when None.

        Returns:
            The axes.

        Raises:
            MissingExtra: matplotlib is not installed.
            WrongArgument: There is no such plot.

        Example:
            >>> axes = wk.playtest(world, runs=100).plot("endings")
            >>> axes.get_xlabel()
            '% of 100 plays, with 95 % interval'
            >>> axes.figure.savefig("endings.png")
        """
        axes: matplotlib.axes.Axes = render(self, "plot", what, ax)
        return axes

    def __repr__(self) -> str:
        text: str = render(self, "text")
        return text

    def _repr_html_(self) -> str:
        page: str = render(self, "html")
        return page

    # ---- inside ------------------------------------------------------------------------------

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in self.__dataclass_fields__}

    @property
    def _table(self) -> TransitionTable:
        return table_of(self.world)

    @cached_property
    def _graph(self) -> SimGraph:
        return SimGraph(self.world, self.at)

    def seconds_of(self, run: int, choose_ms: int) -> float:
        """Return how long a run took, in seconds.

        Args:
            run: Its number, from 0; negative numbers count from the last.
            choose_ms: How long a player takes before each press, in ms.

        Raises:
            WrongArgument: There was no such run, or ``choose_ms`` is negative.

        Example:
            >>> result = wk.playtest(world, runs=100)
            >>> result.seconds_of(0, choose_ms=0), result.seconds_of(0, choose_ms=2000)
            (13.0, 27.0)
        """
        return self._seconds_of(self._number_of(run), checked_ms(choose_ms, "choose_ms"))

    def _seconds_of(self, run: int, choose_ms: int) -> float:
        presses = self.tally.steps[run] - self.tally.waits[run]
        return (self.tally.clocks[run] + presses * choose_ms) / 1000

    def _number_of(self, run: int) -> int:
        """Return the number of a run, of which a negative one counts from the last."""
        if not -self.runs <= run < self.runs:
            raise WrongArgument("run", f"a number from {-self.runs} to {self.runs - 1}", f"{run}")
        return run % self.runs

    def _ends_of(self, outcome: int) -> Mapping[str, int]:
        pairs = zip(self.tally.ends, self.tally.outcomes, strict=True)
        run_counts = Counter(end for end, end_outcome in pairs if end_outcome == outcome)
        return {self._graph.states[end]: count for end, count in run_counts.most_common()}

    @cached_property
    def _first_runs_by_name(self) -> dict[str, int]:
        return self.tally.first_runs_by_name(self._graph)

    @cached_property
    def _first_events(self) -> dict[str, int]:
        return {name: run for name, run in self._first_runs_by_name.items() if name in self._table.by_name}

    @cached_property
    def _first_states(self) -> dict[str, int]:
        return self.tally.first_runs_by_state(self._graph)

    def _is_state(self, name: str, kind: str | None) -> bool:
        if kind not in (None, "state", "event"):
            raise refusal("kind", '"state", "event" or None', kind)
        if kind != "event" and name in self._table.states:
            return True
        if kind != "state" and (name in self.event_hits or name in self.sequence_hits):
            return False
        states, events = self._table.states, (*self.event_hits, *self.sequence_hits)
        names = states if kind == "state" else events if kind == "event" else (*states, *events)
        raise WorldError(f"this world has no {kind or 'state or event'} {quote(name)}{did_you_mean(name, names)}")
