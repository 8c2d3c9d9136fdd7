"""Where something stands in the source of an ink story: compiled, it has no lines, so its words are looked up."""

from __future__ import annotations

import os
import re

from worldkit.core.errors import WorldError
from worldkit.core.files import read_bytes

_KNOT = re.compile(r"\s*={2,}\s*(?:function\s+)?(\w+)")
_STITCH = re.compile(r"\s*=\s*(\w+)")
_INCLUDE = re.compile(r"\s*INCLUDE\s+(\S.*?)\s*$")
_MOST_LINES = 50
"""In how many lines of a knot the rarest word of a text may stand; more are not looked at."""
_MOST_FILES = 1_000


class InkSource:
    """The lines of a story's source.

    Args:
        path: The file of the compiled story. Its source is beside it: ``story.ink`` for ``story.json`` and for
            ``story.ink.json``. Without a source nothing is found.
    """

    def __init__(self, path: str | None) -> None:
        self._headings: dict[str, str] = {}  # the places of the knots
        self._lines: dict[tuple[str, str], list[tuple[str, str]]] = {}  # by knot and word: the lines, with their places
        self._files: set[str] = set()
        if path is not None and path.endswith(".json"):
            main = path.removesuffix(".json").removesuffix(".ink") + ".ink"
            if os.path.isfile(main):
                self._read(os.path.realpath(main), os.path.dirname(os.path.realpath(main)))

    def heading(self, knot: str) -> str | None:
        """Return the place of the line in which a knot or a stitch begins."""
        return self._headings.get(knot)

    def place(self, knot: str, text: str) -> str | None:
        """Return the place of the line of a knot in which a text stands; None when several or none have it."""
        words = re.findall(r"\w+", text)
        postings = [self._lines.get((knot, word), []) for word in dict.fromkeys(words)]
        rarest = min(postings, key=len, default=[])
        wanted = " ".join(text.split())
        places = {place for line, place in rarest[:_MOST_LINES] if wanted in line}
        return places.pop() if len(places) == 1 and len(rarest) <= _MOST_LINES else None

    def _read(self, path: str, folder: str) -> None:
        """Read a file, and those that it includes: of the same folder and the folders in it."""
        is_inside = os.path.commonpath([os.path.realpath(path), folder]) == folder
        if path in self._files or len(self._files) == _MOST_FILES or not is_inside or not os.path.isfile(path):
            return
        file = f" of {os.path.relpath(path, folder)}" if self._files else ""
        self._files.add(path)
        try:
            text = read_bytes(path).decode("utf-8-sig")
        except (WorldError, UnicodeDecodeError):
            return
        knot = stitch = ""
        for number, line in enumerate(text.splitlines(), 1):
            place = f"line {number}{file}"
            if match := _INCLUDE.match(line):
                self._read(os.path.join(folder, match[1]), folder)
            elif match := _KNOT.match(line):
                knot = stitch = match[1]
                self._headings.setdefault(knot, place)
            elif match := _STITCH.match(line):
                stitch = f"{knot}.{match[1]}" if knot else match[1]
                self._headings.setdefault(stitch, place)
            else:
                tidy_line = " ".join(line.split())
                for word in set(re.findall(r"\w+", line)):
                    self._lines.setdefault((stitch or "start", word), []).append((tidy_line, place))
