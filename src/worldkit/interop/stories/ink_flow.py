"""How ink's program flows: where two ways meet again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from worldkit.interop.stories.ink_program import Container, Pointer, resolve

MAX_DEPTH = 60
"""Conditions that are nested more deeply are not read."""

_GENERATED_NAME = re.compile(r"\d+|[cgsb]-?\d*|")  # names that the compiler gives
_EXIT_INSTRUCTIONS = frozenset({"done", "end", "->->", "~ret", "thread"})


def is_named(container: Container) -> bool:
    """Say whether a container is a knot or a stitch, to which its author gave a name."""
    return container.parent is not None and not any(
        _GENERATED_NAME.fullmatch(name) for name in container.path.split(".")
    )


def knot_of(pointer: Pointer) -> str:
    """Return the name of the knot and the stitch in which a place is."""
    return knot_in(pointer.container.path)


def knot_in(path: str) -> str:
    """Return the name of the knot and the stitch with which a path begins."""
    names = path.split(".")
    count = next((number for number, name in enumerate(names) if _GENERATED_NAME.fullmatch(name)), len(names))
    return ".".join(names[:count]) or "start"


def is_inner(target: Pointer, pointer: Pointer) -> bool:
    """Say whether a way leads into a named part of its own container, as an else does."""
    return target.index < 0 and target.container.parent is pointer.container and target.container.number is None


def inside(container: Container) -> Pointer | None:
    """Return the first place inside a container; of an empty one the place behind it."""
    return Pointer(container, 0) if container.content else Pointer(container, -1).next()


def meeting_of(branch: Pointer, after: Pointer | None, root: Container, spend: Callable[[], None]) -> Pointer | None:
    """Return where the two ways of a condition meet again; None when one of them leads elsewhere."""
    meeting_point = _Scan(root, None, 0, spend).result(branch)
    if meeting_point is None or after is None:
        return None
    return meeting_point if _Scan(root, meeting_point, 0, spend).result(after) == meeting_point else None


class _Scan:
    """Follows a way to see where it leads back to."""

    def __init__(self, root: Container, until: Pointer | None, depth: int, spend: Callable[[], None]) -> None:
        self._root = root
        self._end_pointer = until
        self._depth = depth
        self._spend = spend
        self._place: Pointer | None = None
        self._return_pointer: Pointer | None = None

    def result(self, pointer: Pointer | None) -> Pointer | None:
        """Return the place to which a way leads back, or ``until`` when it comes there; None if it leads elsewhere."""
        while pointer is not None and self._depth <= MAX_DEPTH:
            self._spend()
            if pointer == self._end_pointer:
                return pointer
            item = pointer.container if pointer.index < 0 else pointer.item
            if isinstance(item, Container):
                pointer = inside(item)
            elif isinstance(item, dict) and "->" in item:
                target = self._target(item, pointer)
                if target is None or target == self._end_pointer or (self._end_pointer is None and target.index > 0):
                    return target
                pointer = inside(target.container) if target.index < 0 else target
            elif (isinstance(item, str) and item in _EXIT_INSTRUCTIONS) or not self._is_passed(item, pointer):
                return None
            else:
                pointer = pointer.next()
        return None

    def _target(self, item: dict[str, Any], pointer: Pointer) -> Pointer | None:
        """Return where the way goes on at a divert; None when it leads elsewhere."""
        if item.get("var"):
            back, self._return_pointer = self._return_pointer, None
            return back
        target = resolve(item["->"], pointer.container, self._root)
        if target is not None and item.get("c"):
            returns = _Scan(self._root, None, self._depth + 1, self._spend).result(target) is not None
            return pointer.next() if returns else None
        if target is not None and target.index < 0 and self._return_pointer is None and not is_inner(target, pointer):
            return None
        return target

    def _is_passed(self, item: Any, pointer: Pointer) -> bool:
        """Say whether an item that is no divert leads on to the next one."""
        if isinstance(item, dict):
            if isinstance(item.get("^->"), str):
                self._place = resolve(item["^->"], pointer.container, self._root)
            elif item.get("temp=") == "$r":
                self._return_pointer = self._place
            return "->t->" not in item and "x()" not in item
        return True
