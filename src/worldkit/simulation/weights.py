"""Policies as weights: how much more likely one choice is than another, given or fitted from recorded plays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from worldkit.core.argument_checks import checked, checked_methods, expect, refusal
from worldkit.core.argument_ranges import expect_amount
from worldkit.core.argument_types import plain_number
from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.playing.trace import Trace
from worldkit.simulation.policies import Choice, View

MAX_WEIGHT = 1e300
"""The sum of many weights has to be finite."""


@checked_methods
@dataclass(frozen=True)
class WeightedPolicy:
    """A player who takes each choice in proportion to its weight; ``wk.fit_policy`` makes one from recorded plays.

    Attributes:
        by_event: The weight of an event wherever it can be chosen; 1 for the others.
        by_state: Weights that hold in one state, by its id and then by event. They go before ``by_event``.
        unseen: In a state of ``by_state`` the weight of what is not named there; None for that of ``by_event``.

    Raises:
        WrongArgument: These are no mappings.
        WorldError: A weight is no number from 0 to 1e300.

    Example:
        >>> shy = wk.WeightedPolicy({"hold_out_the_mitten": 0.1})
        >>> round(wk.odds(world, shy).expected_steps - wk.odds(world).expected_steps, 1) > 0
        True
        >>> wk.playtest(world, runs=10, policy=shy).runs
        10
    """

    by_event: Mapping[str, float] = field(default_factory=dict)
    by_state: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    unseen: float | None = None

    def __post_init__(self) -> None:
        expect(self.by_event, Mapping, "by_event", "a mapping from events to weights")
        expect(self.by_state, Mapping, "by_state", "a mapping from states to weights by event")
        for weights in self.by_state.values():
            expect(weights, Mapping, "by_state", "a mapping from states to weights by event")
        object.__setattr__(self, "by_event", _checked_weights(self.by_event))
        by_state = {state: _checked_weights(weights) for state, weights in self.by_state.items()}
        object.__setattr__(self, "by_state", by_state)
        if self.unseen is not None:
            object.__setattr__(self, "unseen", _checked_weight(self.unseen, "what is not named"))

    def weight(self, state: str, event: str) -> float:
        """Return the weight of a choice.

        Args:
            state: The id of the state the player is in.
            event: What is fired.

        Example:
            >>> wk.WeightedPolicy({"leave": 3}).weight("hall", "leave")
            3
        """
        state_weights = self.by_state.get(state)
        if state_weights is not None and event in state_weights:
            return state_weights[event]
        if state_weights is not None and self.unseen is not None:
            return self.unseen
        return self.by_event.get(event, 1.0)

    def __call__(self, view: View) -> Choice | None:
        """Choose for ``wk.playtest``.

        Args:
            view: What the player sees.
        """
        offers = view.offers
        weights = [self.weight(view.state, offer.name) for offer in offers]
        if not sum(weights):
            return None
        choice: Choice = view.rng.choices(offers, weights)[0]
        return choice


def _checked_weights(weights: Mapping[str, float]) -> dict[str, float]:
    for name in weights:
        expect(name, str, "by_event", "a mapping from events to weights")
    return {name: _checked_weight(weight, quote(name)) for name, weight in weights.items()}


def _checked_weight(weight: float, what: str) -> float:
    number: float = plain_number(weight)
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number <= MAX_WEIGHT:
        raise WorldError(f"expected the weight of {what} to be a number from 0 to 1e300, got {quote(weight)}")
    return number


@checked
def fit_policy(traces: Trace | Iterable[Trace], smoothing: float = 1.0) -> WeightedPolicy:
    """Return the policy of recorded plays: in each state, each event in proportion to how often it was taken there.

    Args:
        traces: The plays.
        smoothing: How many times each choice counts as taken before any was (Laplace), so that nothing is impossible
            only because nobody did it yet.

    Raises:
        WrongArgument: There are no plays, or the smoothing is not above 0.

    Example:
        >>> plays = [wk.explore(world).route_to("two_mittens")]
        >>> fitted = wk.fit_policy(plays)
        >>> fitted.weight("lane", "walk_up_the_lane"), fitted.weight("lane", "listen_for_the_tram")
        (2.0, 1.0)
    """
    expect_amount(smoothing, "smoothing", maximum=MAX_WEIGHT, above=True)
    plays = [traces] if isinstance(traces, Trace) else list(traces)
    if not plays:
        raise refusal("traces", "a Trace, or a list of at least one", traces)
    counts: dict[str, Counter[str]] = {}
    for trace in plays:
        expect(trace, Trace, "traces", "a Trace, or a list of which each is one")
        for step in trace:
            if step.by != "author":
                counts.setdefault(step.origin, Counter())[step.event] += 1
    by_state = {
        state: {event: count + smoothing for event, count in event_counts.items()}
        for state, event_counts in counts.items()
    }
    return WeightedPolicy({}, by_state, smoothing)
