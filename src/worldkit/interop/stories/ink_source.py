"""Where something stands in the source of an ink story: compiled, it has no lines, so its words are looked up."""

from __future__ import annotations

import os
import re

from worldkit.core.errors import WorldError
from worldkit.core.files import read_bytes

_KNOT = re.compile(r"\s*={2,}\s*(?:function\s+)?(\w+)")
_STITCH = re.compile(r"\s*=\s*(\w+)")
_INCLUDE = re.compile(r"\s*INCLUDE\s+(\S.*)")
_LINE_END = re.compile(r"\r\n?|\n")  # as ink and editors count lines
_MAX_CANDIDATE_LINES = 50
"""In how many lines of a knot the rarest word of a text may stand; more are not looked at."""
_MAX_FILES = 1_000


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
            self._read_files(os.path.realpath(main))

    def heading(self, knot: str) -> str | None:
        """Return the place of the line in which a knot or a stitch begins."""
        return self._headings.get(knot)

    def place(self, knot: str, text: str) -> str | None:
        """Return the place of the line of a knot in which a text stands; None when several or none have it."""
        words = re.findall(r"\w+", text)
        postings = [self._lines.get((knot, word), []) for word in dict.fromkeys(words)]
        rarest = min(postings, key=len, default=[])
        sought_text = " ".join(text.split())
        places = {place for line, place in rarest[:_MAX_CANDIDATE_LINES] if sought_text in line}
        return places.pop() if len(places) == 1 and len(rarest) <= _MAX_CANDIDATE_LINES else None

    def _read_files(self, main: str) -> None:
        """Read a file, and those that it includes: of the same folder and the folders in it."""
        folder = os.path.dirname(main)
        stack = [main]
        while stack and len(self._files) < _MAX_FILES:
            name = stack.pop()
            path = os.path.realpath(name) if os.path.isfile(name) else None
            if path is not None and path not in self._files and os.path.commonpath([path, folder]) == folder:
                file = f" of {os.path.relpath(path, folder)}" if self._files else ""
                self._files.add(path)
                stack += [os.path.join(folder, included_name) for included_name in self._read(path, file)]

    def _read(self, path: str, file: str) -> list[str]:
        """Read the lines of a file, and return the names of those that it includes."""
        try:
            text = read_bytes(path).decode("utf-8-sig")
        except (WorldError, UnicodeDecodeError):
            return []
        included_names = []
        knot = stitch = ""
        for number, line in enumerate(_LINE_END.split(text), 1):
            place = f"line {number}{file}"
            if match := _INCLUDE.match(line):
                included_names.append(match[1].rstrip())
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
        return included_names
