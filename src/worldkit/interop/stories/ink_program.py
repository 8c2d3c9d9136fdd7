"""The program that ink compiles to: containers of content, and the paths that lead through them.

The format is described in ink's documentation, "ink's JSON runtime format".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from worldkit.core.json_values import Json

VISITS, START_ONLY = 1, 4
"""Flags of a container: its visits are counted; only those that begin at its start are."""

NEWEST_VERSION, OLDEST_VERSION = 21, 19
"""The versions of the format that are read."""


class Container:
    """A list of content with named parts.

    Args:
        parent: The container around it.
        name: Its name there; its number when it has none.
    """

    __slots__ = ("content", "flags", "name", "named_parts", "number", "parent")

    def __init__(self, parent: Container | None, name: str, number: int | None) -> None:
        self.parent = parent
        self.name = name
        self.number = number
        self.content: list[Any] = []
        self.named_parts: dict[str, Container] = {}
        self.flags = 0

    @property
    def path(self) -> str:
        """Its path from the root; no two have the same."""
        names = []
        container: Container | None = self
        while container is not None and container.parent is not None:
            names.append(container.name)
            container = container.parent
        return ".".join(reversed(names))

    def ancestors(self) -> Iterator[Container]:
        """Yield it and the containers around it, innermost first."""
        container: Container | None = self
        while container is not None:
            yield container
            container = container.parent


@dataclass(frozen=True, slots=True)
class Pointer:
    """A place in the program: an item of a container; -1 for the container itself, which is about to be entered."""

    container: Container
    index: int

    @property
    def item(self) -> Any:
        """What stands there; None behind the last item."""
        return self.container.content[self.index] if 0 <= self.index < len(self.container.content) else None

    @property
    def name(self) -> str:
        """What to call it: its path."""
        path = self.container.path
        return path if self.index < 0 else f"{path}.{self.index}" if path else str(self.index)

    def next(self) -> Pointer | None:
        """Return the place behind it; None when the program ends there."""
        container: Container | None = self.container
        index = self.index + 1 if self.index >= 0 else len(self.container.content)
        while container is not None and index >= len(container.content):
            index, container = (0, None) if container.number is None else (container.number + 1, container.parent)
        return None if container is None else Pointer(container, index)


def read_program(value: Json) -> Container:
    """Return the outermost container of a compiled story.

    Args:
        value: The JSON value of the file.

    Raises:
        ValueError: It is no such file, or of a version that is not read.
    """
    version = value.get("inkVersion")
    if not isinstance(version, int) or not OLDEST_VERSION <= version <= NEWEST_VERSION:
        raise ValueError(
            f"its inkVersion is {version!r}, and {OLDEST_VERSION} to {NEWEST_VERSION} can be read; compile it again"
        )
    if not isinstance(value.get("root"), list):
        raise ValueError('it has no "root", a list')
    return _container(value["root"], None, "", None)


def _container(items: list[Any], parent: Container | None, name: str, number: int | None) -> Container:
    container = Container(parent, name, number)
    *content, end = items or [None]
    if isinstance(end, dict):
        container.flags = end["#f"] if isinstance(end.get("#f"), int) else 0
        if isinstance(end.get("#n"), str):
            container.name = end["#n"]
        for key, part in end.items():
            if isinstance(part, list):
                container.named_parts[key] = _container(part, container, key, None)
    for index, item in enumerate(content):
        if isinstance(item, list):
            inner = _container(item, container, str(index), index)
            container.named_parts.setdefault(inner.name, inner)
            container.content.append(inner)
        else:
            container.content.append(item)
    return container


def resolve(path: Any, base: Container, root: Container) -> Pointer | None:
    """Return the place that a path names; None when there is none.

    Args:
        path: The path; one that begins with a dot is relative to an item of ``base``.
        base: The container of the item that has the path.
        root: The outermost container.
    """
    if not isinstance(path, str):
        return None
    keys = path.split(".")
    container: Container | None = root
    if path.startswith("."):
        container, keys = base, keys[2:]  # the first ^ leads from the item to its container
    for number, key in enumerate(keys):
        if container is None:
            return None
        if key == "^":
            container = container.parent
            continue
        inner = container.named_parts.get(key)
        if inner is None and key.isdecimal() and len(key) < 9 and int(key) < len(container.content):
            item = container.content[int(key)]
            if not isinstance(item, Container):
                return Pointer(container, int(key)) if number == len(keys) - 1 else None
            inner = item
        if inner is None:
            return None
        container = inner
    return None if container is None else Pointer(container, -1)
