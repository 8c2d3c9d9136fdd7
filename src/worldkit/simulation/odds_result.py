"""``Odds``: how likely each ending and each event is in random play, and how long a play lasts."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Literal

from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import NoSuchKey, WorldError
from worldkit.core.json_values import Json, quote
from worldkit.exploration.budget import Budget, BudgetSpent, Meter
from worldkit.playing.session import Session
from worldkit.properties.named_properties import PropertiesGiven, as_named_properties
from worldkit.simulation import odds_text
from worldkit.simulation.absorption import TooRarelyLeft, Visits
from worldkit.simulation.chain import Chain, ChainTooLarge, build_chain
from worldkit.simulation.chain_answers import (
    ending_probabilities,
    expected_cost,
    expected_firings,
    firing_probability,
    lock_costs,
    stuck_probability,
)
from worldkit.simulation.chance import BrokenChances, Chance, OddsComparison
from worldkit.simulation.pacing import wilson
from worldkit.simulation.property_memory import PropertyMemory, is_combined
from worldkit.simulation.result import Playtest
from worldkit.simulation.sim_graph import SimGraph
from worldkit.simulation.weights import WeightedPolicy
from worldkit.world import World

BYTES_PER_POINT = 2_000
"""About what one point of a chain costs, its steps among it."""

MAX_STEPS = 2_000
"""How long simulated plays may be, where the chain does not fit."""


@shown_briefly
@checked_methods
class Odds:
    """The outcome of random play; ``wk.odds`` makes it.

    Attributes:
        world: The world.
        policy: Who plays.
        exact: Whether the numbers are those of the whole chain; otherwise they are shares of simulated plays.
        residual: The largest error of the solution relative to it, found by putting it into the equations again.
        positions: How many points the chain has; how many plays were simulated when it is not exact.
        seconds: How long it took.

    Example:
        >>> odds = wk.odds(world)
        >>> odds.endings["two_mittens"].value, odds.exact
        (1.0, True)
        >>> odds
        Exact odds of 5 points: 100 % reach an ending; 12.0 steps, 54 s on average.
             100 %  two_mittens (win)
          costliest gate: hold_out_the_mitten, 2.0 steps before it while locked
    """

    def __init__(
        self,
        world: World,
        policy: Literal["uniform"] | WeightedPolicy,
        budget: Budget,
        choose_ms: int,
        chain: Chain | None,
        visits: Visits | None,
        plays: Playtest | None,
        seconds: float,
    ) -> None:
        self.world = world
        self.policy = policy
        self.seconds = seconds
        self._budget = budget
        self._choose_ms = choose_ms
        self._chain = chain
        self._visits = visits
        self._plays = plays

    @property
    def exact(self) -> bool:
        """Whether the probabilities were computed, not simulated."""
        return self._chain is not None

    @property
    def residual(self) -> float:
        """The largest error that is left in an equation of the chain; 0 for simulated odds."""
        return 0.0 if self._visits is None else self._visits.residual

    @property
    def positions(self) -> int:
        """The number of points of the chain; of simulated odds, the number of plays."""
        if self._chain is not None:
            return len(self._chain.places)
        return 0 if self._plays is None else self._plays.runs

    @property
    def stopped_early(self) -> bool:
        """Whether fewer plays were simulated than wanted: the time was up, or it was cancelled."""
        return self._plays is not None and self._plays.cancelled

    @property
    def _chain_and_visits(self) -> tuple[Chain, Visits]:
        assert self._chain is not None and self._visits is not None
        return self._chain, self._visits

    # ---- how plays end -------------------------------------------------------------------------

    @cached_property
    def endings(self) -> Mapping[str, Chance]:
        """The probability of every ending of the world, by the id of its state; most likely first.

        Example:
            >>> wk.odds(world).endings
            {'two_mittens': Chance(value=1.0, low=1.0, high=1.0)}
        """
        ids = [id for id, state in self.world.states.items() if state.ending is not None]
        if self._plays is not None:
            shares = {share.state: Chance(share.share, share.low, share.high) for share in self._plays.pacing()}
            chances = {id: shares.get(id, Chance(0.0, *wilson(0, self._plays.runs))) for id in ids}
        else:
            probabilities = ending_probabilities(*self._chain_and_visits, ids)
            chances = {id: Chance.exactly(probability) for id, probability in probabilities.items()}
        return _Endings(sorted(chances.items(), key=lambda item: -item[1].value))

    @property
    def ended(self) -> float:
        """The probability that a play reaches an ending.

        Example:
            >>> round(wk.odds(world).ended, 2)
            1.0
        """
        return Chance.exactly(math.fsum(chance.value for chance in self.endings.values())).value

    @cached_property
    def stuck(self) -> float:
        """The probability that a play comes to where a player has nothing left to do, and no ending.

        Example:
            >>> trap = world.apply([
            ...     {"op": "delete_event", "name": "walk_back_down_the_lane"},
            ...     {"op": "delete_event", "name": "listen_to_the_leaves"},
            ... ])
            >>> round(wk.odds(trap).stuck, 3)
            0.5
        """
        if self._plays is not None:
            return (self._plays.stuck + self._plays.outcomes["stopped"]) / self._plays.runs
        return stuck_probability(*self._chain_and_visits)

    @property
    def endless(self) -> float:
        """The probability that a play never ends; for simulated plays, that it ran out of steps."""
        if self._plays is not None:
            return self._plays.out_of_steps / self._plays.runs
        return self._chain_and_visits[1].trap_probability

    # ---- steps and time ------------------------------------------------------------------------

    @cached_property
    def expected_steps(self) -> float:
        """The average number of steps of a play; infinite when it may never end.

        Example:
            >>> round(wk.odds(world).expected_steps, 2)
            12.0
        """
        return self._average(lambda edge, ms: 1.0, lambda plays: plays.total_steps)

    @cached_property
    def expected_seconds(self) -> float:
        """The average length of a play in seconds: what plays, what is waited for, and the time to choose."""
        return self._average(
            lambda edge, ms: (ms + (self._choose_ms if self._is_pressed(edge) else 0)) / 1000,
            lambda plays: (
                (sum(plays.tally.clocks) + self._choose_ms * (plays.total_steps - sum(plays.tally.waits))) / 1000
            ),
        )

    def _average(self, cost: Callable[[int, int], float], total: Callable[[Playtest], float]) -> float:
        if self._plays is not None:
            return total(self._plays) / self._plays.runs
        chain, visits = self._chain_and_visits
        if visits.trap_probability > 0:
            return math.inf
        return expected_cost(chain, visits, cost)

    def _is_pressed(self, edge: int) -> bool:
        return self._chain_and_visits[0].graph.edges[edge].by == "player"

    # ---- events --------------------------------------------------------------------------------

    @cached_property
    def firings(self) -> Mapping[str, float]:
        """The average number of times that every event and sequence is fired in a play; most often first.

        Example:
            >>> firings = wk.odds(world).firings
            >>> round(firings["walk_up_the_lane"], 2), round(firings["walk_back_down_the_lane"], 2)
            (3.0, 2.0)
        """
        names = dict.fromkeys((*(event.name for event in self.world.events), *self._sequence_names()), 0.0)
        if self._plays is not None:
            graph = SimGraph(self.world, self._plays.at)
            for edge, firing_count in zip(graph.edges, self._plays.tally.take_counts, strict=True):
                names[edge.name] += firing_count / self._plays.runs
        else:
            for name, expected_count in expected_firings(*self._chain_and_visits):
                names[name] += expected_count
        return dict(sorted(names.items(), key=lambda item: -item[1]))

    def _sequence_names(self) -> list[str]:
        return [f"sequence:{sequence.id}" for sequence in self.world.sequences or ()]

    @property
    def events(self) -> Mapping[str, Chance]:
        """The probability that a play fires an event at least once, by name; worked out when it is looked up.

        Raises:
            WorldError: On a look-up, when the chain is not exact: a simulation counts firings, see ``firings``.

        Example:
            >>> wk.odds(world).events["walk_back_down_the_lane"]
            Chance(value=0.75, low=0.75, high=0.75)
        """
        chances: dict[str, Chance] = self.__dict__.setdefault("_event_chances", {})
        return _Events(self.firings, chances, self._event_chance)

    def _event_chance(self, name: str) -> Chance:
        if self._chain is None:
            raise WorldError("the odds are not exact, and simulated plays count firings alone; see .firings")
        try:
            return Chance.exactly(firing_probability(self._chain, name, self._meter()))
        except BudgetSpent:
            raise WorldError(f"the odds of {quote(name)} were not computed in time; take a larger budget") from None
        except TooRarelyLeft:
            raise WorldError(f"the odds of {quote(name)} were not computed: a play takes too many steps") from None

    def _meter(self) -> Meter:
        return Meter("odds", time.perf_counter() + self._budget.seconds)

    @cached_property
    def gates(self) -> Mapping[str, float]:
        """The cost of locks: for every event, the steps a play takes on average while it is here and locked.

        Costliest first; events that are never met locked are left out.

        Example:
            >>> {name: round(steps, 2) for name, steps in wk.odds(world).gates.items()}
            {'hold_out_the_mitten': 2.0}
        """
        costs = {} if self._chain is None else lock_costs(*self._chain_and_visits)
        return dict(sorted(costs.items(), key=lambda item: -item[1]))

    # ---- properties ----------------------------------------------------------------------------

    def broken(self, properties: PropertiesGiven = None) -> BrokenChances:
        """Return the probability that a play breaks each property.

        Args:
            properties: As for ``wk.check``; those beside the world's file by default. A play breaks ``possible`` when
                it never comes there, and ``always possible`` when it makes it impossible.

        Returns:
            The probabilities by the names of the properties. A combined property of the file has none, because no
            single play breaks it; ``omitted`` of the mapping names those.

        Raises:
            WorldError: The chain does not fit or a play takes too long, or a property that was given is a combined one.

        Example:
            >>> wk.odds(world).broken("no ending within 3 steps")
            {'no ending within 3 steps': Chance(value=0.0555555..., low=0.0555555..., high=0.0555555...)}
        """
        names, named_statements = as_named_properties(self.world, properties)
        omitted_names: tuple[str, ...] = ()
        if properties is None:
            omitted_names = tuple(name for name, statement in named_statements if is_combined(statement))
            named_statements = [(name, statement) for name, statement in named_statements if name not in omitted_names]
        chances = BrokenChances(omitted_names)
        for name, statement in named_statements:
            graph = SimGraph(self.world, Session(self.world).position)
            memory = PropertyMemory(names, graph, statement)
            policy = self.policy if isinstance(self.policy, WeightedPolicy) else None
            meter = self._meter()
            try:
                chain = build_chain(graph, policy, self._most_points, meter, memory)
                chances[name] = Chance.exactly(memory.broken_share(chain, meter))
            except (ChainTooLarge, BudgetSpent):
                raise WorldError(f"the odds of {quote(name)} were not computed: the chain does not fit") from None
            except TooRarelyLeft:
                raise WorldError(f"the odds of {quote(name)} were not computed: a play takes too many steps") from None
        return chances

    @property
    def _most_points(self) -> int:
        return max(1, self._budget.memory // BYTES_PER_POINT)

    # ---- showing -------------------------------------------------------------------------------

    def to_dict(self) -> Json:
        """Return the odds as JSON values; what is infinite is null."""
        return {
            "exact": self.exact,
            "positions": self.positions,
            "residual": self.residual,
            "ended": self.ended,
            "stuck": self.stuck,
            "endless": self.endless,
            "expectedSteps": self.expected_steps if math.isfinite(self.expected_steps) else None,
            "expectedSeconds": self.expected_seconds if math.isfinite(self.expected_seconds) else None,
            "endings": {
                id: {"value": chance.value, "low": chance.low, "high": chance.high}
                for id, chance in self.endings.items()
            },
            "firings": dict(self.firings),
            "gates": dict(self.gates),
        }

    def compare(self, other: Odds) -> OddsComparison:
        """Return these odds beside others: of an edited world, or of another policy.

        Args:
            other: The others.

        Example:
            >>> edit = {"op": "update_event", "name": "hold_out_the_mitten", "patch": {"requires": []}}
            >>> print(repr(wk.odds(world).compare(wk.odds(world.apply([edit])))).splitlines()[1])
            steps              12.0 ->      7.7
        """
        return OddsComparison(self, other)

    def __repr__(self) -> str:
        return odds_text.text(self, MAX_STEPS)

    def _repr_html_(self) -> str:
        return odds_text.page(self, MAX_STEPS)


class _Endings(dict[str, Chance]):
    """The chance of every ending; what is no ending is refused by name."""

    def __missing__(self, name: str) -> Chance:
        raise NoSuchKey(name, self)


class _Events(Mapping[str, Chance]):
    """The chance of every event, worked out when it is looked up and kept."""

    def __init__(self, names: Mapping[str, float], chances: dict[str, Chance], chance: Callable[[str], Chance]) -> None:
        self._names = names
        self._chances = chances
        self._chance = chance

    def __getitem__(self, name: str) -> Chance:
        if name not in self._names:
            raise NoSuchKey(name, self._names)
        if name not in self._chances:
            self._chances[name] = self._chance(name)
        return self._chances[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"the chances of {len(self)} events; look one up by its name"
