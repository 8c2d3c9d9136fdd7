"""The document of a world that is made of a machine, and what of the machine it does not have."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from worldkit.core.json_values import Json
from worldkit.core.quoting import quote
from worldkit.editing import naming
from worldkit.interop.stories.copies import Copies, Copy, Move, TooManyCopies
from worldkit.interop.stories.counters import with_bounded_counters
from worldkit.interop.stories.expressions import (
    TRUE,
    Constant,
    Value,
    Variable,
    conjunction,
    conjuncts,
    names_in,
    negation,
    required_flag,
    simplified,
)
from worldkit.interop.stories.machine import Effect, Loss, Machine, MachineTransition
from worldkit.interop.stories.variables import VariablePlan, all_effects, plan_variables
from worldkit.playing.offers import readable_name

MAX_COPIES = 16
"""How many copies of one passage a world has at most, if the caller says nothing else."""

_MOST_COPIED = 500
_MAX_NAME_LENGTH = 48


def machine_document(machine: Machine, max_copies: int = MAX_COPIES) -> tuple[Json, list[Loss]]:
    """Return the document of the world that plays as a machine does, and what it does not have.

    Args:
        machine: The machine.
        max_copies: How many copies of one node the world may have.
    """
    machine = with_bounded_counters(machine)
    copies, plan, losses = _explored(machine, max_copies)
    remembered = machine
    for _ in range(_MOST_ROUNDS):
        shared = _shared_once(copies)
        if not shared:
            break
        remembered = _with_memory(remembered, shared)
        copies, plan, losses = _explored(remembered, max_copies)
    for transition in _shared_once(copies):
        why = "the world has it as several events, each of which can be taken once"
        losses.append(Loss(transition.where, f"that {quote(transition.label)} can be taken only once", why))
    losses = [loss for loss in machine.unknown.values() if loss is not None] + losses
    losses += _unread(machine, plan)
    writer = _Writer(machine, plan, copies)
    document = writer.document()
    return document, [*losses, *copies.lost, *writer.lost]


_MOST_ROUNDS = 3
"""How often transitions that can be taken once are given a variable; each round can make others need one."""


def _explored(machine: Machine, max_copies: int) -> tuple[Copies, VariablePlan, list[Loss]]:
    """Return the copies of a machine; variables that need too many are given up, more with every attempt."""
    given_up: dict[str, Loss] = {}
    at_once = 1
    while True:
        plan = plan_variables(machine, given_up)
        for name in plan.copied[_MOST_COPIED:]:
            why = f"more than {_MOST_COPIED} variables decide something that needs copies"
            given_up[name] = Loss("the story", f"what the value of {quote(name)} decides", why)
        if len(plan.copied) > _MOST_COPIED:
            continue
        try:
            return Copies(machine, plan, max_copies), plan, list(given_up.values())
        except TooManyCopies as excess:
            candidates = [(name, count) for name, count in excess.values.most_common() if count > 1]
            for name, _ in candidates[:at_once] or [(name, 0) for name in plan.copied]:
                why = f"{quote(excess.node.id)} would need more than {max_copies} copies for its values"
                where = next((effect.where for effect in all_effects(machine) if effect.name == name), "")
                given_up[name] = Loss(where or excess.node.where, f"what the value of {quote(name)} decides", why)
            at_once *= 2


def _shared_once(copies: Copies) -> list[MachineTransition]:
    """Return the transitions that can be taken once, and would be several events of which each can be."""
    ways: dict[int, tuple[MachineTransition, set[tuple[int, tuple[str, ...], str]]]] = {}
    for copy in copies.copies:
        for move in copy.moves:
            if move.transition.once:
                entry = ways.setdefault(id(move.transition), (move.transition, set()))
                entry[1].add((0 if move.stays else id(move.target), move.grants, str(move.guard)))
    return [transition for transition, found in ways.values() if len(found) > 1]


def _with_memory(machine: Machine, shared: list[MachineTransition]) -> Machine:
    """Return a machine in which a variable, instead of an event, remembers that a transition was taken."""
    names = naming.UnusedNames([*machine.variables, *(effect.name for effect in all_effects(machine))])
    is_shared = {id(transition) for transition in shared}
    transitions = []
    variables = dict(machine.variables)
    for transition in machine.transitions:
        if id(transition) in is_shared:
            name = names.take(f"{transition.label}, taken")
            variables[name] = False
            guard = conjunction(transition.guard, negation(Variable(name)))
            effects = (*transition.effects, Effect(name, TRUE, where=transition.where))
            transition = dataclasses.replace(transition, guard=guard, effects=effects, once=False)
        transitions.append(transition)
    return dataclasses.replace(machine, transitions=tuple(transitions), variables=variables)


def _unread(machine: Machine, plan: VariablePlan) -> Iterable[Loss]:
    places: dict[str, str] = {}
    for effect in all_effects(machine):
        places.setdefault(effect.name, effect.where)
    shown = {name for node in machine.nodes for text in node.texts for name in names_in(text.guard)}
    for name in plan.unread:
        if name in shown:
            continue  # each text that it decides is listed
        yield Loss(places[name], f"the value of {name}", "nothing that was imported depends on it")


class _Writer:
    """Writes copies as states, and what can be done in them as events."""

    def __init__(self, machine: Machine, plan: VariablePlan, copies: Copies) -> None:
        self._machine = machine
        self._plan = plan
        self._copies = copies
        self._names = naming.UnusedNames()
        self._ids: dict[int, str] = {}
        self.lost: dict[Loss, None] = {}

    def document(self) -> Json:
        """Return the document."""
        copies = self._copies.copies
        order = {node.id: number for number, node in enumerate(self._machine.nodes)}
        copies.sort(key=lambda copy: order[copy.path[0].id])
        ids = naming.UnusedNames()
        first_copies: dict[str, Copy] = {}
        for copy in self._copies.copies:  # play meets the first one with the plain name
            first_copies.setdefault(copy.path[0].id, copy)
        for copy in first_copies.values():
            self._ids[id(copy)] = ids.take(copy.path[0].id or "state")
        for copy in copies:
            if id(copy) not in self._ids:
                self._ids[id(copy)] = ids.take(self._copy_id(copy, first_copies[copy.path[0].id]))
        states = {self._ids[id(copy)]: self._state(copy) for copy in copies}
        entrance = {"state": self._ids[id(self._copies.start)]}
        name = {"name": self._machine.name} if self._machine.name else {}
        scene = {"states": states, "events": self._events(copies)}
        return {"schemaVersion": "1.0", **name, "entrance": entrance, "scene": scene}

    def _copy_id(self, copy: Copy, first: Copy) -> str:
        differences = [
            _said(name, value)
            for name, value, plain in zip(self._plan.copied, copy.values, first.values, strict=True)
            if (type(value), value) != (type(plain), plain)
        ]
        told = f" ({', '.join(differences)})" if 0 < len(differences) <= 3 else ""
        return f"{copy.path[0].id}{told}"

    def _state(self, copy: Copy) -> Json:
        values = dict(zip(self._plan.copied, copy.values, strict=True)) | dict.fromkeys(self._copies.held, True)
        parts = []
        for node in copy.path:
            for piece in node.texts:
                guard = simplified(piece.guard, values)
                if not isinstance(guard, Constant):
                    what = f"the text {quote(piece.text.strip())}, shown if {piece.guard}"
                    self.lost[Loss(piece.where or node.where, what, "a text of a world does not change")] = None
                elif guard.value:
                    parts.append(piece.text)
        body: Json = {"base": re.sub(r"\n{3,}", "\n\n", "".join(parts)).strip()}
        last = copy.path[-1]
        if last.ending is not None:
            body["ending"] = {"kind": last.ending, "title": copy.path[0].id}
        if last.tags:
            body["tags"] = list(last.tags)
        return body

    def _events(self, copies: list[Copy]) -> list[Json]:
        events: list[Json] = []
        own: dict[tuple[object, ...], int] = {}  # by transition and effect: copies share an event
        alike: dict[tuple[object, ...], int] = {}  # by what a player sees of it
        for copy in copies:
            last_number = -1
            state = self._ids[id(copy)]
            for move in copy.moves:
                event = self._event(copy, move)
                look = (event["label"], event.get("to"), *(tuple(event.get(key, ())) for key in ("requires", "grants")))
                look = (*look, move.transition.once, move.transition.after_ms)
                number = own.get((id(move.transition), look), -1)
                if number < 0 and not move.transition.once:
                    number = alike.get(look, -1)
                if number < 0 or (number <= last_number and not move.transition.once):
                    number = len(events)
                    events.append(event)
                    alike[look] = number
                    own.setdefault((id(move.transition), look), number)
                else:
                    events[number]["from"] += [state] if state not in events[number]["from"] else []
                last_number = max(last_number, number)
        return [self._named(event) for event in events]

    def _event(self, copy: Copy, move: Move) -> Json:
        transition = move.transition
        event: Json = {"label": transition.label, "kind": "override" if move.stays else "transition"}
        event["from"] = [self._ids[id(copy)]]
        if not move.stays:
            event["to"] = self._ids[id(move.target)]
        flags = [required_flag(part) for part in conjuncts(move.guard)]
        requires = [flag for flag in dict.fromkeys(flags) if flag is not None]
        event |= {"requires": requires} if requires else {}
        event |= {"grants": list(move.grants)} if move.grants else {}
        event |= {"oneShot": True} if transition.once else {}
        if transition.after_ms is not None:
            event |= {"hidden": True, "autoAfterMs": transition.after_ms}
        return event

    def _named(self, event: Json) -> Json:
        label = " ".join(event.pop("label").split())
        words = re.sub(r"[^\w'’-]+", "_", label).strip("_")[:_MAX_NAME_LENGTH].rstrip("_")
        name = self._names.take(words or naming.event_name(event, len(self._names)))
        detail = {"detail": label} if label and readable_name(name) != label else {}
        named = {"name": name, **event}
        return named | detail


def _said(name: str, value: Value) -> str:
    if isinstance(value, bool) or value is None:
        return name if value else f"not {name}"
    return f"{name} {value}"
