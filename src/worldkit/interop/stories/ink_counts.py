"""Which places of ink's program are counted: whether and how often play came there is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from worldkit.core.json_values import Json
from worldkit.interop.stories.ink_program import START_ONLY, Container, Pointer, resolve

IS_DEFAULT, IS_ONCE = 8, 16
"""Mark a choice that is not shown, and one that can be taken once."""

_LOGIC_INSTRUCTIONS = frozenset({"&&", "||", "!", "==", "!=", "<", "<=", ">", ">=", "nop", "ev"})
"""Instructions of which the result is the same for 1 as for true."""
_TARGET_KEYS = frozenset({"->", "f()", "->t->", "^->", "*"})
_MAX_PRECEDING_INSTRUCTIONS = 12
"""How many instructions before a choice are looked at for its text."""


class CountedContainers(NamedTuple):
    """The containers whose visits something asks for, by their paths.

    Attributes:
        numbers: Those whose visits are counted: with the text of the choice that leads there, if one does.
        choices: Those into which only a choice leads that can be taken once, and of which is only asked whether it was:
            with the text of the choice.
    """

    numbers: dict[str, str]
    choices: dict[str, str]


def counted_containers(root: Container) -> CountedContainers:
    """Return the containers whose visits something asks for."""
    counts = _Counts(root)
    for container in containers_of(root):
        counts.read(container)
    # a choice that can be taken once, and be come to otherwise, is no longer offered after that either
    counted_paths = counts.asked_for | (counts.once_only_choices.keys() & counts.diverted_to)
    is_choice = counted_paths & counts.once_only_choices.keys() - counts.asked_as_number - counts.begun_otherwise
    return CountedContainers(
        {path: counts.once_only_choices.get(path, "") for path in sorted(counted_paths - is_choice)},
        {path: label for path, label in counts.once_only_choices.items() if path in is_choice},
    )


def containers_of(root: Container) -> Iterator[Container]:
    """Yield every container of a program."""
    stack = [root]
    while stack:
        container = stack.pop()
        yield container
        stack += [item for item in container.content if isinstance(item, Container)]
        stack += [part for part in container.named_parts.values() if part.number is None]


def count_items(root: Container) -> int:
    """Return how many items a program has, containers not counted."""
    return sum(not isinstance(item, Container) for container in containers_of(root) for item in container.content)


class _Counts:
    """Collects what a program asks about its containers, by their paths.

    Attributes:
        asked_for: Those whose visits are asked for.
        asked_as_number: Those of which more is asked than whether they were visited.
        once_only_choices: Those into which a choice leads that can be taken once, with its text.
        diverted_to: Those to which play goes without a choice.
        begun_otherwise: Those that begin when play goes anywhere without such a choice.
    """

    def __init__(self, root: Container) -> None:
        self._root = root
        self.asked_for: set[str] = set()
        self.asked_as_number: set[str] = set()
        self.once_only_choices: dict[str, str] = {}
        self.diverted_to: set[str] = set()
        self.begun_otherwise: set[str] = set()

    def read(self, container: Container) -> None:
        """Read the items of a container, the last first: what becomes of a value stands behind it."""
        is_condition = False
        for index in reversed(range(len(container.content))):
            item = container.content[index]
            if item == "/ev":
                is_condition = _is_decision(container.content[index + 1 : index + 2])
            elif item == "visit":
                self.asked_for.add(container.path)
                self.asked_as_number.add(container.path)
            elif isinstance(item, dict) and "CNT?" in item:
                target = resolve(item["CNT?"], container, self._root)
                if target is not None and target.index < 0:
                    self.asked_for.add(target.container.path)
                    self.asked_as_number.update([] if is_condition else [target.container.path])
            elif isinstance(item, dict):
                is_condition &= "VAR?" in item
                self._lead(item, container, index)
            else:
                is_condition &= item in _LOGIC_INSTRUCTIONS or (
                    isinstance(item, (int, float)) and not isinstance(item, bool)
                )

    def _lead(self, item: Json, container: Container, index: int) -> None:
        for key in _TARGET_KEYS & item.keys():
            target = None if item.get("var") else resolve(item[key], container, self._root)
            if target is None:
                continue
            inner = target.container
            value = item.get("flg") if key == "*" else 0
            flags = value if isinstance(value, int) else 0
            is_once = flags & IS_ONCE and target.index < 0
            if is_once:
                self.once_only_choices.setdefault(inner.path, _label(container, index))
            if not is_once or flags & IS_DEFAULT or inner.number is not None or not inner.flags & START_ONLY:
                self.begun_otherwise.update(_containers_beginning_at(target))
            if key == "->" and target.index < 0:
                self.diverted_to.add(inner.path)


def _is_decision(items: list[Any]) -> bool:
    """Say whether what stands behind a value takes it as true or false: a branch, or the condition of a choice."""
    return any(
        isinstance(item, Container) or (isinstance(item, dict) and ("*" in item or "c" in item)) for item in items
    )


def _containers_beginning_at(target: Pointer) -> Iterator[str]:
    """Yield the paths of the containers that begin at a place."""
    container: Container | None = target.container if target.index <= 0 else None
    while container is not None:
        yield container.path
        container = container.parent if container.number == 0 else None


def _label(container: Container, index: int) -> str:
    """Return the text of a choice as its instructions begin: it names the choice, and need not be all of its text."""
    start = container.named_parts.get("s")
    items = [*container.content[max(0, index - _MAX_PRECEDING_INSTRUCTIONS) : index], *(start.content if start else ())]
    texts = [item[1:].strip() for item in items if isinstance(item, str) and item.startswith("^")]
    return texts[-1] if texts else container.path
