"""A statechart as a machine: a node for each set of states in which it can be at once."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from worldkit.core.quoting import quote
from worldkit.editing.naming import UnusedNames
from worldkit.interop.stories.event_matching import EventMatching
from worldkit.interop.stories.expressions import (
    FALSE,
    TRUE,
    Expression,
    conjunction,
    names_in,
    negation,
    simplified,
)
from worldkit.interop.stories.machine import (
    Forward,
    Loss,
    Machine,
    MachineNode,
    MachineTransition,
    NodeText,
    ending_of,
    unsaid_ending,
)
from worldkit.interop.stories.statechart import NO_EVENT, ChartStep, ChartTransition, Configuration, Statechart
from worldkit.interop.stories.story_record import StoryRecord

MAX_CONFIGURATIONS = 2_000
"""In how many sets of states a chart with parallel states may be."""
_MAX_ANSWER_COMBINATIONS = 32
"""In how many ways regions may answer one event together."""
_MAX_STEPS, _MAX_STEPS_PER_PART = 500_000, 20
"""How many states are looked at while a chart is played through, and how many more for each of its parts."""

STATE_TEST_PREFIX = "in "
"""Begins the name of the variable that says whether the chart is in a state."""


class ChartPlace(NamedTuple):
    """Where a chart can be.

    Attributes:
        configuration: The states in which it is.
        ended_ids: The states of whose end it has not heard yet, the one that ended first in front.
    """

    configuration: Configuration
    ended_ids: tuple[str, ...] = ()


class ChartReader:
    """Finds every set of states in which a chart can be.

    Args:
        record: What was noted of its file; more is added.
        matching: How its language matches events with the names that transitions give.
    """

    def __init__(self, chart: Statechart, record: StoryRecord, matching: EventMatching) -> None:
        self._chart = chart
        self._matching = matching
        self._record = record
        self._nodes: dict[str, MachineNode] = {}
        self._ids: dict[ChartPlace, str] = {}
        self._unused_ids = UnusedNames()
        self._place_count = 0  # only of places whose number grows faster than the chart
        self._transitions: list[MachineTransition] = []
        self._queue: deque[ChartPlace] = deque()
        self._timers: set[str] = set()
        self._visited_ids: set[str] = set()
        self._names = {way.event for state in chart.states.values() for way in state.transitions}
        self._name_lengths = {len(name) for name in self._names}
        self._is_heard_by_state: dict[str, bool] = {}  # by state: whether any transition takes the event of its end
        self._names_not_offered = {NO_EVENT, *matching.end_names(chart.states)}
        parts = sum(1 + len(state.transitions) for state in chart.states.values())
        self._steps_left = _MAX_STEPS + _MAX_STEPS_PER_PART * parts

    def machine(self, name: str) -> Machine:
        """Return the machine.

        Args:
            name: The name of the chart.

        Raises:
            ValueError: There are too many sets of states, or too many states are active together.
        """
        first = self._chart.initial()
        start = self._after(first)
        if first.effects:
            self._nodes[""] = MachineNode("", (), tuple(first.effects), (Forward(start),))
            start = ""
        while self._queue:
            self._read(self._queue.popleft())
        for state in self._chart.states.values():
            if state.id not in self._visited_ids and state.kind != "history":
                self._record.losses.append(Loss(state.place, f"the state {quote(state.id)}", "nothing leads to it"))
            if state.kind == "history":
                why = "a world does not remember where it was inside a state; play begins there anew"
                self._record.losses.append(Loss(state.place, f"the history {quote(state.id)}", why))
        return self._record.machine(name, start, self._nodes.values(), self._transitions)

    def _after(self, step: ChartStep, ended_ids: tuple[str, ...] = ()) -> str:
        """Return the id of the node to which a step leads.

        Args:
            ended_ids: The states that ended before, and of whose end the chart has not heard yet.
        """
        ended_ids = tuple(dict.fromkeys((*ended_ids, *filter(self._is_heard, step.ended_ids))))
        if ended_ids and self._chart.has_ended(self._chart.root.id, self._chart.active(step.configuration)):
            ended_ids = ()  # play is over
        return self._id(step.configuration, ended_ids)

    def _is_heard(self, id: str) -> bool:
        """Say whether any transition takes the event that comes when a state has ended."""
        if id not in self._is_heard_by_state:
            event = self._matching.end_event(id)
            wider = self._matching.wider_names(event, self._names, self._name_lengths)
            self._is_heard_by_state[id] = bool(wider) or event in self._names
        return self._is_heard_by_state[id]

    def _id(self, configuration: Configuration, ended_ids: tuple[str, ...] = ()) -> str:
        while ended_ids and not self._is_answered(configuration, ended_ids[0]):
            ended_ids = ended_ids[1:]
        place = ChartPlace(configuration, ended_ids)
        if place not in self._ids:
            self._count(place)
            name = " + ".join(configuration) or self._chart.root.id
            # a state may be called as states that are active together are
            self._ids[place] = self._unused_ids.take(f"{name}, {' and '.join(ended_ids)} done" if ended_ids else name)
            self._queue.append(place)
        return self._ids[place]

    def _count(self, place: ChartPlace) -> None:
        """Count a place whose number grows faster than the chart: of states together, or of ends not heard yet."""
        if len(place.configuration) == 1:
            own_end = (self._chart.states[place.configuration[0]].parent,)
            if place.ended_ids in ((), own_end):
                return
        self._place_count += 1
        if self._place_count > MAX_CONFIGURATIONS:
            raise ValueError(f"its parallel states can be together in more than {MAX_CONFIGURATIONS:,} ways")

    def _is_answered(self, configuration: Configuration, id: str) -> bool:
        """Say whether a transition takes the end of a state, or one is taken at once before."""
        transitions = [
            way for name in self._chart.active(configuration) for way in self._chart.states[name].transitions
        ]
        events = (NO_EVENT, self._matching.end_event(id))
        return any(self._matching.ways(transitions, event) for event in events)

    def _read(self, place: ChartPlace) -> None:
        chart, id = self._chart, self._ids[place]
        configuration = place.configuration
        active = chart.active(configuration)
        self._visited_ids |= active
        states = [chart.states[name] for name in chart.in_order(active)]
        place_text = chart.states[configuration[0]].place
        leaves_by_event = self._answering_leaves(configuration)
        at_once = self._at_once(place, leaves_by_event, active)
        has_ended = chart.has_ended(chart.root.id, active) and not at_once
        own = [state for state in states if state.text]
        texts = tuple(
            NodeText("\n\n" * bool(number) + state.text, where=state.place) for number, state in enumerate(own)
        )
        tags = tuple(dict.fromkeys(tag for state in states for tag in state.tags))
        ending = ending_of(tags) if has_ended else None
        if has_ended and ending is None:
            ending = "win"
            self._record.losses.append(unsaid_ending(place_text))
        self._nodes[id] = MachineNode(id, texts, (), tuple(at_once), ending, tags, place_text)
        if has_ended or place.ended_ids:
            return
        for event, leaves in leaves_by_event.items():
            if event in self._names_not_offered:
                continue
            for guard, transitions in self._answers(configuration, leaves, active, event):
                step = chart.after(configuration, transitions)
                target = self._after(step)
                stays = target == id and all(
                    transition.is_internal or not transition.targets for transition in transitions
                )
                first = transitions[0]
                after_ms = self._timer(first, configuration)
                self._transitions.append(
                    MachineTransition(
                        id, None if stays else target, first.label or event, guard, tuple(step.effects),
                        after_ms=after_ms, where=first.place,
                    )
                )  # fmt: skip

    def _timer(self, transition: ChartTransition, configuration: Configuration) -> float | None:
        if (
            transition.after_ms is not None
            and configuration != (transition.source,)
            and transition.place not in self._timers
        ):
            self._timers.add(transition.place)
            why = "in the world its time begins anew with every change of states"
            self._record.losses.append(Loss(transition.place, f"the time of {quote(transition.label)}", why))
        return transition.after_ms

    def _answering_leaves(self, configuration: Configuration) -> dict[str, Sequence[str]]:
        """Return the events that a configuration answers, each with the innermost states that may answer it."""
        own: dict[str, dict[str, None]] = {}
        for leaf in configuration:
            for name in self._chart.ancestors(leaf):
                for transition in self._chart.states[name].transitions:
                    own.setdefault(transition.event, {})[leaf] = None
        leaves: dict[str, Sequence[str]] = {}
        lengths = {len(event) for event in own}
        for event in own:
            wider = self._matching.wider_names(event, own, lengths)
            answering_leaves = set(own[event]).union(*(own[other] for other in wider))
            leaves[event] = [leaf for leaf in configuration if leaf in answering_leaves] if wider else list(own[event])
        return leaves

    # ---- which transitions are taken together ----------------------------------------------

    def _answers(
        self, configuration: Configuration, leaves: Sequence[str], active: set[str], event: str
    ) -> Iterator[tuple[Expression, list[ChartTransition]]]:
        """Yield the transitions that are taken together when an event comes, each with its condition."""
        regions = [self._choices(leaf, active, event) for leaf in leaves]
        count = 1
        for region in regions:
            count *= len(region)
        if count > _MAX_ANSWER_COMBINATIONS:
            why = "the states that are active together can answer it in too many ways; it is left out"
            self._record.losses.append(
                Loss(f"state {quote(' + '.join(configuration))}", f"the event {quote(event.strip())}", why)
            )
            return
        for choices in itertools.product(*regions):
            self._steps_left -= len(active)
            if self._steps_left < 0:
                raise ValueError(
                    f"too much can be done in its parallel states, of which {len(active):,} are active together"
                )
            guard = conjunction(*(condition for condition, _ in choices))
            transitions = self._without_conflicts(
                [transition for _, transition in choices if transition is not None], active
            )
            if transitions and guard != FALSE:
                yield guard, transitions

    def _choices(self, leaf: str, active: set[str], event: str) -> list[tuple[Expression, ChartTransition | None]]:
        """Return what a state can do with an event, innermost first, each with its condition."""
        choices: list[tuple[Expression, ChartTransition | None]] = []
        before: Expression = TRUE
        for name in self._chart.ancestors(leaf):
            for transition in self._matching.ways(self._chart.states[name].transitions, event):
                own = self._here(transition.guard, active)
                guard = conjunction(before, own)
                if guard != FALSE:
                    choices.append((guard, transition))
                before = self._record.bounded(conjunction(before, negation(own)))
                if before == FALSE:
                    return choices
        return [*choices, (before, None)]

    def _may_pass(self, configuration: Configuration, active: set[str], event: str) -> bool:
        """Say whether no transition may take an event: each state has conditions, and none of them may hold."""
        return all(self._choices(leaf, active, event)[-1][1] is None for leaf in configuration)

    def _here(self, guard: Expression, active: set[str]) -> Expression:
        """Return a condition with what it asks about active states put in."""
        names = [name for name in names_in(guard) if name.startswith(STATE_TEST_PREFIX)]
        return (
            simplified(guard, {name: name.removeprefix(STATE_TEST_PREFIX) in active for name in names})
            if names
            else guard
        )

    def _without_conflicts(self, transitions: Sequence[ChartTransition], active: set[str]) -> list[ChartTransition]:
        """Return transitions without those that leave what a transition of an inner, or an earlier, state leaves."""
        result: dict[int, ChartTransition] = {}
        way_out_of: dict[str, ChartTransition] = {}  # by state: the transition that leaves it
        for transition in transitions:
            if id(transition) in result:
                continue
            exited_states = self._chart.left_by(transition, active)
            rivals = {id(rival): rival for state in exited_states if (rival := way_out_of.get(state)) is not None}
            if all(self._chart.is_inside(transition.source, rival.source) for rival in rivals.values()):
                for key in rivals:
                    del result[key]
                if rivals:
                    way_out_of = {state: other for state, other in way_out_of.items() if id(other) not in rivals}
                result[id(transition)] = transition
                way_out_of.update(dict.fromkeys(exited_states, transition))
        return list(result.values())

    # ---- what happens at once --------------------------------------------------------------

    def _at_once(
        self, place: ChartPlace, leaves_by_event: Mapping[str, Sequence[str]], active: set[str]
    ) -> list[Forward]:
        """Return where play goes on without an event from outside."""
        configuration, ended_ids = place
        forwards: list[Forward] = []
        for guard, transitions in self._answers(configuration, leaves_by_event.get(NO_EVENT, ()), active, NO_EVENT):
            step = self._chart.after(configuration, transitions)
            if step.configuration != configuration or step.effects:
                forwards.append(Forward(self._passing(step, ended_ids), guard, where=transitions[0].place))
        if ended_ids:
            event = self._matching.end_event(ended_ids[0])
            answers = list(self._answers(configuration, configuration, active, event))
            for guard, transitions in answers:
                step = self._chart.after(configuration, transitions)
                forwards.append(Forward(self._passing(step, ended_ids[1:]), guard, where=transitions[0].place))
            may_pass = not answers or self._may_pass(configuration, active, event)
            if may_pass and not any(forward.guard == TRUE for forward in forwards):
                place_text = self._chart.states[ended_ids[0]].place
                forwards.append(Forward(self._id(configuration, ended_ids[1:]), where=place_text))
        return forwards

    def _passing(self, step: ChartStep, ended_ids: tuple[str, ...]) -> str:
        """Return the node to go on to, one that does something on the way when there is something to do."""
        target = self._after(step, ended_ids)
        if not step.effects:
            return target
        id = self._unused_ids.take(f"on the way to {target}, {len(self._nodes)}")
        self._nodes[id] = MachineNode(id, (), tuple(step.effects), (Forward(target),))
        return id
