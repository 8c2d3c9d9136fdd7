"""``odds``: how likely each ending and each event is in random play, exactly where that can be computed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Literal

from worldkit.core.argument_checks import checked
from worldkit.core.errors import WrongArgument
from worldkit.core.quoting import did_you_mean, quote
from worldkit.exploration.budget import Budget, BudgetSpent, Cancelled, Meter
from worldkit.exploration.progress import Cancel, cancel_check, watch_cancel
from worldkit.playing.clock import checked_ms
from worldkit.playing.session import Session
from worldkit.simulation.absorption import TooRarelyLeft, expected_visits
from worldkit.simulation.chain import ChainTooLarge, build_chain
from worldkit.simulation.odds_result import BYTES_PER_POINT, MAX_STEPS, Odds
from worldkit.simulation.run import playtest
from worldkit.simulation.sim_graph import SimGraph
from worldkit.simulation.weights import WeightedPolicy
from worldkit.world import World

RUNS = 20_000
"""How many plays are simulated where the chain does not fit."""


@checked
def odds(
    world: World,
    policy: Literal["uniform"] | Mapping[str, float] | WeightedPolicy = "uniform",
    *,
    budget: Budget | None = None,
    choose_ms: int = 3000,
    seed: int = 0,
    cancel: Cancel = None,
) -> Odds:
    """Return the outcome of random play: the probability of each ending and event, and how long a play lasts.

    Play is a Markov chain that ends in an ending or where nothing is left to do. It is solved exactly, but for
    rounding, if it fits into the budget and a play takes less than 10 to the 200th steps on average; otherwise 20,000
    plays are simulated, and every share has its 95 % interval. A player chooses among what ``wk.playtest`` offers.

    Args:
        world: The world; it has at least one state.
        policy: Who plays. ``"uniform"``: each choice equally likely. A mapping from events to weights, 1 for
            the others. Or a ``WeightedPolicy``, such as ``wk.fit_policy(traces)`` returns.
        budget: What the chain may cost. Plays that are simulated in its place may take as long again; there are fewer
            of them then.
        choose_ms: How long a player reads and chooses before each press, in ms.
        seed: The seed of simulated plays.
        cancel: Something with ``is_set()``, such as ``threading.Event``, or a callable: once true, the odds are those
            of the plays so far.

    Raises:
        InvalidWorld: The world has no states.
        WrongArgument: The policy is another word than ``"uniform"``, or weighs an event that the world does not have;
            or ``choose_ms`` is negative.
        WorldError: A weight is no number from 0 to 1e300.

    Example:
        >>> round(wk.odds(world).expected_steps, 6)
        12.0
        >>> wk.odds(world, {"hold_out_the_mitten": 10}).expected_steps < 12
        True
    """
    start_time = time.perf_counter()
    limits = budget or Budget()
    choose_ms = checked_ms(choose_ms, "choose_ms")
    if isinstance(policy, str) and policy != "uniform":
        raise WrongArgument(
            "policy", '"uniform", weights by event, or the result of worldkit.fit_policy', quote(policy)
        )
    player = WeightedPolicy(dict(policy)) if isinstance(policy, Mapping) else policy
    if isinstance(policy, Mapping):
        _require_events(policy, world)
    graph = SimGraph(world, Session(world).position)
    weights = player if isinstance(player, WeightedPolicy) else None
    is_cancelled = cancel_check(cancel)
    meter = Meter("odds", start_time + limits.seconds, watch_cancel(is_cancelled))
    try:
        chain = build_chain(graph, weights, max(1, limits.memory // BYTES_PER_POINT), meter)
        visits = expected_visits(chain.rows, meter)
    except (ChainTooLarge, BudgetSpent, TooRarelyLeft, Cancelled):
        stop = _stop_of_plays(is_cancelled, time.perf_counter() + limits.seconds)
        plays = playtest(world, RUNS, player, seed=seed, steps=MAX_STEPS, choose_ms=choose_ms, cancel=stop)
        return Odds(world, player, limits, choose_ms, None, None, plays, time.perf_counter() - start_time)
    return Odds(world, player, limits, choose_ms, chain, visits, None, time.perf_counter() - start_time)


def _stop_of_plays(is_cancelled: Callable[[], bool], deadline: float) -> Callable[[], bool]:
    """Return what says whether no more plays are simulated; the first ones always are: odds are a share of some."""
    has_begun = False

    def is_over() -> bool:
        nonlocal has_begun
        if not has_begun:
            has_begun = True
            return False
        return is_cancelled() or time.perf_counter() > deadline

    return is_over


def _require_events(policy: Mapping[str, float], world: World) -> None:
    """Refuse weights of events that the world does not have."""
    names = {*world.events_by_name, *(f"sequence:{sequence.id}" for sequence in world.sequences or ())}
    for name in policy:
        if name not in names:
            raise WrongArgument("policy", "weights of events of this world", quote(name) + did_you_mean(name, names))
