"""The part of quality called *proofs*: what exhaustive play shows of a world, and what its choices change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worldkit.assessment.play_graph import PlayGraph
from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED
from worldkit.exploration import explore
from worldkit.ruleset import lint
from worldkit.ruleset.gate import Verdict, verify

if TYPE_CHECKING:
    from worldkit.exploration import Exploration
    from worldkit.world import World

EXPLORATION_SECONDS = 10.0
"""How long exploration may take."""


@dataclass(frozen=True, slots=True)
class ChoicesInState:
    """The choices of one state.

    Attributes:
        state: Its id.
        choices: In how many positions of it there is a choice.
        weighty: In how many of those it changes which endings remain.
        events: The events that leave fewer endings than there were, each with those that are lost, by their states.
    """

    state: str
    choices: int
    weighty: int
    events: dict[str, tuple[str, ...]]

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        endings_by_event: dict[str, Any] = {name: list(endings) for name, endings in self.events.items()}
        return {"state": self.state, "choices": self.choices, "weighty": self.weighty, "events": endings_by_event}


@dataclass(frozen=True, slots=True)
class Proofs:
    """What is proven of a world.

    Attributes:
        errors: What the rules call errors, one sentence each; of a rule with many the first, and how many more.
        error_count: How many errors there are, including those that are not listed.
        verdict: What the verify gate says.
        endings: Every ending by its state, with whether a run reaches it; None when that was not decided.
        soft_locks: The states in which a run can be stuck, each with the events that lead there; None when that was not
            decided.
        choices: Positions in which there is a choice: at least two moves that lead to different positions.
        weighty: Those in which the choice changes which endings can still be reached.
        states: The same for every state that offers a choice.
        undecided: What was not decided and why, one sentence each.
    """

    errors: tuple[str, ...]
    error_count: int
    verdict: Verdict
    endings: dict[str, bool | None]
    soft_locks: dict[str, tuple[str, ...]] | None
    choices: int
    weighty: int
    states: tuple[ChoicesInState, ...]
    undecided: tuple[str, ...]

    @property
    def choice_weight(self) -> float | None:
        """The share of choices that change which endings can still be reached; None when there is no choice."""
        return self.weighty / self.choices if self.choices else None

    @property
    def valid(self) -> bool:
        """Whether the rules find no error."""
        return not self.errors

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        endings: dict[str, Any] = dict(self.endings)
        soft_lock_routes: Any = (
            None if self.soft_locks is None else {id: list(route) for id, route in self.soft_locks.items()}
        )
        return {
            "valid": self.valid,
            "errors": list(self.errors),
            "gate": self.verdict.passed,
            "gateScore": self.verdict.score,
            "gateIssues": list(self.verdict.issues),
            "endings": endings,
            "softLocks": soft_lock_routes,
            "choices": self.choices,
            "weighty": self.weighty,
            "choiceWeight": self.choice_weight,
            "states": [state.to_dict() for state in self.states],
            "undecided": list(self.undecided),
        }


def prove(world: World, graph: PlayGraph, premise: str | None = None) -> Proofs:
    """Return what is proven of a world.

    Args:
        world: The world; it has at least one state.
        graph: Its positions.
        premise: The premise, for the verify gate.
    """
    exploration = explore(world, seconds=EXPLORATION_SECONDS)
    states = _choices(graph)
    open_questions = list(exploration.undecided)
    if not graph.is_complete:
        open_questions.append(
            f"Choice weight is of the first {len(graph.positions):,} positions alone, and endings that only later ones "
            "reach are not seen in it."
        )
    errors = lint(world, HOSTED).errors
    return Proofs(
        errors=tuple(f"{error.path}: {error.message}" for error in errors),
        error_count=errors.total,
        verdict=verify(world, premise),
        endings=_endings(world, exploration),
        soft_locks=_soft_locks(exploration),
        choices=sum(state.choices for state in states),
        weighty=sum(state.weighty for state in states),
        states=states,
        undecided=tuple(open_questions),
    )


def _endings(world: World, exploration: Exploration) -> dict[str, bool | None]:
    endings = [id for id, state in world.states.items() if state.ending is not None]
    return {id: id in exploration.endings or (False if exploration.exact else None) for id in endings}


def _soft_locks(exploration: Exploration) -> dict[str, tuple[str, ...]] | None:
    if exploration.stuck_classes is None and not exploration.soft_locks:
        return None
    routes = ((lock.state, lock.route) for lock in exploration.soft_locks)
    return {state: () if route is None else tuple(route.events) for state, route in routes}


def _choices(graph: PlayGraph) -> tuple[ChoicesInState, ...]:
    choices: Counter[int] = Counter()
    weighty: Counter[int] = Counter()
    lost_endings_by_state: dict[int, dict[str, int]] = {}
    endings = graph.endings
    for position, (state, _) in enumerate(graph.positions):
        options = graph.options(position)
        if len(options) < 2:
            continue
        choices[state] += 1
        if len({endings[target] for target in options}) > 1:
            weighty[state] += 1
        for target, labels in options.items():
            lost_endings = endings[position] & ~endings[target]
            if lost_endings:
                for label in labels:
                    events = lost_endings_by_state.setdefault(state, {})
                    name = graph.system.name(label)
                    events[name] = events.get(name, 0) | lost_endings
    names = graph.system.states
    return tuple(
        ChoicesInState(
            state=names[state],
            choices=count,
            weighty=weighty[state],
            events={
                name: tuple(id for index, id in enumerate(names) if lost_endings >> index & 1)
                for name, lost_endings in lost_endings_by_state.get(state, {}).items()
            },
        )
        for state, count in sorted(choices.items())
    )
