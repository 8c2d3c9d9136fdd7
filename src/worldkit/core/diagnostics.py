"""``Diagnostic``, one finding of a rule or note of an edit, and ``Diagnostics``, a sequence of them."""

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
        kind: The kind of item.
        id: Its id or name; empty for the world itself.
        field: The field inside it, such as ``"base"`` or ``"phases[1].base"``; empty for the whole.

    Example:
        >>> wk.samples.load("broken").lint()[0].item
        Item(kind='world', id='', field='entrance.state')
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
        path: The place as text for people: ``states.lane.base``. Never parse it; use ``item``.
        message: The problem and how to fix it, in one sentence.
        item: The same place as data.
        count: How many findings it stands for: one, except in the last of a rule with more than are listed.

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
        """Return the diagnostic as JSON values; ``count`` is left out when it is one."""
        item = {"kind": self.item.kind, "id": self.item.id, "field": self.item.field}
        data = {
            "lint": self.lint,
            "severity": self.severity,
            "path": self.path,
            "message": self.message,
            "item": item,
        }
        return data if self.count == 1 else {**data, "count": self.count}

    def __str__(self) -> str:
        return f"{self.severity:7} {self.path}: {self.message} [{self.lint}]"


def path_of(kind: ItemKind, id: str = "", field: str = "") -> str:
    """Return the readable path of an item: ``states.<id>.<field>``, ``events.<name>``, ``entrance``."""
    if kind == "world":
        return field or "world"
    head = f"{kind}s.{id}"
    return f"{head}.{field}" if field else head


def make_diagnostic(
    lint: str, severity: Severity, message: str, kind: ItemKind, id: str = "", field: str = ""
) -> Diagnostic:
    """Return a diagnostic whose path and item are the same place."""
    return Diagnostic(lint, severity, path_of(kind, id, field), message, Item(kind, id, field))


def remainder(lint: str, severity: Severity, count: int) -> Diagnostic:
    """Return the diagnostic that stands for the findings of a rule that are not listed."""
    message = f"and {count:,} more like these; fix those that are listed and lint again"
    return Diagnostic(lint, severity, path_of("world"), message, Item("world"), count)


@checked_methods
class Diagnostics(Sequence[Diagnostic]):
    """An immutable sequence of diagnostics, with the world they are about.

    A rule with many findings lists the first ones, and one more diagnostic that counts the others. ``len`` is the
    number listed; ``total`` and ``counts`` are the numbers found.

    Args:
        found: The diagnostics.
        world: Their world; ``fixed()`` needs it.

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
        """Those that do not block play but should be reviewed."""
        return self.of("warning")

    @property
    def counts(self) -> dict[Severity, int]:
        """The number of findings by severity, including those that are not listed."""
        counts: dict[Severity, int] = {"error": 0, "warning": 0, "info": 0}
        for diagnostic in self._found:
            counts[diagnostic.severity] += diagnostic.count
        return counts

    @property
    def total(self) -> int:
        """The number of findings, including those that are not listed."""
        return sum(diagnostic.count for diagnostic in self._found)

    def fixed(self) -> World:
        """Return the world with the safe fix of every diagnostic that has one applied.

        Findings that are counted but not listed are fixed as well.

        Returns:
            A new world; diagnostics without a safe fix remain.

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
