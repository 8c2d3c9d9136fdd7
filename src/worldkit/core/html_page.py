"""A page of HTML as the text that a call returns."""

from __future__ import annotations

from pathlib import Path

from worldkit.core.atomic_write import write_atomically


class HtmlPage(str):
    """The text of a page. On the last line of a cell it says what it is, and does not fill the notebook.

    Attributes:
        path: The file that it was written to, if it was.
    """

    path: Path | None = None

    def __repr__(self) -> str:
        size = f"A page of {len(self.encode(errors='replace')) / 1000:,.0f} kB"
        return f"{size}; print() shows its text" if self.path is None else f"{size}, written to {self.path}"


def html_page(text: str, path: str | Path | None) -> HtmlPage:
    """Return a page, and write it to a file if a path is given.

    Args:
        text: Its HTML.
        path: The file.

    Raises:
        FileError: It cannot be written.
    """
    page = HtmlPage(text)
    if path is not None:
        page.path = Path(path)
        write_atomically(page.path, text.encode())
    return page
