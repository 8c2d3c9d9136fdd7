"""Every error worldkit raises on purpose, in one tree under ``WorldError``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worldkit.diagnostics import Diagnostics


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a document: where it is, and what was expected there.

    Attributes:
        path: Place in the document, such as ``scene.events[3].landWhen.hits``; empty for the whole.
        message: What was expected and what was found, in words.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class WorldError(Exception):
    """Anything worldkit refuses to do; the root of every error it raises on purpose."""


class InvalidWorld(WorldError):
    """A document is not an SMWorld; ``problems`` holds everything wrong with it, not only the first."""

    SHOWN = 20

    def __init__(self, problems: Iterable[Problem], source: str = "the document") -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.source = source
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        lines = [f"{source} is not a readable world: {count} {noun}"]
        lines += [f"  {problem}" for problem in self.problems[: self.SHOWN]]
        if count > self.SHOWN:
            lines.append(f"  and {count - self.SHOWN} more in .problems")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.problems, self.source)


class UnsupportedVersion(WorldError):
    """A document's major schema version is one this release cannot read."""

    def __init__(self, found: str, readable: Sequence[str]) -> None:
        self.found = found
        self.readable: tuple[str, ...] = tuple(readable)
        super().__init__(
            f"schemaVersion {found!r} cannot be read; readable versions: {', '.join(readable)}. "
            "Install a newer smworldkit, or export the world again in a readable version."
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.found, self.readable)


class OpError(WorldError):
    """An operation was refused, and with it the whole batch.

    Attributes:
        index: Position of the refused operation in its batch, from 0.
        op: Its kind, such as ``"add_state"``.
        reason: What was found, what was expected and what to do.
    """

    def __init__(self, index: int, op: str, reason: str) -> None:
        self.index = index
        self.op = op
        self.reason = reason
        super().__init__(f"operation {index} ({op}) was refused, nothing was changed: {reason}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.index, self.op, self.reason)


class Conflict(WorldError):
    """A write was made against a revision that is no longer the current one."""

    def __init__(self, expected: str, current: str) -> None:
        self.expected = expected
        self.current = current
        super().__init__(
            f"the world is at revision {current}, the edit was made against {expected}; "
            "load the current world and make the edit again"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.expected, self.current)


class RuleViolation(WorldError):
    """A strict batch would have introduced rule errors; ``diagnostics`` names the new ones."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics
        count = len(diagnostics)
        noun = "rule error" if count == 1 else "rule errors"
        lines = [f"the batch would introduce {count} {noun}, nothing was changed:"]
        lines += [f"  {d.path}: {d.message} [{d.lint}]" for d in diagnostics]
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.diagnostics,)


class NotAvailable(WorldError):
    """An event cannot be fired from the current position.

    Attributes:
        event: Its name.
        reason: ``"unknown"``, ``"over"``, ``"not here"``, ``"used up"``, ``"missing flags"``, or ``"playing"``
            (something plays and has not landed yet).
        missing: The flags that are required and not held.
    """

    def __init__(self, event: str, reason: str, detail: str, missing: Iterable[str] = ()) -> None:
        self.event = event
        self.reason = reason
        self.detail = detail
        self.missing: tuple[str, ...] = tuple(missing)
        super().__init__(f"{event!r} cannot be fired: {detail}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.event, self.reason, self.detail, self.missing)


class MissingExtra(WorldError, ImportError):
    """A feature needs packages that are not installed; the message says what to install."""

    def __init__(self, feature: str, extra: str, package: str) -> None:
        self.feature = feature
        self.extra = extra
        self.package = package
        super().__init__(f"{feature} needs {package}: pip install 'smworldkit[{extra}]'")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.feature, self.extra, self.package)


class NotFound(WorldError, LookupError):
    """A store holds no such world or version, or several of that name."""


class HeadVersion(WorldError):
    """A version cannot be pruned because its world stands on it."""

    def __init__(self, version: str) -> None:
        self.version = version
        super().__init__(f"version {version!r} is the one its world stands on; check out or snapshot another one first")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.version,)


class StoreError(WorldError):
    """A store cannot be opened, reached or written to; the message says why."""


class CorruptStore(StoreError):
    """A store's file is damaged.

    Attributes:
        path: Where the store was opened.
        moved_to: Where the damaged file is now, None when it was left in place.
    """

    def __init__(self, path: str, reason: str, moved_to: str | None = None) -> None:
        self.path = path
        self.reason = reason
        self.moved_to = moved_to
        said = (
            f"it was moved to {moved_to} and nothing in it was changed; open {path} again to begin with an empty "
            "store, and try the sqlite3 program's .recover command on the moved file"
            if moved_to
            else "keep a copy of the file, then export the worlds that can still be read"
        )
        super().__init__(f"{path} is a damaged store ({reason}); {said}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.path, self.reason, self.moved_to)
