"""Versions of a stored world: one, and all as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload

from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.json_values import escape_unprintable

VERSION_SOURCES = ("save", "branch", "manual", "ai", "import")
"""What can make a version (docs/spec/api-v1.md, "Versions")."""

MAX_INDENT = 20
"""Branches within branches that a listing still indents."""


@dataclass(frozen=True, slots=True)
class Version:
    """A snapshot of a world that one can go back to.

    Attributes:
        id: Its id, unique within its world.
        parent: Id of the version it was made from, None for a root.
        title: What it was called.
        source: What made it: ``"save"``, ``"branch"``, ``"manual"``, ``"ai"`` or ``"import"``.
        created_at: When, in UTC, where the place says so.
        rev: The world's revision at that moment, where the place says so.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> version = store.create(world).snapshot("first draft")
        >>> version.title
        'first draft'
    """

    id: str
    parent: str | None
    title: str
    source: str | None = None
    created_at: datetime | None = None
    rev: str | None = None


@shown_briefly
@checked_methods
class Versions(Sequence[Version]):
    """The versions of a world, oldest first: a sequence, and a tree by their parents.

    Attributes:
        head: Id of the version the world now stands on: the last one checked out, or kept after the one before it.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> stored = store.create(world)
        >>> version = stored.snapshot("first draft")
        >>> len(stored.versions())
        1
    """

    def __init__(self, versions: Iterable[Version], head: str | None = None) -> None:
        self._all = tuple(versions)
        self.head = head

    @overload
    def __getitem__(self, index: int) -> Version: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Version, ...]: ...
    def __getitem__(self, index: int | slice) -> Version | tuple[Version, ...]:
        return self._all[index]

    def __len__(self) -> int:
        return len(self._all)

    @property
    def roots(self) -> tuple[Version, ...]:
        """The versions without a parent."""
        return self.children(None)

    def children(self, version: str | None) -> tuple[Version, ...]:
        """Return the versions made from a version.

        Args:
            version: Its id; None for the roots.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> draft, second = stored.snapshot("first draft"), stored.snapshot("second draft")
            >>> [version.title for version in stored.versions().children(draft.id)]
            ['second draft']
        """
        return tuple(candidate for candidate in self._all if candidate.parent == version)

    def __repr__(self) -> str:
        ids = {version.id for version in self._all}
        children: dict[str | None, list[Version]] = {}
        for version in self._all:
            children.setdefault(version.parent if version.parent in ids else None, []).append(version)
        lines = []
        pending = [(0, version) for version in reversed(children.pop(None, ()))]
        while pending or children:
            if not pending:  # the parents of those that are left go round in a circle, which only a server can tell
                pending = [(0, version) for version in reversed(children.pop(next(iter(children))))]
            depth, version = pending.pop()
            marker = "  <- head" if version.id == self.head else ""
            indent = "  " * min(depth, MAX_INDENT)
            lines.append(f"{indent}{version.id}  {escape_unprintable(version.title)}{marker}")
            # each version is shown once, also where a server tells an id twice
            own_children = children.pop(version.id, ())
            pending += [(depth + (len(own_children) > 1), child) for child in reversed(own_children)]
        return "\n".join(lines) or "no versions"
