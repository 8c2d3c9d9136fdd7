"""``Position``: where a player is, what they hold and what they have used up; nothing else decides play."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from worldkit.core.argument_checks import checked_methods
from worldkit.core.argument_types import is_text
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import InvalidWorld, WorldError
from worldkit.core.json_values import Json, parse_text, quote


@shown_briefly
@checked_methods
@dataclass(frozen=True, slots=True)
class Position:
    """A position of play (docs/spec/runtime.md): hashable, comparable, and all that the rules look at.

    Attributes:
        state: The id of the state the player is in.
        flags: The flags held.
        used: The names of the one-shot events already used. Two one-shots of one name share one use.

    Example:
        >>> wk.Session(world).position
        Position('lane')
        >>> wk.Position.from_dict({"state": "bench", "flags": ["mitten"]})
        Position('bench', flags=['mitten'])
    """

    state: str
    flags: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not isinstance(self.state, str):
            raise WorldError(f"not a position: expected state to be a string, got {quote(self.state)}")
        for field in ("flags", "used"):
            value = getattr(self, field)
            if type(value) is not frozenset:
                object.__setattr__(self, field, _texts(value, field))

    def to_dict(self) -> Json:
        """Return the position as JSON values, flags and names sorted."""
        return {"state": self.state, "flags": sorted(self.flags), "used": sorted(self.used)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Position:
        """Read a position from JSON values.

        Args:
            data: ``{"state": id, "flags"?: [...], "used"?: [...]}``.

        Raises:
            WorldError: It is not of that form.

        Example:
            >>> wk.Position.from_dict({"state": "bench", "flags": ["mitten"]})
            Position('bench', flags=['mitten'])
        """
        state = data.get("state") if isinstance(data, Mapping) else None
        if not isinstance(state, str):
            raise WorldError(f'not a position: expected an object with "state", a string, got {quote(data)}')
        flags, used_events = (_texts(data.get(field, ()), field) for field in ("flags", "used"))
        return cls(state, flags, used_events)

    @classmethod
    def from_json(cls, text: str) -> Position:
        """Read a position from JSON text, such as that of a file that ``Session.save(path, "position")`` wrote.

        Raises:
            WorldError: It is not JSON, or not a position.

        Example:
            >>> path = wk.Session(world, flags=["mitten"]).save("here.json", "position")
            >>> wk.Position.from_json(path.read_text())
            Position('lane', flags=['mitten'])
        """
        return cls.from_dict(position_data(text))

    def __repr__(self) -> str:
        parts = [repr(self.state)]
        parts += [f"{name}={sorted(values)}" for name, values in (("flags", self.flags), ("used", self.used)) if values]
        return f"Position({', '.join(parts)})"


def read_position(at: Position | Mapping[str, Any] | str) -> Position:
    """Return a position that a caller gave as one, as its JSON values, or as its JSON text; all of it is checked.

    Raises:
        WorldError: It is none.
    """
    if isinstance(at, str):
        return Position.from_json(at)
    if not isinstance(at, Position):
        return Position.from_dict(at)
    # sets are taken as they are when one is made, which play does at every step
    return Position(at.state, _texts(at.flags, "flags"), _texts(at.used, "used"))


def position_data(text: str) -> Json:
    """Return the JSON object that is the text of a position.

    Raises:
        WorldError: It is none.
    """
    try:
        data = parse_text(text, "the position")
    except InvalidWorld as error:
        raise WorldError(f"not a position: {'; '.join(map(str, error.problems))}") from None
    if not isinstance(data, dict):
        raise WorldError(f"not a position: expected an object, got {quote(data)}")
    return data


def _texts(value: Iterable[Any], field: str) -> frozenset[str]:
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)):
        items = list(value)
        if all(map(is_text, items)):
            return frozenset(items)
        value = next(item for item in items if not is_text(item))
        description = f"one that holds {quote(value)}" + ", a lone surrogate" * isinstance(value, str)
    else:
        description = quote(value)
    raise WorldError(f"not a position: expected {field} to be a list of strings, got {description}")
