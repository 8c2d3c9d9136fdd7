"""The storyboard of a world: the pictures of its states, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.atomic_write import write_atomically
from worldkit.core.document import Document
from worldkit.core.errors import NoSuchKey
from worldkit.core.quoting import format_count, page_text
from worldkit.illustration.picture import Picture, no_such_state, picture_of
from worldkit.illustration.sketch import HEIGHT, WIDTH, Detail

MAX_SHOWN_PICTURES = 60
"""So many pictures are in the cell's output; the others are counted. ``save`` writes them all."""

_PAGE = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">'
)


@checked_methods
class Storyboard(Mapping[str, Picture]):
    """The pictures of states, by id. A notebook shows them as a sheet.

    Example:
        >>> board = world.storyboard()
        >>> list(board)
        ['lane', 'bench', 'two_mittens']
        >>> board["lane"]
        Picture of "lane": storyboard
    """

    def __init__(self, document: Document, states: list[str], seed: int) -> None:
        self._document = document
        self._states = dict.fromkeys(states)
        self._seed = seed

    def __getitem__(self, state: str) -> Picture:
        if state not in self._states:
            raise NoSuchKey(state, self._states)
        return picture_of(self._document, state, seed=self._seed)

    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)

    def save(self, path: str | Path) -> Path:
        """Write the storyboard as one page that stands alone, with all pictures in it.

        Args:
            path: Where to, such as ``"storyboard.html"``.

        Returns:
            The path written.

        Example:
            >>> world.storyboard().save("storyboard.html").name
            'storyboard.html'
        """
        title = f"{self._document.name or 'Storyboard'}: storyboard"
        target = Path(path)
        write_atomically(target, page(title, self._sheet(len(self), "full")).encode(errors="replace"))
        return target

    def __repr__(self) -> str:
        return f"Storyboard of {format_count(len(self), 'state')}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {
            "text/plain": repr(self),
            "text/html": self._sheet(MAX_SHOWN_PICTURES, "thumbnail" if len(self) > 12 else "full"),
        }

    def _sheet(self, max_pictures: int, detail: Detail) -> str:
        pictures = [
            picture_of(self._document, state, seed=self._seed, detail=detail) for state in list(self)[:max_pictures]
        ]
        return sheet(pictures, len(self) - len(pictures))


def page(title: str, body: str) -> str:
    """Return a page that stands alone and loads nothing.

    Args:
        title: Its title, as text.
        body: Its content, as HTML.
    """
    head = f"{_PAGE}<title>{page_text(title)}</title><style>body{{margin:16px}}</style></head>"
    return f"{head}<body>{body}</body></html>\n"


def sheet(pictures: Iterable[Picture], remaining: int = 0, captions: Mapping[str, str] | None = None) -> str:
    """Return pictures side by side, as HTML.

    Args:
        remaining: How many more there are.
        captions: What to say of a state under its picture, besides its id.
    """
    figures, notes = [], []
    for picture in pictures:
        text = (captions or {}).get(picture.state, "") or ("" if picture.drawing else picture.note)
        detail = f'<br><span style="opacity:.7">{page_text(text)}</span>' if text else ""
        figures.append(
            '<figure style="margin:0">'
            f'<img src="{escape(picture.src)}" alt="{page_text(picture.label)}" width="{WIDTH}" height="{HEIGHT}"'
            ' style="display:block;width:100%;height:auto;border-radius:6px">'
            f'<figcaption style="padding:4px 2px;overflow-wrap:anywhere">{page_text(picture.state)}{detail}'
            "</figcaption></figure>"
        )
        if picture.drawing is not None:
            notes.append(picture.note)
    are = "state is" if remaining == 1 else "states are"
    rest = f"<p>{remaining} more {are} not shown here.</p>" if remaining > 0 else ""
    note = "".join(f'<p style="opacity:.7">{text}</p>' for text in dict.fromkeys(notes))
    return (
        '<div style="font:13px/1.4 system-ui,sans-serif"><div style="display:grid;gap:12px;'
        f'grid-template-columns:repeat(auto-fill,minmax(240px,1fr))">{"".join(figures)}</div>{rest}{note}</div>'
    )


def storyboard_of(document: Document, states: Iterable[str] | None = None, *, seed: int = 0) -> Storyboard:
    """Return the storyboard of a world.

    Args:
        states: The ids of its states; by default all.
        seed: Another seed composes the same things otherwise.

    Raises:
        WorldError: There is no such state.
    """
    state_ids = list(document.states if states is None else states)
    for state in state_ids:
        if not isinstance(state, str):
            raise refusal("states", "ids of states", state)
        if state not in document.states:
            raise no_such_state(state, document)
    return Storyboard(document, state_ids, seed)
