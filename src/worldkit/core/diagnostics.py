"""What rules and edits report: ``Diagnostic`` values, and the sequence that holds them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from worldkit.core.argument_checks import checked_methods
from worldkit.core.display import renderer

if TYPE_CHECKING:
    from worldkit.world import World

Severity = Literal["error", "warning", "info"]
ItemKind = Literal["world", "state", "event", "cutscene", "sequence", "mission", "act", "edge"]

_ORDER: dict[str, int] = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Item:
    """The thing a diagnostic is about, as data, because ids may hold dots and spaces.

    Attributes:
        kind: What sort of thing it is.
        id: Its id or name; empty for the world itself.
        field: The field inside it, such as ``"base"`` or ``"phases[1].base"``; empty for the whole.
    """

    kind: ItemKind
    id: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a world (docs/spec/rules.md).

    Attributes:
        lint: The rule's id, such as ``"dangling-ref"``; an edit's own notes use ``"cascade"``.
        severity: ``"error"``, ``"warning"`` or ``"info"``. Errors block play, warnings never do.
        path: The place, for reading: ``states.lane.base``. Never parse it; use ``item``.
        message: What is wrong and what to do, in one sentence.
        item: The same place as data.
        count: How many findings it stands for. One, but in the last of a rule that found more than are listed.

    Example:
        >>> finding = wk.samples.load("broken").lint()[0]
        >>> finding.lint, finding.severity, finding.path
        ('entrance-missing-state', 'error', 'entrance.state')
    """

    lint: str
    severity: Severity
    path: str
    message: str
    item: Item
    count: int = 1

    def to_dict(self) -> dict[str, Any]:
        """Return the diagnostic as JSON values; ``count`` is left out where it is one."""
        item = {"kind": self.item.kind, "id": self.item.id, "field": self.item.field}
        made = {
            "lint": self.lint,
            "severity": self.severity,
            "path": self.path,
            "message": self.message,
            "item": item,
        }
        return made if self.count == 1 else {**made, "count": self.count}

    def __str__(self) -> str:
        return f"{self.severity:7} {self.path}: {self.message} [{self.lint}]"


def path_of(kind: ItemKind, id: str = "", field: str = "") -> str:
    """Return the readable path of an item: ``states.<id>.<field>``, ``events.<name>``, ``entrance``."""
    if kind == "world":
        return field or "world"
    head = f"{kind}s.{id}"
    return f"{head}.{field}" if field else head


def diagnostic(
    lint: str, severity: Severity, message: str, kind: ItemKind, id: str = "", field: str = ""
) -> Diagnostic:
    """Make a diagnostic whose path and item say the same place."""
    return Diagnostic(lint, severity, path_of(kind, id, field), message, Item(kind, id, field))


def rest_of(lint: str, severity: Severity, count: int) -> Diagnostic:
    """Make the diagnostic that stands for the findings of a rule that are not listed."""
    message = f"and {count:,} more like these; mend those that are listed and lint again"
    return Diagnostic(lint, severity, path_of("world"), message, Item("world"), count)


@checked_methods
class Diagnostics(Sequence[Diagnostic]):
    """An immutable sequence of diagnostics, with the world they speak of.

    A rule that finds very much lists its first findings; a last one says how many more there are. So ``len`` is
    what is listed, and ``total`` and ``counts`` are what was found.

    Args:
        found: The diagnostics.
        world: The world they were found in; ``fixed()`` needs it.

    Example:
        >>> findings = wk.samples.load("broken").lint()
        >>> findings.counts
        {'error': 15, 'warning': 16, 'info': 0}
        >>> findings.of("error")[0].lint
        'entrance-missing-state'
    """

    def __init__(self, found: Iterable[Diagnostic] = (), world: Any = None) -> None:
        self._found: tuple[Diagnostic, ...] = tuple(found)
        self._world = world

    @overload
    def __getitem__(self, index: int) -> Diagnostic: ...
    @overload
    def __getitem__(self, index: slice) -> Diagnostics: ...
    def __getitem__(self, index: int | slice) -> Diagnostic | Diagnostics:
        if isinstance(index, slice):
            return Diagnostics(self._found[index], self._world)
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Diagnostics) and self._found == other._found

    def __hash__(self) -> int:
        return hash(self._found)

    def of(self, severity: Severity) -> Diagnostics:
        """Return those of one severity."""
        return Diagnostics((d for d in self._found if d.severity == severity), self._world)

    @property
    def errors(self) -> Diagnostics:
        """Those that block play."""
        return self.of("error")

    @property
    def warnings(self) -> Diagnostics:
        """Those that do not block play but should be looked at."""
        return self.of("warning")

    @property
    def counts(self) -> dict[Severity, int]:
        """How many were found, by severity, those included that are not listed one by one."""
        counts: dict[Severity, int] = {"error": 0, "warning": 0, "info": 0}
        for found in self._found:
            counts[found.severity] += found.count
        return counts

    @property
    def total(self) -> int:
        """How many were found, those included that are not listed one by one."""
        return sum(found.count for found in self._found)

    def fixed(self) -> World:
        """Return the world with the safe fix of every diagnostic that has one applied.

        Where one of these stands for findings that are not listed, those are fixed as well.

        Returns:
            A new world; diagnostics without a safe fix are still there when it is linted again.

        Raises:
            ValueError: These diagnostics were made without a world.
        """
        if self._world is None:
            raise ValueError("these diagnostics belong to no world; lint a world and fix its result")
        world: World = renderer("Diagnostics", "fixed world")(self._world, self)
        return world

    def to_list(self) -> list[dict[str, Any]]:
        """Return every diagnostic as JSON values."""
        return [d.to_dict() for d in self._found]

    def __repr__(self) -> str:
        if not self._found:
            return "no diagnostics"
        return "\n".join(str(d) for d in sorted(self._found, key=lambda d: _ORDER[d.severity]))

    def _repr_html_(self) -> str:
        if not self._found:
            return "<p>Nothing to report.</p>"
        left = " style='text-align:left'"
        rows = "".join(
            f"<tr><td{left}>{d.severity}</td><td{left}><code>{html.escape(d.path)}</code></td>"
            f"<td{left}>{html.escape(d.message)}</td><td{left}><code>{html.escape(d.lint)}</code></td></tr>"
            for d in sorted(self._found, key=lambda d: _ORDER[d.severity])
        )
        head = "".join(f"<th{left}>{name}</th>" for name in ("severity", "where", "what", "rule"))
        return f"<table><tr>{head}</tr>{rows}</table>"
