"""Changing some properties in their file: all else stays as it was written, comments too."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from worldkit.core.errors import MissingFile
from worldkit.core.files import newline_of, read_bytes, write_atomically
from worldkit.properties.changes import changes_between, with_changes
from worldkit.properties.conditions import PropertyError
from worldkit.properties.files import (
    MAX_BYTES,
    SECTIONS,
    Properties,
    entry_of,
    load_properties,
    read_properties,
    string_of,
    tag_entry_of,
)
from worldkit.properties.statements import Property

_HEADER = re.compile(r"\s*\[\s*([^\[\]]*?)\s*\]\s*(#.*)?$")


_KEY = re.compile(r"""\s*(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')\s*=\s*""")
_TOKEN = re.compile(r"""#[^\n]*|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
"""A comment or a text in a value."""

MAX_LIST_LINES = 200
"""A list of more lines is not changed line by line."""


class _FileLine(NamedTuple):
    text: str
    name: str | None = None
    section: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """The section and the name of an entry."""
        return self.section, self.name or ""


class _Entry(NamedTuple):
    """An entry to write: its line, and the texts in its value."""

    text: str
    values: Sequence[str]


def save_changes(path: Path, before: Properties, after: Properties) -> Properties:
    """Write what differs between two sets of properties into a file, atomically.

    What somebody else changed in the file meanwhile stays.

    Args:
        path: The file; it is made when it is not there.
        before: The properties as they were when they were last the same here and in the file.
        after: The properties now.

    Returns:
        The properties of the file as it is now.

    Raises:
        PropertyError: The file is not one of properties, or a name cannot be written.
        FileError: The file cannot be read or written.
    """
    changes = changes_between(before, after)
    try:
        current, text = load_properties(path), read_bytes(path, MAX_BYTES).decode("utf-8-sig")
    except MissingFile:
        current, text = Properties(path=path), ""
    properties = with_changes(current, changes, after)
    tags = {tag: states for tag, states in after.tags.items() if before.tags.get(tag) != states}
    if tags:
        properties = Properties(properties, {**properties.tags, **tags}, path)
    if properties.to_toml() != current.to_toml() or not text:
        edited_text = _edited(text, changes, list(after), tags, properties)
        new_text = (edited_text or properties.to_toml()).replace("\n", newline_of(text))
        try:
            write_atomically(path, new_text.encode("utf-8"))
        except UnicodeEncodeError:
            raise PropertyError("a name has a lone surrogate, which no file can hold; rename it") from None
    return properties


def _edited(
    text: str,
    changes: Mapping[str, Property | None],
    order: Sequence[str],
    tags: Mapping[str, Sequence[str]],
    properties: Properties,
) -> str | None:
    """Return the text of a file with some entries changed, with plain line ends.

    None where it is not written entry by entry.
    """
    lines = _whole_entries(_lines(text))
    headers = {section: at for at, line in reversed(list(enumerate(lines))) if (section := _section(line.text))}
    if "properties" not in headers:
        return None
    if tags and "tags" not in headers:
        while lines and not lines[-1].text:
            lines.pop()
        headers["tags"] = len(lines) + 1
        lines += [_FileLine(""), _FileLine("[tags]")]
    new_entries: dict[tuple[str, str], _Entry | None] = {
        ("properties", name): None if value is None else _Entry(entry_of(name, value), [value.text])
        for name, value in changes.items()
    }
    new_entries |= {("tags", tag): _Entry(tag_entry_of(tag, states), states) for tag, states in tags.items()}
    places = {line.place: at for at, line in enumerate(lines) if line.name is not None}
    new_lines: dict[int, list[str]] = {}  # by the line that they follow
    above = dict(headers)
    for place in [*(("properties", name) for name in order), *(("tags", tag) for tag in properties.tags)]:
        section, entry = place[0], new_entries.get(place)
        if place in places:
            above[section] = max(above[section], places[place])
        elif entry is not None:
            new_lines.setdefault(above[section], []).append(entry.text)
    result_lines: list[str] = []
    for at, line in enumerate(lines):
        if line.name is None or line.place not in new_entries:
            result_lines.append(line.text)
        elif (entry := new_entries[line.place]) is not None:
            result_lines.append(_with_new_value(line.text, entry))
        result_lines += new_lines.get(at, ())
    result = "\n".join(result_lines)
    result += "" if result.endswith("\n") else "\n"
    try:
        written = read_properties(tomllib.loads(result), properties.path)
    except (ValueError, RecursionError, PropertyError):
        return None
    return result if dict(written) == dict(properties) and written.tags == properties.tags else None


def _with_new_value(line: str, entry: _Entry) -> str:
    """Return the line of an entry with new texts in its value; the comments and the rest stay as they are written."""
    key = _KEY.match(line)
    if key is None:
        return entry.text
    tokens = _TOKEN.findall(line, key.end())
    if sum(token[0] != "#" for token in tokens) == len(entry.values):
        values = iter(entry.values)
        return line[: key.end()] + _TOKEN.sub(
            lambda token: token[0] if token[0][0] == "#" else _same_or_new(token[0], next(values)), line[key.end() :]
        )
    last = tokens[-1] if tokens else ""
    return f"{entry.text}  {last}" if last.startswith("#") and line.endswith(last) else entry.text


def _same_or_new(token: str, value: str) -> str:
    try:
        is_same = tomllib.loads(f"text = {token}")["text"] == value
    except ValueError:  # a part of a text in three quotes
        is_same = False
    return token if is_same else string_of(value)


def _whole_entries(lines: Sequence[_FileLine]) -> list[_FileLine]:
    """Return lines with those of a list that is written over several lines as one."""
    entries: list[_FileLine] = []
    at = 0
    while at < len(lines):
        line, count = lines[at], 1
        if line.section == "tags" and line.name is None and "=" in line.text.partition("#")[0]:
            for last in range(at + 1, min(at + MAX_LIST_LINES, len(lines))):
                text = "\n".join(line.text for line in lines[at : last + 1])
                if (name := _entry_name(text)) is not None:
                    line, count = _FileLine(text, name, line.section), last + 1 - at
                    break
        entries.append(line)
        at += count
    return entries


def _lines(text: str) -> list[_FileLine]:
    lines: list[_FileLine] = []
    section = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        section = _section(line) or section
        name = _entry_name(line) if section in SECTIONS and "=" in line else None
        lines.append(_FileLine(line, name, section))
    return lines


def _entry_name(text: str) -> str | None:
    try:
        return next(iter(tomllib.loads(text)), None)
    except ValueError:
        return None


def _section(line: str) -> str | None:
    match = _HEADER.match(line)
    return match.group(1) if match else None
