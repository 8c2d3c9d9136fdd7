"""``Diagnostic``, one finding of a rule or note of an edit, and ``Diagnostics``, a sequence of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args, overload

from worldkit.core.argument_checks import checked_methods, expect
from worldkit.core.brief import shown_briefly
from worldkit.core.display import renderer
from worldkit.core.errors import WorldError, WrongArgument
from worldkit.core.profile import HOSTED, Profile, Severity
from worldkit.core.quoting import escape_unprintable, page_text, quote

if TYPE_CHECKING:
    from worldkit.world import World

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
        severity: ``"error"``, ``"warning"`` or ``"info"``. By the hosted profile's rules an error blocks play, a
            warning never does.
        path: The place as text for people: ``state[lane].base``. Never parse it; use ``item``.
        message: The problem and how to fix it, in one sentence.
        item: The same place as data.
        count: How many findings it stands for: one, except in the last of a rule with more than are listed.
        remedy: What its safe fix does, such as ``"set its minProximity to 0.15"``; empty without a safe fix.
        loc: Where in factored prose it is, as a hosted server says: field, template, slot and fill.

    Example:
        >>> finding = wk.samples.load("broken").lint()[0]
        >>> finding.lint, finding.severity, finding.path
        ('dangling-ref', 'error', 'entrance.state')
    """

    lint: str
    severity: Severity
    path: str
    message: str
    item: Item
    count: int = 1
    remedy: str = ""
    loc: Mapping[str, Any] | None = field(default=None, hash=False)
    _world: Any = field(default=None, repr=False, compare=False)
    _profile: Profile = field(default=HOSTED, repr=False, compare=False)

    @property
    def fixable(self) -> bool:
        """Whether it has a safe fix: one that does not change what the writer meant."""
        return bool(self.remedy)

    def fix(self) -> list[dict[str, Any]]:
        """Return the operations of its safe fix, for ``world.apply``.

        They are for the world that was linted. In a world that was edited since, those of an event that its name does
        not tell from others are refused where the event has changed. For a finding that represents several, they fix
        all findings of its rule. ``Diagnostics.fixed()`` returns the world with everything fixed.

        Returns:
            The operations.

        Raises:
            WorldError: It has no safe fix, or belongs to no world.

        Example:
            >>> finding = next(finding for finding in world.lint() if finding.fixable)
            >>> finding.remedy
            'set its minProximity to 0.15'
            >>> world.apply(finding.fix()).lint().total < world.lint().total
            True
        """
        if not self.fixable:
            place = escape_unprintable(self.path)
            raise WorldError(f"{place} [{self.lint}] has no safe fix; edit the {self.item.kind} by hand")
        if self._world is None:
            raise WorldError("this finding belongs to no world; take it from world.lint()")
        ops: list[dict[str, Any]] = renderer("Diagnostic", "fix")(self._world, self, self._profile)
        return ops

    def to_dict(self) -> dict[str, Any]:
        """Return the diagnostic as JSON values; ``count``, ``remedy`` and ``loc`` only where they say something."""
        data: dict[str, Any] = {
            "lint": self.lint,
            "severity": self.severity,
            "path": self.path,
            "message": self.message,
            "item": {"kind": self.item.kind, "id": self.item.id, "field": self.item.field},
        }
        if self.count != 1:
            data["count"] = self.count
        if self.remedy:
            data["remedy"] = self.remedy
        if self.loc is not None:
            data["loc"] = dict(self.loc)
        return data

    def __str__(self) -> str:
        fixable = f" Fixable: {self.remedy}." if self.remedy else ""
        return escape_unprintable(f"{self.severity:7} {self.path}: {self.message} [{self.lint}]{fixable}")


def make_diagnostic(
    lint: str,
    severity: Severity,
    message: str,
    kind: ItemKind,
    id: str = "",
    field: str = "",
    *,
    profile: Profile = HOSTED,
    label: str = "",
    remedy: str = "",
) -> Diagnostic:
    """Return a diagnostic whose path and item are the same place.

    Args:
        lint: The rule's id.
        message: The problem and how to fix it.
        id: Its id or name.
        profile: Whose spelling the path has.
        label: How the field is spelled where a profile spells labels; empty for the field itself.
        remedy: What its safe fix does; empty without one.
    """
    path = profile.path(kind, id, label if label and profile.spells_labels else field)
    return Diagnostic(lint, severity, path, message, Item(kind, id, field), remedy=remedy)


def remainder(lint: str, severity: Severity, count: int, remedy: str = "") -> Diagnostic:
    """Return the diagnostic that represents the findings of a rule that are not listed."""
    message = f"and {count:,} more like these; fix those that are listed and lint again"
    return Diagnostic(lint, severity, "world", message, Item("world"), count, remedy)


def _fix_as_html(diagnostic: Diagnostic) -> str:
    return f"<br><em>Fixable: {page_text(diagnostic.remedy)}.</em>" if diagnostic.remedy else ""


def _with_world(diagnostic: Diagnostic, world: Any, profile: Profile) -> Diagnostic:
    expect(diagnostic, Diagnostic, "found", "a list of which each is a Diagnostic")
    if not diagnostic.remedy or world is None or diagnostic._world is world:  # noqa: SLF001  # a class of this module
        return diagnostic
    return replace(diagnostic, _world=world, _profile=profile)


_MAX_SIMILAR_FINDINGS = 3
"""How many findings that say the same are told one by one."""


def _told_together(alike: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield the lines of findings that say the same of several places: of many, the others in one line."""
    if len(alike) <= _MAX_SIMILAR_FINDINGS:
        yield from map(str, alike)
        return
    yield str(alike[0])
    places = escape_unprintable(", ".join(finding.path for finding in alike[1:]))
    yield f"{'':7} the same of {len(alike) - 1} more: {places}"


@shown_briefly
@checked_methods
class Diagnostics(Sequence[Diagnostic]):
    """An immutable sequence of diagnostics, with the world they are about.

    A rule with many findings lists the first ones, and one more diagnostic that counts the others. ``len`` is the
    number listed; ``total`` and ``counts`` are the numbers found.

    Args:
        found: The diagnostics.
        world: Their world; ``fixed()`` needs it.
        profile: Whose rules found them.

    Example:
        >>> findings = wk.samples.load("broken").lint()
        >>> findings.counts
        {'error': 6, 'warning': 34, 'info': 0}
        >>> findings.of("error")[0].lint
        'dangling-ref'
    """

    def __init__(self, found: Iterable[Diagnostic] = (), world: Any = None, profile: Profile = HOSTED) -> None:
        self._all_diagnostics: tuple[Diagnostic, ...] = tuple(_with_world(d, world, profile) for d in found)
        self._world = world
        self._profile = profile

    @overload
    def __getitem__(self, index: int) -> Diagnostic: ...
    @overload
    def __getitem__(self, index: slice) -> Diagnostics: ...
    def __getitem__(self, index: int | slice) -> Diagnostic | Diagnostics:
        if isinstance(index, slice):
            return Diagnostics(self._all_diagnostics[index], self._world, self._profile)
        return self._all_diagnostics[index]

    def __len__(self) -> int:
        return len(self._all_diagnostics)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._all_diagnostics)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Diagnostics) and self._all_diagnostics == other._all_diagnostics

    def __hash__(self) -> int:
        return hash(self._all_diagnostics)

    def of(self, severity: Severity) -> Diagnostics:
        """Return those of one severity: ``"error"``, ``"warning"`` or ``"info"``.

        Raises:
            WrongArgument: There is no such severity.

        Example:
            >>> found = wk.samples.load("broken").lint()
            >>> len(found), len(found.of("error")), len(found.of("warning"))
            (40, 6, 34)
        """
        if severity not in get_args(Severity):
            raise WrongArgument("severity", '"error", "warning" or "info"', quote(severity))
        return Diagnostics((d for d in self._all_diagnostics if d.severity == severity), self._world, self._profile)

    @property
    def errors(self) -> Diagnostics:
        """Those that are wrong; by the rules of the hosted profile they block play.

        Example:
            >>> len(wk.samples.load("broken").lint().errors)
            6
        """
        return self.of("error")

    @property
    def warnings(self) -> Diagnostics:
        """Those that never block play but should be reviewed."""
        return self.of("warning")

    @property
    def counts(self) -> dict[Severity, int]:
        """The number of findings by severity, including those that are not listed."""
        counts: dict[Severity, int] = {"error": 0, "warning": 0, "info": 0}
        for diagnostic in self._all_diagnostics:
            counts[diagnostic.severity] += diagnostic.count
        return counts

    @property
    def total(self) -> int:
        """The number of findings, including those that are not listed."""
        return sum(diagnostic.count for diagnostic in self._all_diagnostics)

    def fixed(self) -> World:
        """Return the world with the safe fix of every diagnostic that has one applied.

        Findings that are counted but not listed are fixed as well.

        Returns:
            A new world; diagnostics without a safe fix remain.

        Raises:
            WorldError: These diagnostics were made without a world.

        Example:
            >>> broken = wk.samples.load("broken")
            >>> fixed = broken.lint().fixed()
            >>> len(broken.lint()), len(fixed.lint())
            (40, 30)
        """
        if self._world is None:
            raise WorldError("these diagnostics belong to no world; lint a world and fix its result")
        world: World = renderer("Diagnostics", "fixed world")(self._world, self, self._profile)
        return world

    def to_list(self) -> list[dict[str, Any]]:
        """Return every diagnostic as JSON values.

        Example:
            >>> found = wk.samples.load("broken").lint().to_list()[0]
            >>> found["lint"], found["path"]
            ('dangling-ref', 'entrance.state')
        """
        return [d.to_dict() for d in self._all_diagnostics]

    def __repr__(self) -> str:
        if not self._all_diagnostics:
            return "no diagnostics"
        alike: dict[tuple[str, str, str, str], list[Diagnostic]] = {}
        for finding in sorted(self._all_diagnostics, key=lambda d: _ORDER[d.severity]):
            alike.setdefault((finding.severity, finding.lint, finding.message, finding.remedy), []).append(finding)
        return "\n".join(line for group in alike.values() for line in _told_together(group))

    def _repr_html_(self) -> str:
        if not self._all_diagnostics:
            return "<p>Nothing to report.</p>"
        style = " style='text-align:left;vertical-align:top'"
        wide_style = " style='text-align:left;vertical-align:top;min-width:15em'"
        # in a narrow cell a long path is broken, rather than the message pushed out of sight
        code = "<code style='white-space:normal'>"
        rows = "".join(
            f"<tr><td{style}>{d.severity}</td><td{style}>{code}{_breakable(d.path)}</code></td>"
            f"<td{wide_style}>{page_text(d.message)}{_fix_as_html(d)}</td><td{style}>{code}{page_text(d.lint)}</code></td></tr>"
            for d in sorted(self._all_diagnostics, key=lambda d: _ORDER[d.severity])
        )
        head = "".join(f"<th{style}>{name}</th>" for name in ("severity", "where", "what", "rule"))
        return f"<table><tr>{head}</tr>{rows}</table>"


def _breakable(path: str) -> str:
    """Return a path as HTML that may be broken between its steps and the words of a name."""
    return re.sub(r"(?<=_)|(?=[.\[])", "<wbr>", page_text(path))
