"""Runs engines in turns: the first one that finishes gives the answer.

Where there are few flags, truth tables are done first in most worlds. Otherwise it cannot be known beforehand which
engine suits a world. Decision diagrams count any number of positions while the flags are nearly independent, and grow
without bound when everything depends on everything; there, a search of the flag sets one by one finishes long before.
So both get processor time in small slices. The diagrams give a lower bound of the positions that the search has to
visit, which shows when it is hopeless. Diagrams get less than half of the time when they are larger than what they have
reached, or have reached less than half of what the search has.

A large world in which few moves gain anything is searched group by group first: that is done or given up soon.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from functools import partial

from worldkit.exploration import compiled_diagrams, compiled_search, explicit_sets, group_search, table_search
from worldkit.exploration.bdd import Diagrams
from worldkit.exploration.budget import Budget, BudgetSpent, Meter
from worldkit.exploration.compiled_diagrams import CompiledDiagrams
from worldkit.exploration.explicit_search import ExplicitSearch
from worldkit.exploration.mask_sets import EngineAnswer, PositionSets, complete_answer
from worldkit.exploration.quotient import QuotientSystem
from worldkit.exploration.symbolic_search import AnyDiagrams, SymbolicSearch
from worldkit.exploration.table_search import TableSearch

MIN_TURN_SECONDS = 0.005
"""Seconds of a turn, at least."""

TURN_SHARE = 0.1
"""A turn takes this part of what its engine has had: few changes in a long run."""

TABLE_SECONDS = 0.02
"""Truth tables have so long before others begin, and"""
PAIR_SECONDS = 1e-6
"""so long more for each mask of a group that they have reached, since any search would take that long,"""
MAX_TABLE_SECONDS = 0.1
"""but no longer than this."""

EDGE_SECONDS, GROUP_SECONDS = 2e-6, 1e-5
"""About what preparing diagrams takes for every edge and group; a search that needs no longer gets that time first."""

COMPILED_PAIRS_PER_SECOND = 10_000_000
"""Groups of masks a second that compiled search goes through, about."""

MEASURING_DELAY_SECONDS = 3 * MIN_TURN_SECONDS
"""Seconds that diagrams are at work before the shares of the time are set by what they have reached."""

COMPILED_DIAGRAMS_DELAY_SECONDS = 0.5
"""Seconds that diagrams are at work before compiled ones take over: making room for those takes a tenth of that."""

MAX_PAIRS = 10**18
"""No search gets through more flag sets of groups than this; larger numbers need not be told apart."""

HOPELESS_RATIO = 4
"""A search that needs so many times as long as all has taken so far gets a small share of the time."""

SMALL_SHARE = 0.2
"""The share of an engine that looks like losing, beside one of 1."""

UNLIMITED_PAIRS = 1 << 62


class EngineTurn:
    """An engine that is at work for a while and then waits.

    Args:
        name: The engine.
        meter: Its clock.
        steps: What it does: yields now and then, and returns what it has reached.
    """

    def __init__(self, name: str, meter: Meter, steps: Generator[None, None, PositionSets]) -> None:
        self.name = name
        self.meter = meter
        self.share = 1.0
        self.seconds = 0.0
        self._steps = steps

    def run(self, seconds: float) -> PositionSets | None:
        """Let it work for so many seconds, about; return what it has reached once that is all.

        Raises:
            BudgetSpent: It gives up.
        """
        start_time = time.thread_time()
        self.meter.pause_at = start_time + seconds
        try:
            while True:
                next(self._steps)
                if time.thread_time() > self.meter.pause_at:
                    return None
        except StopIteration as stop:
            position_sets: PositionSets = stop.value
            return position_sets
        finally:
            self.seconds += time.thread_time() - start_time


class Portfolio:
    """The engines at work on one world.

    Args:
        world: The world.
        budget: What they may cost, together.
        make_meter: Makes a clock for a stage and a share of the time.
        reasons: Why engines gave up is added here.
        only: The one engine to use; None for all.
        share: The share of the time they may take.
        with_tables: Whether truth tables may be used, if ``only`` does not say.

    Attributes:
        engine: The engine that was done first; None before.
    """

    def __init__(
        self,
        world: QuotientSystem,
        budget: Budget,
        make_meter: Callable[[str, float], Meter],
        reasons: list[str],
        only: str | None,
        share: float,
        *,
        with_tables: bool = True,
    ) -> None:
        self.engine: str | None = None
        self._world = world
        self._memory = budget.memory if only else budget.memory // 2
        self._nodes = budget.diagram_nodes(1.0 if only else 0.5)
        self._make_meter = make_meter
        self._reasons = reasons
        self._only = only
        self._share = share
        self._with_tables = with_tables
        self._turns: dict[str, EngineTurn] = {}
        self._started_engines: set[str] = set() if only is None else {"compiled"}
        self._tables: TableSearch | None = None
        self._search: ExplicitSearch | None = None
        self._diagrams: SymbolicSearch | None = None
        self._diagrams_began = 0.0
        self._seconds = 0.0
        self._measure_at = 2 * MEASURING_DELAY_SECONDS

    def run(self) -> EngineAnswer | None:
        """Return the answer of the engine that is done first, or None: all have given up."""
        position_sets = self.reach()
        if position_sets is None or self.engine is None:
            return None
        try:
            meter = self._make_meter(self.engine, 1.0)
            return complete_answer(self._world, position_sets, self.engine, meter)
        except BudgetSpent as error:
            self._reasons.append(f"{self.engine}: {error}")
            return None

    def reach(self) -> PositionSets | None:
        """Return what the engine reached that was done first, or None: all have given up."""
        if self._only in (None, "search") and group_search.suits(self._world):
            groups_searched = self._search_groups()
            if groups_searched is not None:
                return groups_searched
        if self._only is None:
            position_sets = self._start_tables()
            if position_sets is not None:
                return position_sets
        self._start(self._only or "search")
        if self._only is None:
            edges = self._world.edges
            first_turn = max(MIN_TURN_SECONDS, sum(map(len, edges)) * EDGE_SECONDS + len(edges) * GROUP_SECONDS)
            position_sets = self._take_turn(self._turns["search"], first_turn)
            if position_sets is not None:
                return position_sets
            self._start("bdd")
        while True:
            self._start_compiled()
            self._start_compiled_diagrams()
            if not self._turns:
                return None
            turn = min(self._turns.values(), key=lambda turn: turn.seconds / turn.share)
            is_alone = len(self._turns) == 1 and "compiled" in self._started_engines
            position_sets = self._take_turn(turn, 1.0 if is_alone else max(MIN_TURN_SECONDS, TURN_SHARE * turn.seconds))
            if position_sets is not None:
                return position_sets
            if self._diagrams is not None and "oxidd" not in self._turns and self._is_time_to_measure():
                self._measure_at = 2 * self._seconds
                self._share_time(self._diagrams)

    def _start_tables(self) -> PositionSets | None:
        is_compiled = compiled_search.is_loaded() and compiled_search.reason_unfit(self._world) is None
        if not self._with_tables or not table_search.suits(self._world, beside_compiled=is_compiled):
            return None
        self._start("tables")
        seconds = TABLE_SECONDS
        while (turn := self._turns.get("tables")) is not None and turn.seconds < seconds:
            position_sets = self._take_turn(turn, seconds - turn.seconds)
            if position_sets is not None:
                return position_sets
            if self._tables is not None:
                seconds = min(TABLE_SECONDS + PAIR_SECONDS * self._tables.pairs, MAX_TABLE_SECONDS)
        return None

    def _search_groups(self) -> PositionSets | None:
        try:
            position_sets = group_search.solve(self._world, self._memory, self._make_meter("search", self._share))
        except BudgetSpent as error:
            self._reasons.append(f"search: {error}")
            return None
        if position_sets is not None:
            self.engine = "search"
        return position_sets

    def _is_time_to_measure(self) -> bool:
        diagrams = self._turns.get("bdd")
        has_shown_itself = diagrams is None or diagrams.seconds > self._diagrams_began + MEASURING_DELAY_SECONDS
        return has_shown_itself and self._seconds > self._measure_at

    def _start(self, name: str) -> None:
        self._started_engines.add(name)
        meter = self._make_meter(name, self._share)
        start_time = time.thread_time()
        steps: Generator[None, None, PositionSets]
        try:
            if name == "search":
                self._search = ExplicitSearch(self._world)
                steps = explicit_sets.solve(self._search, UNLIMITED_PAIRS, self._memory, meter)
            elif name in ("bdd", "oxidd"):
                self._diagrams = SymbolicSearch(self._world, meter, partial(self._make_diagrams, name))
                steps = self._diagrams.solve()
            elif name == "tables":
                reason = table_search.reason_unfit(self._world, self._memory)
                if reason is not None:
                    raise BudgetSpent(reason)
                self._tables = TableSearch(self._world)
                steps = self._tables.solve(meter)
            else:
                reason = compiled_search.reason_unfit(self._world)
                if reason is not None:
                    raise BudgetSpent(reason)
                if meter.remaining() < compiled_search.seconds_to_load():
                    raise BudgetSpent("too little time is left to compile it")
                steps = compiled_search.solve(self._world, self._memory, meter)
        except BudgetSpent as error:
            self._reasons.append(f"{name}: {error}")
            return
        turn = EngineTurn(name, meter, steps)
        turn.seconds = time.thread_time() - start_time
        if name == "bdd":  # what preparing them took is spent: nobody has to make up for it
            turn.seconds = min(turn.seconds, max((other.seconds for other in self._turns.values()), default=0.0))
            self._diagrams_began = turn.seconds
        self._turns[name] = turn

    def _make_diagrams(self, name: str, width: int, tick: Callable[[], None]) -> AnyDiagrams:
        return Diagrams(width, self._nodes, tick) if name == "bdd" else CompiledDiagrams(width, self._memory, tick)

    def _start_compiled(self) -> None:
        """Let compiled search take over once the search has taken as long as it takes to load the compiled one."""
        if "compiled" in self._started_engines:
            return
        search = self._turns.get("search")
        if search is None or search.seconds > compiled_search.seconds_to_load():
            self._start("compiled")
            if "compiled" in self._turns:
                self._turns.pop("search", None)
                self._search = None

    def _start_compiled_diagrams(self) -> None:
        """Let compiled diagrams take over, and begin anew, once the others have been at work for some time."""
        diagrams = self._turns.get("bdd")
        if self._only is not None or diagrams is None or diagrams.seconds < COMPILED_DIAGRAMS_DELAY_SECONDS:
            return
        if compiled_diagrams.is_installed() and "oxidd" not in self._started_engines:
            self._start("oxidd")
            oxidd = self._turns.get("oxidd")
            if oxidd is not None:
                oxidd.seconds, oxidd.share = diagrams.seconds, diagrams.share
                del self._turns["bdd"]

    def _take_turn(self, turn: EngineTurn, seconds: float) -> PositionSets | None:
        seconds_before = turn.seconds
        try:
            position_sets = turn.run(seconds)
        except BudgetSpent as error:
            self._reasons.append(f"{turn.name}: {error}")
            del self._turns[turn.name]
            if turn.name == "tables":
                self._tables = None
            return None
        finally:
            self._seconds += turn.seconds - seconds_before
        if position_sets is not None:
            self.engine = turn.name
            if self._diagrams is not None:
                self._diagrams.diagrams.release_limits()
        return position_sets

    def _share_time(self, diagrams: SymbolicSearch) -> None:
        """Give the engines their shares of the time by what diagrams have reached so far."""
        pairs = min(diagrams.pairs(), MAX_PAIRS)
        if "bdd" in self._turns:
            searched_pairs = self._search.pairs if self._search is not None else 0
            is_ahead = pairs > max(len(diagrams.diagrams), diagrams.core_share * searched_pairs / 2)
            self._turns["bdd"].share = 1.0 if is_ahead else SMALL_SHARE
        if self._tables is not None:
            pairs = max(pairs, self._tables.pairs)
        for name in ("search", "compiled"):
            turn = self._turns.get(name)
            if turn is None:
                continue
            speed: float = COMPILED_PAIRS_PER_SECOND
            if name == "search" and self._search is not None:
                speed = self._search.pairs / turn.seconds
            seconds_left = pairs / speed - turn.seconds
            if seconds_left > turn.meter.remaining():
                self._reasons.append(f"{name}: more than {pairs:,} flag sets of groups")
                del self._turns[name]
            else:
                turn.share = SMALL_SHARE if seconds_left > HOPELESS_RATIO * self._seconds else 1.0
