"""The registry of operations: name, arguments and implementation of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from worldkit.core.json_values import Json
from worldkit.core.model import EventKind

if TYPE_CHECKING:
    from worldkit.editing.draft import Draft

Kind = Literal["id", "text", "switch", "index", "object", "list", "names", "any"]
Run = Callable[["Draft", Json], Json | None]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an operation.

    Attributes:
        name: Its canonical name.
        kind: The type of its value; an ``id`` is a string under a key that may also hold a nested body.
        aliases: Other accepted spellings.
        is_required: Whether it must be given.
        null: Whether ``null`` may be given.
        choices: The only strings allowed, when not empty.
        yields: Whether, when two spellings are given with different values, the canonical one is a field of the body.
    """

    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    is_required: bool = True
    null: bool = False
    choices: tuple[str, ...] = ()
    yields: bool = False


@dataclass(frozen=True, slots=True)
class OperationPart:
    """The part of a document that an operation carries, nested under a key or spread inline.

    Attributes:
        name: The key it is nested under.
        aliases: Other keys it may be nested under.
        is_spread: Whether its fields are inline in the canonical form; else they are nested under ``name``.
        arguments_of_null: What ``null`` in place of the body means, as arguments; None when that means nothing.
        key: An argument that may be given beside the body and belongs into it, such as an event's ``name``.
        is_closed: Whether a field that is no argument is refused (of a spread body).
        patch: Whether a nested body is a patch, which keeps its nulls and is required; in a new body a null
            means to leave the field out.
    """

    name: str
    aliases: tuple[str, ...] = ()
    is_spread: bool = False
    arguments_of_null: Mapping[str, None] | None = None
    key: Argument | None = None
    is_closed: bool = False
    patch: bool = False


@dataclass(frozen=True, slots=True)
class Op:
    """One operation of the vocabulary (docs/spec/ops.md).

    Attributes:
        name: Its canonical name.
        title: What it does, for a person: ``"Rename {from} to {to}"``, filled in from the arguments.
        arguments: Its arguments, in canonical order.
        run: Applies it to a draft; may return the operation with generated values, such as an id, filled in.
        body: The body it carries, if any.
        aliases: Other names of the same operation.
        check: Validates the normalised arguments as a whole, and may rewrite them.
    """

    name: str
    title: str
    arguments: tuple[Argument, ...]
    run: Run
    body: OperationPart | None = None
    aliases: tuple[str, ...] = ()
    check: Callable[[Json], Json] | None = field(default=None)

    @property
    def summary(self) -> str:
        """The first line of the function's documentation."""
        return (self.run.__doc__ or "").strip().splitlines()[0]


OPS: dict[str, Op] = {}
"""Every operation by its canonical name."""

ALIASES: dict[str, str] = {}
"""The canonical name of every operation by any of its names."""


def op(
    name: str,
    title: str,
    *arguments: Argument,
    body: OperationPart | None = None,
    aliases: tuple[str, ...] = (),
    check: Callable[[Json], Json] | None = None,
) -> Callable[[Run], Run]:
    """Register a function as an operation."""

    def register(run: Run) -> Run:
        OPS[name] = Op(name, title, arguments, run, body, aliases, check)
        ALIASES.update(dict.fromkeys((name, *aliases), name))
        return run

    return register


STATE_SPELLINGS = ("id", "stateId", "state")
EVENT_SPELLINGS = ("name", "eventName", "event")


def state_id(name: str = "id", *, is_required: bool = True, null: bool = False) -> Argument:
    """Return the argument that names a state, in every accepted spelling."""
    return Argument(name, "id", tuple(s for s in STATE_SPELLINGS if s != name), is_required, null)


def event_name(name: str = "event", *, is_required: bool = True, null: bool = False) -> Argument:
    """Return the argument that names an event, in every accepted spelling."""
    return Argument(name, "id", tuple(s for s in EVENT_SPELLINGS if s != name), is_required, null)


EVENT_KINDS: tuple[str, ...] = get_args(EventKind)
