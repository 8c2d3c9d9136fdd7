"""``AnswerData``: an engine's answer as plain data, which outlives the engine and travels between processes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from worldkit.exploration.counting import Count
from worldkit.exploration.mask_sets import EngineAnswer


@dataclass(frozen=True, slots=True)
class AnswerData:
    """What an engine's answer comes down to, as plain data.

    Attributes:
        engine: The engine's name.
        seconds: How long it took.
        undecided_reasons: What was not decided and why.
        is_exact: ``reached_states`` and ``fireable_events`` are complete.
        classes: How many classes of positions there are; None when they were not all counted.
        classes_seen: How many were seen at least.
        reached_states: The indices of the states reached.
        fireable_events: The indices of the events that can be fired.
        stuck_classes: How many of them are soft-locked; None when that was not decided.
        stuck: For every state with a soft-locked position the mask of the one with the fewest bits.
        idle_masks: The same for positions in which nothing can be done.
        count: How many positions there are; None when they were not counted.
        is_counted: Whether that was tried.
    """

    engine: str
    seconds: float
    undecided_reasons: tuple[str, ...]
    is_exact: bool
    classes: int | None
    classes_seen: int
    reached_states: frozenset[int]
    fireable_events: frozenset[int]
    stuck_classes: int | None
    stuck: Mapping[int, int]
    idle_masks: Mapping[int, int]
    count: Count | None = None
    is_counted: bool = False

    @classmethod
    def of(cls, answer: EngineAnswer, seconds: float, open_questions: tuple[str, ...] = ()) -> AnswerData:
        """Return what an answer says."""
        return cls(
            answer.engine,
            seconds,
            open_questions + answer.undecided_reasons,
            answer.coverage_exact,
            answer.classes,
            answer.classes_seen,
            answer.reached_states,
            answer.fireable_events,
            answer.stuck_classes,
            FewestMasks(answer.stuck, answer.fewest_stuck),
            FewestMasks(answer.idle_states, answer.fewest_idle),
        )

    def without_answer(self) -> AnswerData:
        """Return the same data without the engine's answer, in which masks are looked up otherwise."""
        return replace(self, stuck=dict(self.stuck), idle_masks=dict(self.idle_masks))


class FewestMasks(Mapping[int, int]):
    """The least mask of every state of some kind, in world order, looked up in the answer when first asked for."""

    def __init__(self, states: Collection[int], fewest: Callable[[int], int | None]) -> None:
        self._states = dict.fromkeys(sorted(states))
        self._min_mask = fewest
        self._cache: dict[int, int] = {}

    def __getitem__(self, state: int) -> int:
        if state not in self._cache:
            mask = self._min_mask(state) if state in self._states else None
            if mask is None:
                raise KeyError(state)
            self._cache[state] = mask
        return self._cache[state]

    def __iter__(self) -> Iterator[int]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)
