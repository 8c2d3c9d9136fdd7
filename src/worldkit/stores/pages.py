"""A list of the worlds of a store: its lines and its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import StoreError
from worldkit.core.quoting import quote

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class WorldRef:
    """One line of a list of worlds: everything but the world itself.

    Attributes:
        id: Its id in the place where it lives.
        name: Its name; ``"untitled"`` when the document has none.
        description: The document's description.
        cover: URL of its picture.
        visibility: Who may see it, such as ``"private"``.
        slug: Its name in public addresses, where it has one.
        updated_at: When it last changed, in UTC, where the place says so.
        created_at: When it was created, in UTC, where the place says so.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> stored = store.create(world)
        >>> [ref] = store.list()
        >>> ref.name
        'The Red Mitten'
    """

    id: str
    name: str
    description: str | None = None
    cover: str | None = None
    visibility: str | None = None
    slug: str | None = None
    updated_at: datetime | None = None
    created_at: datetime | None = None


def check_progress(refs: Iterable[object], cursor: str | None, known_ids: set[object]) -> None:
    """Note what is on a page, and refuse one that is not the last and has nothing that was not on those before.

    Args:
        refs: What is on the page.
        cursor: That of the page after it; None on the last.
        known_ids: What was on the pages before, by id; what is on this one is added.

    Raises:
        StoreError: The pages repeat themselves, which would never end.
    """
    ids = [getattr(ref, "id", ref) for ref in refs]
    if cursor is not None and not ids:
        # docs/spec/api-v1.md#worlds-and-jobs: the cursor is `created_at` of the last row, and there is none
        raise StoreError("the list does not end: an empty page names a page after it, and only the last may be empty")
    count_before = len(known_ids)
    known_ids.update(ids)
    if cursor is not None and len(known_ids) == count_before:
        raise StoreError("the list goes round in a circle: a page that is not the last has nothing new")


@checked_methods
class Page(Generic[Item]):
    """One page of a list; iterating goes on through the pages after it.

    Attributes:
        items: What is on this page.
        next_cursor: What to pass as ``cursor`` for the page after; None on the last.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> stored = store.create(world)
        >>> store.list()
        Page of 1, the last
            ...  "The Red Mitten"
    """

    def __init__(
        self, items: Iterable[Item], next_cursor: str | None, fetch: Callable[[str], Page[Item]] | None = None
    ) -> None:
        self.items: tuple[Item, ...] = tuple(items)
        self.next_cursor = next_cursor
        self._fetch = fetch

    def next(self) -> Page[Item] | None:
        """Return the page after this one, None when this is the last.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> first, second = store.create(world, name="The lane"), store.create(world, name="The pond")
            >>> page = store.list(limit=1)
            >>> page.items[0].name, page.next().items[0].name
            ('The pond', 'The lane')
        """
        if self.next_cursor is None or self._fetch is None:
            return None
        return self._fetch(self.next_cursor)

    def __iter__(self) -> Iterator[Item]:
        page: Page[Item] | None = self
        known_ids: set[object] = set()
        while page is not None:
            check_progress(page.items, page.next_cursor, known_ids)
            yield from page.items
            page = page.next()

    def __repr__(self) -> str:
        return page_text(self.items, is_last=self.next_cursor is None)


MAX_LINES = 20
"""So many items of a page are shown."""


def page_text(items: Sequence[object], *, is_last: bool) -> str:
    """Return a page as it is shown: a line for each item, worlds by id and name.

    Args:
        items: What is on the page.
        is_last: Whether no page follows.
    """
    texts = [
        f"{item.id}  {quote(item.name, 60)}" if isinstance(item, WorldRef) else repr(item) for item in items[:MAX_LINES]
    ]
    lines = [f"    {text}" for text in texts]
    if len(items) > MAX_LINES:
        lines.append(f"    and {len(items) - MAX_LINES} more")
    return "\n".join([f"Page of {len(items)}, {'the last' if is_last else 'more follow'}", *lines])
