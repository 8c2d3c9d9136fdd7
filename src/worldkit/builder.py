"""``build``: a world written in Python, a call a scene or a choice; each call is an operation (docs/spec/ops.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Literal, cast

from pydantic import ValidationError

from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.errors import OpError, WrongArgument
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.core.model import Event, Part, State
from worldkit.core.problems import problems, validate
from worldkit.core.quoting import did_you_mean
from worldkit.editing import naming
from worldkit.editing.canonical import canonicalize
from worldkit.editing.flag_refs import rename_in_event
from worldkit.editing.new_names import NewNames, new_names
from worldkit.ops import Op
from worldkit.world import World

Outcome = Literal["win", "lose"]

_ARGUMENT_FIELDS = frozenset({"name", "kind", "from", "to"})
"""Fields that are arguments of their own, or said by the method."""


@checked_methods
class Builder:
    """A world while it is written; made by ``wk.build``.

    The first state takes the place of the empty one that a new world has, and play begins there. A choice may lead to
    a state that is added later, up to the end of the ``with`` block.

    Attributes:
        world: The world so far: without the choices whose states are still missing.
        ops: The operations so far; ``wk.World.new(name).apply(b.ops)`` is the world.

    Example:
        >>> with wk.build("Gate") as b:
        ...     road = b.state("road", "A road by a gate.")
        ...     garden = b.state("garden", "A garden.", ending="win")
        ...     b.transition(road, garden, "go_in")
        'go_in'
        >>> b.world.events[0].to
        'garden'
    """

    def __init__(self, name: str) -> None:
        self._world = World.new(name)
        self._ops: list[Op] = []
        self._applied_count = 0
        self._waiting_events: dict[str, list[Json]] = {}  # by a state that is missing
        self._has_first_state = False
        self._places: set[str] = set()
        self._event_names = naming.UnusedNames()

    @property
    def world(self) -> World:
        """The world so far."""
        if self._applied_count < len(self._ops):
            self._world = self._world.apply(self._ops[self._applied_count :])
            self._applied_count = len(self._ops)
        return self._world

    @property
    def ops(self) -> tuple[Op, ...]:
        """The operations so far, in order."""
        return tuple(self._ops)

    def state(
        self, id: str, base: str = "", *, ending: Outcome | Mapping[str, Any] | None = None, **fields: Any
    ) -> str:
        """Add a state.

        Args:
            id: Its id, for ``transition`` and ``override``.
            base: What the camera sees, in prose.
            ending: Whether a run that arrives here is won or lost: ``"win"``, ``"lose"``, or an object with ``kind``,
                ``title`` and ``subtitle``. Without a title the id is one.
            **fields: Other fields of a state, named as in ``wk.State``: ``ambient``, ``narration``, ``camera``...

        Returns:
            The id.

        Raises:
            WrongArgument: The id is taken, or a field has a name that a state does not have.
            OpError: The id is blank, two variants have one label, or a field has a value that the format does not
                allow.

        Example:
            >>> with wk.build("Tower") as b:
            ...     top = b.state("top", "A platform in the wind.", ending="win", ambient=["A flag snaps."])
            >>> b.world.states["top"].ending.title
            'Top'
        """
        body: Json = {"base": base, **_json_fields(State, fields)}
        if isinstance(ending, str):
            title = id.replace("_", " ").strip()
            body["ending"] = {"kind": ending, "title": title[:1].upper() + title[1:]}
        elif ending is not None:
            body["ending"] = dict(ending)
        if id in self._places:
            raise WrongArgument("id", "the id of a new state", f"{quote(id)}, which there is already")
        add: Json = {"op": "add_state", "id": id, "state": body}
        self._check(State, body, add, f"state {quote(id)}")
        add["state"] = body = deep_copy(body)  # what was given may be changed later, and is read later
        if self._has_first_state:
            self._add(add)
        else:
            if id != "start":
                self._add({"op": "rename_state", "from": "start", "to": id})
            self._add({"op": "update_state", "id": id, "patch": body})
        self._has_first_state = True
        self._add_place(id)
        return id

    def transition(self, source: str | Iterable[str], to: str, name: str | None = None, **fields: Any) -> str:
        """Add a choice that leads to another state.

        Args:
            source: The id of the state in which it is offered, or several.
            to: The id of the state or cutscene that it leads to.
            name: Its name, which a player reads with spaces for underscores; made from ``to`` when absent.
            **fields: Other fields of an event, named as in ``wk.Event``: ``requires``, ``grants``, ``base``,
                ``one_shot``, ``hidden``, ``auto_after_ms``...

        Returns:
            The name.

        Raises:
            WrongArgument: The name is taken, or a field has a name that an event does not have.
            OpError: The name is blank, there is no source, or a field has a value that the format does not allow.

        Example:
            >>> with wk.build("Gate") as b:
            ...     road = b.state("road", "A road.")
            ...     b.transition(road, "garden", requires=["key"])
            ...     garden = b.state("garden", "A garden.", ending="win")
            'go_to_garden'
        """
        return self._new_event("transition", source, to, name, fields)

    def override(self, source: str | Iterable[str], name: str | None = None, **fields: Any) -> str:
        """Add a choice that changes the picture and stays in the state.

        Args:
            source: The id of the state in which it is offered, or several.
            name: Its name, which a player reads with spaces for underscores; made from a number when absent.
            **fields: Other fields of an event, as for ``transition``.

        Returns:
            The name.

        Raises:
            WrongArgument: The name is taken, or a field has a name that an event does not have.
            OpError: The name is blank, there is no source, or a field has a value that the format does not allow.

        Example:
            >>> with wk.build("Gate") as b:
            ...     b.override(b.state("road", "A road."), "pick_up_the_key", grants=["key"], one_shot=True)
            'pick_up_the_key'
        """
        return self._new_event("override", source, None, name, fields)

    def apply(self, *ops: Mapping[str, Any]) -> World:
        """Apply any other operations, such as ``set_subject`` or ``add_mission``.

        Args:
            *ops: The operations (docs/spec/ops.md).

        Returns:
            The world so far.

        Raises:
            OpError: One of them cannot be applied; none was.
            WrongArgument: One of them gives an event the name of a choice that waits for its state; none was applied.

        Example:
            >>> with wk.build("Gate") as b:
            ...     world = b.apply({"op": "set_subject", "subject": "A tired postman."})
            >>> world.to_dict()["subject"]
            'A tired postman.'
        """
        world = self.world.apply([*ops])
        waiting_names = {event["name"]: place for place, events in self._waiting_events.items() for event in events}
        for event in world.events if waiting_names else ():
            if event.name in waiting_names:
                place = quote(waiting_names[event.name])
                name = f"{quote(event.name)}, which a choice has that waits for the state {place}"
                raise WrongArgument("ops", "operations that leave the names of other events free", name)
        if waiting_names:
            self._rename_in_waiting_events(new_names(canonicalize(ops)))
        for op in ops:
            self._add(deep_copy(dict(op)))
        self._world, self._applied_count = world, len(self._ops)
        self._event_names = naming.UnusedNames(event.name for event in world.events)
        for waiting_name in waiting_names:
            self._event_names.add(waiting_name)
        # the empty state of a new world that has another id now, or is gone, is none to take the place of
        self._has_first_state = self._has_first_state or "start" not in world.states
        places = {*world.states, *world.cutscenes_by_id} - (set() if self._has_first_state else {"start"})
        self._places &= places
        for place in places - self._places:
            self._add_place(place)
        return world

    def _new_event(
        self, kind: str, source: str | Iterable[str], to: str | None, name: str | None, fields: Mapping[str, Any]
    ) -> str:
        event: Json = {"name": name, "kind": kind, "from": [source] if isinstance(source, str) else list(source)}
        if to is not None:
            event["to"] = to
        event |= _json_fields(Event, fields)
        if name is None:
            event["name"] = name = self._event_names.take(naming.event_name(event, len(self._event_names)))
        elif name in self._event_names:
            raise WrongArgument("name", "the name of a new event", f"{quote(name)}, which there is already")
        self._check(Event, event, {"op": "add_event", "event": event}, f"event {quote(name)}", _places_of(event))
        self._event_names.add(name)
        self._add_event(deep_copy(event))
        return name

    def _add_event(self, event: Json) -> None:
        """Add an event, now or once the states that it names are there."""
        missing_place = next((place for place in _places_of(event) if place not in self._places), None)
        if missing_place is None:
            self._add({"op": "add_event", "event": event})
        else:
            self._waiting_events.setdefault(missing_place, []).append(event)

    def _rename_in_waiting_events(self, names: NewNames) -> None:
        """Let the events that wait for a state name what was renamed meanwhile by its new name."""
        states, flags = dict(names.states), names.flags
        if not self._has_first_state:
            states.pop("start", None)  # not the state of that name for which an event waits
        if not states and not flags:
            return
        waiting_events = self._waiting_events
        self._waiting_events = {}
        for place, events in waiting_events.items():
            renamed_events = self._waiting_events.setdefault(states.get(place, place), [])
            for event in events:
                renamed_event = rename_in_event(event, lambda flag: flags.get(flag, flag))
                renamed_event["from"] = [states.get(source, source) for source in event["from"]]
                if "to" in event:
                    renamed_event["to"] = states.get(event["to"], event["to"])
                renamed_events.append(renamed_event)

    def _add_place(self, place: str) -> None:
        self._places.add(place)
        for event in self._waiting_events.pop(place, ()):
            self._add_event(event)

    def _add(self, op: Json) -> None:
        self._ops.append(cast(Op, op))

    def _check(self, model: type[Part], body: Json, op: Json, item: str, places: Iterable[str] = ()) -> None:
        """Refuse an operation that could not be applied at the call that wrote it, not at the end of the block.

        Args:
            model: What the body is.
            body: The body of a state or an event.
            op: The operation that adds it.
            item: What to call it in an error.
            places: The states that it names.
        """
        try:
            validate(model, body)
        except ValidationError as error:
            details = "; ".join(map(str, problems(error, limit=20)))
            raise OpError(len(self._ops), op["op"], f"{item} would not be valid: {details}") from None
        # in a world of just these states, so that it takes as long whatever was written before
        states = {place: {"base": ""} for place in places}
        try:
            World.from_dict({"scene": {"states": states, "events": []}}).apply([op])
        except OpError as error:
            raise OpError(len(self._ops), error.op, error.reason) from None

    def __enter__(self) -> Builder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None or not self._waiting_events:
            return
        place, [event, *_] = next(iter(self._waiting_events.items()))
        hint = did_you_mean(place, sorted(self._places))
        raise WrongArgument(quote(event["name"]), "states that are added before the block ends", quote(place) + hint)


@checked
def build(name: str) -> Builder:
    """Write a world in Python, a call a scene or a choice.

    Args:
        name: The name of the world.

    Returns:
        A builder, for a ``with`` block. Its ``world`` is the world, its ``ops`` the operations that made it. A block
        that ends with a choice whose state was never added raises WrongArgument.

    Raises:
        InvalidWorld: The name has a lone surrogate.

    Example:
        >>> with wk.build("The Cellar") as b:
        ...     hall = b.state("hall", "A hall with one lamp and a low door.")
        ...     cellar = b.state("cellar", "A cellar full of apples.", ending="win")
        ...     take_key = b.override(hall, "take_the_key", grants=["key"], one_shot=True)
        ...     go_down = b.transition(hall, cellar, "go_down", requires=["key"])
        >>> print(wk.explore(b.world).verdict)
        The ending can be reached; no run can get stuck.
    """
    return Builder(name)


def _places_of(event: Json) -> list[str]:
    """Return the states and the cutscene that an event names."""
    return [*event["from"], *([event["to"]] if "to" in event else [])]


def _json_fields(model: type[Part], fields: Mapping[str, Any]) -> Json:
    """Return fields under their names in a document; Python's names and the document's are taken."""
    names = {name: info.alias or name for name, info in model.model_fields.items()}
    names = {name: alias for name, alias in names.items() if alias not in _ARGUMENT_FIELDS}
    result: Json = {}
    for name, value in fields.items():
        alias = names.get(name, name)
        if alias not in names.values():
            expected = f"a field of {'an event' if model is Event else 'a state'}"
            raise WrongArgument(quote(name), expected, f"no such field{did_you_mean(name, sorted(names))}")
        if value is not None:
            result[alias] = value
    return result
