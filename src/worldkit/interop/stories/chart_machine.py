"""A statechart as a machine: a node for each set of states in which it can be at once."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Sequence

from worldkit.core.quoting import quote
from worldkit.interop.stories.expressions import (
    FALSE,
    TRUE,
    Expression,
    Value,
    conjunction,
    names_in,
    negation,
    simplified,
)
from worldkit.interop.stories.machine import (
    Effect,
    Forward,
    Loss,
    Machine,
    MachineNode,
    MachineTransition,
    Text,
    unsaid_ending,
)
from worldkit.interop.stories.statechart import Chart, ChartTransition, Configuration

MAX_CONFIGURATIONS = 2_000
"""In how many sets of states a chart with parallel states may be."""
_MAX_WAYS = 32
"""In how many ways regions may answer one event together."""

IN = "in "
"""Begins the name of the variable that says whether the chart is in a state."""


class ChartReader:
    """Finds every set of states in which a chart can be.

    Args:
        chart: The chart.
        lost: What could not be expressed; more is added.
    """

    def __init__(self, chart: Chart, lost: list[Loss]) -> None:
        self._chart = chart
        self._lost = lost
        self._nodes: dict[str, MachineNode] = {}
        self._ids: dict[Configuration, str] = {}
        self._transitions: list[MachineTransition] = []
        self._waiting: deque[Configuration] = deque()
        self._timers: set[str] = set()
        self._seen: set[str] = set()

    def machine(self, name: str, variables: dict[str, Value], unknown: dict[str, Loss | None]) -> Machine:
        """Return the machine.

        Args:
            name: The name of the chart.
            variables: The value that each variable has at the start.
            unknown: The variables whose values cannot be followed.

        Raises:
            ValueError: There are too many sets of states.
        """
        configuration, effects = self._chart.initial()
        start = self._id(configuration)
        if effects:
            self._nodes[""] = MachineNode("", (), tuple(effects), (Forward(start),))
            start = ""
        while self._waiting:
            self._read(self._waiting.popleft())
        for state in self._chart.states.values():
            if state.id not in self._seen and state.kind != "history":
                self._lost.append(Loss(state.where, f"the state {quote(state.id)}", "nothing leads to it"))
            if state.kind == "history":
                why = "a world does not remember where it was inside a state; play begins there anew"
                self._lost.append(Loss(state.where, f"the history {quote(state.id)}", why))
        return Machine(name, start, tuple(self._nodes.values()), tuple(self._transitions), variables, unknown)

    def _id(self, configuration: Configuration) -> str:
        if configuration not in self._ids:
            if len(self._ids) >= MAX_CONFIGURATIONS and len(configuration) > 1:
                raise ValueError(f"its parallel states can be together in more than {MAX_CONFIGURATIONS} ways")
            self._ids[configuration] = " + ".join(configuration) or self._chart.root.id
            self._waiting.append(configuration)
        return self._ids[configuration]

    def _read(self, configuration: Configuration) -> None:
        chart, id = self._chart, self._ids[configuration]
        active = chart.active(configuration)
        self._seen |= active
        states = [chart.states[name] for name in chart.in_order(active)]
        where = chart.states[configuration[0]].where
        at_once = self._at_once(configuration, active)
        ended = chart.has_ended(chart.root.id, active) and not at_once
        own = [state for state in states if state.text]
        texts = tuple(Text("\n\n" * bool(number) + state.text, where=state.where) for number, state in enumerate(own))
        tags = tuple(dict.fromkeys(tag for state in states for tag in state.tags))
        kinds = [tag.lower() for tag in tags if tag.lower() in ("win", "lose")]
        if ended and not kinds:
            self._lost.append(unsaid_ending(where))
        ending = None if not ended else "lose" if kinds[:1] == ["lose"] else "win"
        self._nodes[id] = MachineNode(id, texts, (), tuple(at_once), ending, tags, where)  # type: ignore[arg-type]
        if ended:
            return
        events = dict.fromkeys(
            way.event for name in active for way in chart.states[name].transitions if way.event not in ("", "done")
        )
        for event in sorted(events, key=self._event_order(configuration).__getitem__):
            for guard, taken in self._answers(configuration, active, event):
                target, effects = chart.after(configuration, taken)
                stays = target == configuration and all(way.is_internal or not way.targets for way in taken)
                first = taken[0]
                after_ms = self._timer(first, configuration)
                self._transitions.append(
                    MachineTransition(
                        id, None if stays else self._id(target), first.label or event, guard, tuple(effects),
                        after_ms=after_ms, where=first.where,
                    )
                )  # fmt: skip

    def _timer(self, way: ChartTransition, configuration: Configuration) -> float | None:
        if way.after_ms is not None and configuration != (way.source,) and way.where not in self._timers:
            self._timers.add(way.where)
            why = "in the world its time begins anew with every change of states"
            self._lost.append(Loss(way.where, f"the time of {quote(way.label)}", why))
        return way.after_ms

    def _event_order(self, configuration: Configuration) -> dict[str, int]:
        order: dict[str, int] = {}
        for leaf in configuration:
            for name in self._chart.ancestors(leaf):
                for way in self._chart.states[name].transitions:
                    order.setdefault(way.event, len(order))
        return order

    # ---- which transitions are taken together ----------------------------------------------

    def _answers(
        self, configuration: Configuration, active: set[str], event: str
    ) -> Iterator[tuple[Expression, list[ChartTransition]]]:
        """Yield the transitions that are taken together when an event comes, each with its condition."""
        regions = [self._choices(leaf, active, event) for leaf in configuration]
        count = 1
        for region in regions:
            count *= len(region)
        if count > _MAX_WAYS:
            why = "the states that are active together can answer it in too many ways; it is left out"
            self._lost.append(Loss(f"state {quote(self._ids[configuration])}", f"the event {quote(event)}", why))
            return
        for choices in itertools.product(*regions):
            guard = conjunction(*(condition for condition, _ in choices))
            taken = self._without_conflicts([way for _, way in choices if way is not None], active)
            if taken and guard != FALSE:
                yield guard, taken

    def _choices(self, leaf: str, active: set[str], event: str) -> list[tuple[Expression, ChartTransition | None]]:
        """Return what a state can do with an event, innermost first, each with its condition."""
        found: list[tuple[Expression, ChartTransition | None]] = []
        before: Expression = TRUE
        for name in self._chart.ancestors(leaf):
            for way in self._chart.states[name].transitions:
                if not _is_for(way, event) or (event == "done" and not self._chart.has_ended(name, active)):
                    continue
                own = self._here(way.guard, active)
                guard = conjunction(before, own)
                if guard != FALSE:
                    found.append((guard, way))
                before = conjunction(before, negation(own))
                if before == FALSE:
                    return found
        return [*found, (before, None)]

    def _here(self, guard: Expression, active: set[str]) -> Expression:
        """Return a condition with what it asks about active states put in."""
        names = [name for name in names_in(guard) if name.startswith(IN)]
        return simplified(guard, {name: name.removeprefix(IN) in active for name in names}) if names else guard

    def _without_conflicts(self, ways: Sequence[ChartTransition], active: set[str]) -> list[ChartTransition]:
        """Return transitions without those that leave what a transition of an inner, or an earlier, state leaves."""
        kept: list[ChartTransition] = []
        for way in ways:
            if any(way is other for other in kept):
                continue
            left = self._chart.left_by(way, active)
            rivals = [other for other in kept if left & self._chart.left_by(other, active)]
            if all(self._chart.is_inside(way.source, other.source) for other in rivals):
                kept = [other for other in kept if not any(other is rival for rival in rivals)] + [way]
        return kept

    # ---- what happens at once --------------------------------------------------------------

    def _at_once(self, configuration: Configuration, active: set[str]) -> list[Forward]:
        """Return where play goes on without an event."""
        forwards: list[Forward] = []
        before: Expression = TRUE
        for event in ("", "done"):
            if not any(way.event == event for name in active for way in self._chart.states[name].transitions):
                continue
            for guard, taken in self._answers(configuration, active, event):
                target, effects = self._chart.after(configuration, taken)
                if target == configuration and not effects:
                    continue
                forwards.append(
                    Forward(self._passing(target, effects), conjunction(before, guard), where=taken[0].where)
                )
        return forwards

    def _passing(self, target: Configuration, effects: list[Effect]) -> str:
        """Return the node to go on to, one that does something on the way when there is something to do."""
        if not effects:
            return self._id(target)
        id = f"on the way to {self._id(target)}, {len(self._nodes)}"
        self._nodes[id] = MachineNode(id, (), tuple(effects), (Forward(self._id(target)),))
        return id


def _is_for(way: ChartTransition, event: str) -> bool:
    if event in ("", "done") or way.event in ("", "done"):
        return way.event == event
    return way.event in ("*", event) or event.startswith(way.event + ".")
