"""The document of a world that is made of a machine, and what of the machine it does not have."""

from __future__ import annotations

import dataclasses
import heapq
import itertools
import re
from collections.abc import Iterable

from worldkit.core.characters import join_words
from worldkit.core.json_values import Json
from worldkit.core.spoken_names import readable_name
from worldkit.core.state_copies import COPY_OF
from worldkit.editing import naming
from worldkit.interop.stories.copies import Copies, Copy, CopyMove
from worldkit.interop.stories.counters import with_bounded_counters
from worldkit.interop.stories.explored import explored
from worldkit.interop.stories.expressions import (
    TRUE,
    Variable,
    conjunction,
    conjuncts,
    names_in,
    negation,
    required_flag,
)
from worldkit.interop.stories.machine import Loss, Machine, MachineTransition, VariableEffect, effect_places, effects_of
from worldkit.interop.stories.once_only import identity_of, staying_moves
from worldkit.interop.stories.operations import Value
from worldkit.interop.stories.variables import VariablePlan, answered, is_answer
from worldkit.layout.measures import Position

MAX_COPIES = 16
"""How many copies of one passage a world has at most, if the caller says nothing else."""

_MAX_NAME_LENGTH = 48
_MAP_SCALE = (3, 2)
"""How many times larger the map is than Twine's, whose cards of 100 by 100 it shows as cards of 280 by 168."""
_MAX_DIFFERENCES = 3
"""How many values the name of a copy tells."""


def machine_document(machine: Machine, max_copies: int = MAX_COPIES) -> tuple[Json, dict[str, Position], list[Loss]]:
    """Return the document of the world that plays as a machine does, where its cards stand, and what it does not have.

    Args:
        max_copies: How many copies of one node the world may have.
    """
    machine = _with_once(with_bounded_counters(machine))
    result = explored(machine, max_copies)
    losses = [loss for loss in machine.unknown.values() if loss is not None]
    losses += [*result.losses, *_unread(machine, result.plan)]
    writer = _Writer(machine, result.plan, result.copies)
    document = writer.document()
    return document, writer.layout(), losses


def _unread(machine: Machine, plan: VariablePlan) -> Iterable[Loss]:
    places = effect_places(machine)
    deciding_texts = {name for node in machine.nodes for text in node.texts for name in names_in(text.guard)}
    shown_names = {text.variable for node in machine.nodes for text in node.texts}
    for name in plan.unread_names:
        if name in deciding_texts or name in shown_names or is_answer(name):
            continue  # each text that it decides or that shows it is listed
        yield Loss(places[name], f"the value of {name}", "nothing that was imported depends on it")


class _Writer:
    """Writes copies as states, and what can be done in them as events."""

    def __init__(self, machine: Machine, plan: VariablePlan, copies: Copies) -> None:
        self._machine = machine
        self._plan = plan
        self._copies = copies
        self._names = naming.UnusedNames()
        self._ids: dict[int, str] = {}
        self._first_copies: dict[str, Copy] = {}
        for copy in copies.copies:  # play meets the first one with the plain name
            self._first_copies.setdefault(copy.name, copy)

    def document(self) -> Json:
        """Return the document."""
        order = {node.id: number for number, node in enumerate(self._machine.nodes)}
        copies = sorted(self._copies.copies, key=lambda copy: order[copy.name])
        ids = naming.UnusedNames()
        for copy in self._first_copies.values():
            self._ids[id(copy)] = ids.take(copy.name or "state")
        for copy in copies:
            if id(copy) not in self._ids:
                self._ids[id(copy)] = ids.take(self._copy_id(copy))
        states = {self._ids[id(copy)]: self._state(copy) for copy in copies}
        entrance = {"state": self._ids[id(self._copies.start)]}
        name = {"name": self._machine.name} if self._machine.name else {}
        scene = {"states": states, "events": self._events(copies)}
        return {"schemaVersion": "1.0", **name, "entrance": entrance, "scene": scene}

    def layout(self) -> dict[str, Position]:
        """Return where cards stand: the first copy of a node where the node stands, others wherever there is room."""
        positions: dict[Position, str] = {}
        for copy in self._first_copies.values():
            if copy.path[0].node.position is not None:
                x, y = copy.path[0].node.position
                positions.setdefault((x * _MAP_SCALE[0], y * _MAP_SCALE[1]), self._ids[id(copy)])
        return {id: position for position, id in positions.items()}

    def _copy_id(self, copy: Copy) -> str:
        first = self._first_copies[copy.name]
        differences = {
            name: value
            for name, value, first_value in zip(self._plan.copied_names, copy.values, first.values, strict=True)
            if (type(value), value) != (type(first_value), first_value)
        }
        words = [_value_text(name, value) for name, value in differences.items() if not is_answer(name)]
        words = words or [answered(name) for name, value in differences.items() if is_answer(name) and value]
        words[_MAX_DIFFERENCES:] = ["…"] * (len(words) > _MAX_DIFFERENCES)
        return f"{copy.name} ({', '.join(words)})" if words else copy.name

    def _state(self, copy: Copy) -> Json:
        body: Json = {"base": _tidied(copy.text)}
        last = copy.node
        if last.ending is not None:
            body["ending"] = {"kind": last.ending, "title": copy.name}
        if last.tags:
            body["tags"] = list(last.tags)
        first = self._first_copies[copy.name]
        if copy is not first:
            body[COPY_OF] = self._ids[id(first)]
        return body

    def _events(self, copies: list[Copy]) -> list[Json]:
        """Return the events; each state offers its own in the order of the story, as far as sharing them allows."""
        events: list[Json] = []
        own: dict[tuple[object, ...], int] = {}  # by transition and effect: copies share an event
        alike: dict[tuple[object, ...], int] = {}  # by what a player sees of it
        staying_ids = staying_moves(self._copies)
        orders: list[list[int]] = []  # of each copy, the numbers of its events
        for copy in copies:
            order: dict[int, None] = {}
            last = -1
            state = self._ids[id(copy)]
            for move in copy.moves:
                event = self._event(copy, move, stays=id(move) in staying_ids)
                look = (event["label"], event.get("to"), *(tuple(event.get(key, ())) for key in ("requires", "grants")))
                look = (*look, move.transition.once, move.transition.after_ms, move.narration)
                number = own.get((identity_of(move.transition), look), -1)
                if number < 0 and not move.transition.once:
                    number = alike.get(look, -1)
                if number < 0 or (number <= last and not move.transition.once):
                    number = len(events)
                    events.append(event)
                    alike[look] = number
                    own.setdefault((identity_of(move.transition), look), number)
                else:
                    sources = events[number]["from"]
                    sources += [state] if sources[-1] != state else []
                order[number] = None  # what can be taken once stands where it is first, also if it is there twice
                last = max(last, number)
            orders.append(list(order))
        return [self._named(events[number]) for number in _in_common_order(len(events), orders)]

    def _event(self, copy: Copy, move: CopyMove, *, stays: bool) -> Json:
        transition = move.transition
        event: Json = {"label": transition.label, "kind": "override" if stays else "transition"}
        event["from"] = [self._ids[id(copy)]]
        if not stays:
            event["to"] = self._ids[id(move.target)]
        flags = [required_flag(part) for part in conjuncts(move.guard)]
        requires = [flag for flag in dict.fromkeys(flags) if flag is not None]
        event |= {"requires": requires} if requires else {}
        event |= {"grants": list(move.grants)} if move.grants else {}
        narration = _tidied(move.narration)
        event |= {"narration": narration} if narration else {}
        event |= {"oneShot": True} if transition.once else {}
        if transition.after_ms is not None:
            event |= {"hidden": True, "autoAfterMs": transition.after_ms}
        return event

    def _named(self, event: Json) -> Json:
        label = " ".join(event.pop("label").split())
        words = naming.cut_name(join_words(label, "_", "'’-").strip("_"), _MAX_NAME_LENGTH)
        name = self._names.take(words or naming.event_name(event, len(self._names)))
        detail = {"detail": label} if label and readable_name(name) != label else {}
        return {"name": name, **event, **detail}


def _tidied(text: str) -> str:
    """Return a text without the blanks and empty lines that are left where code stood."""
    text = re.sub(r"(?<![ \t])[ \t]+\n|(?<=\n)[ \t]+", lambda blanks: blanks[0].lstrip(" \t"), text)
    text = re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _in_common_order(count: int, orders: list[list[int]]) -> list[int]:
    """Return numbers in an order in which each of some lists is in order; where they contradict, the lowest first."""
    followers: dict[int, list[int]] = {}
    waits_for = [0] * count
    for order in orders:
        for before, after in itertools.pairwise(order):
            followers.setdefault(before, []).append(after)
            waits_for[after] += 1
    ready = [number for number in range(count) if not waits_for[number]]
    is_placed = [False] * count
    result: list[int] = []
    candidates = iter(range(count))
    while len(result) < count:
        number = heapq.heappop(ready) if ready else next(number for number in candidates if not is_placed[number])
        if is_placed[number]:
            continue
        is_placed[number] = True
        result.append(number)
        for follower in followers.get(number, ()):
            waits_for[follower] -= 1
            if not waits_for[follower] and not is_placed[follower]:
                heapq.heappush(ready, follower)
    return result


def _value_text(name: str, value: Value) -> str:
    if isinstance(value, bool) or value is None:
        return name if value else f"not {name}"
    return f"{name} {value}"


def _with_once(machine: Machine) -> Machine:
    """Return a machine that plays in the same way, in which such transitions can be taken once.

    ``<<if not $asked>>[[Ask|Answer][$asked to true]]<</if>>`` needs no copies of passages then. Nothing else may change
    the variable, and where it stands in several passages, the link has one text.
    """
    counts: dict[str, int] = {}
    for effect in effects_of(machine):
        counts[effect.name] = counts.get(effect.name, 0) + 1
    transitions_by_variable: dict[str, list[MachineTransition]] = {}
    for transition in machine.transitions:
        conditions = {part for part in conjuncts(transition.guard) if part != TRUE}
        for effect in transition.effects:
            if effect.value == effect.guard == TRUE and negation(Variable(effect.name)) in conditions:
                transitions_by_variable.setdefault(effect.name, []).append(transition)
    effects_once: dict[int, VariableEffect] = {}  # by transition
    for name, transitions in transitions_by_variable.items():
        is_own = counts[name] == len(transitions) and not machine.variables.get(name) and name not in machine.unknown
        if is_own and len({transition.label for transition in transitions}) == 1:
            shared_effect = VariableEffect(name, TRUE, where=transitions[0].where)
            effects_once |= {
                id(transition): shared_effect for transition in transitions if id(transition) not in effects_once
            }
    if not effects_once:
        return machine

    def offered_once(transition: MachineTransition) -> MachineTransition:
        effect = effects_once.get(id(transition))
        if effect is None:
            return transition
        denial = negation(Variable(effect.name))
        return dataclasses.replace(
            transition,
            guard=conjunction(*(part for part in conjuncts(transition.guard) if part != denial)),
            effects=(*(one for one in transition.effects if one.name != effect.name), effect),
            once=True,
            where=effect.where,
        )

    return dataclasses.replace(machine, transitions=tuple(map(offered_once, machine.transitions)))
