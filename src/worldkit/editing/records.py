"""``Records``: a list of named items that is edited in place, with fast access by name and by what an item names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from worldkit.core.json_values import Json
from worldkit.editing.mentions import Mention, MentionKind, Mentions
from worldkit.editing.order import NameList


class Records:
    """The items of one list of a document; its names are what it contains and iterates over.

    Args:
        items: The items. This list itself is changed; the items are not.
        name_field: The field with an item's name; empty when they have none.
        read_mentions: Returns what an item names.

    Attributes:
        items: The items, in order.
    """

    def __init__(
        self, items: list[Json], name_field: str, read_mentions: Callable[[Json], set[Mention]] = lambda item: set()
    ) -> None:
        self.items = items
        self._name_field = name_field
        self._read_mentions = read_mentions
        self._names = NameList(map(self._name, items))
        self._mentions: Mentions | None = None

    def _name(self, item: Json) -> str:
        return str(item[self._name_field]) if self._name_field else ""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self.items)

    def find(self, name: str) -> int | None:
        """Return the index of the first item of a name, or None."""
        return self._names.find(name)

    def find_all(self, name: str) -> list[int]:
        """Return the indices of the items of a name, in order."""
        return self._names.find_all(name)

    def naming(self, kind: MentionKind, id: str) -> list[int]:
        """Return the indices of the items that name a state or a flag, in order."""
        if self._mentions is None:
            self._mentions = Mentions(zip(self._names.handles(), self.items, strict=True), self._read_mentions)
        return sorted(map(self._names.position, self._mentions.handles(kind, id)))

    def append(self, item: Json) -> None:
        """Add an item at the end."""
        index = len(self.items)
        self._names.insert(index, self._name(item))
        self.items.append(item)
        if self._mentions is not None:
            self._mentions.add(self._names.handle(index), item)

    def replace(self, index: int, item: Json) -> None:
        """Put an item in the place of another."""
        old = self.items[index]
        if self._mentions is not None:
            handle = self._names.handle(index)
            self._mentions.discard(handle, old)
            self._mentions.add(handle, item)
        if self._name(item) != self._name(old):
            self._names.rename(index, self._name(old), self._name(item))
        self.items[index] = item

    def remove(self, index: int) -> Json:
        """Remove an item and return it."""
        item = self.items.pop(index)
        if self._mentions is not None:
            self._mentions.discard(self._names.handle(index), item)
        self._names.remove(index, self._name(item))
        return item
