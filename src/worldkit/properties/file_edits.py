"""Changing some properties in their file: all else stays as it was written, comments too."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from worldkit.core.errors import MissingFile
from worldkit.core.files import newline_of, read_bytes, write_atomically
from worldkit.properties.changes import PropertyChanges, changes_between, tag_changes_between, with_edit
from worldkit.properties.conditions import PropertyError
from worldkit.properties.files import (
    MAX_BYTES,
    SECTIONS,
    Properties,
    entry_of,
    key_of,
    load_properties,
    read_properties,
    string_of,
    tag_entry_of,
)
from worldkit.properties.statements import Property

_HEADER = re.compile(r"\s*\[\s*([^\[\]]*?)\s*\]\s*(#.*)?$")


_KEY = re.compile(r"""(\s*)(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')(\s*=\s*)""")
_TOKEN = re.compile(r"""#[^\n]*|"{3}(?:[^\\]|\\.)*?"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""", re.DOTALL)
"""A comment or a text in a value."""

MAX_VALUE_LINES = 200
"""A value of more lines is not changed line by line."""


class _FileLine(NamedTuple):
    text: str
    name: str | None = None
    section: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """The section and the name of an entry."""
        return self.section, self.name or ""


class _Entry(NamedTuple):
    """An entry to write: its name, its line, and the texts in its value."""

    name: str
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
    try:
        current, text = load_properties(path), read_bytes(path, MAX_BYTES).decode("utf-8-sig")
    except MissingFile:  # a file that is gone deletes no property: all are written
        current, before, text = Properties(path=path), Properties(), ""
    changes = changes_between(before, after)
    properties = with_edit(current, before, after)
    if properties.to_toml() != current.to_toml() or not text:
        new_names = _new_names(before, after, current)
        edited_text = _edited(text, changes, new_names, list(after), tag_changes_between(before, after), properties)
        new_text = (edited_text or properties.to_toml()).replace("\n", newline_of(text))
        try:
            write_atomically(path, new_text.encode("utf-8"))
        except UnicodeEncodeError:
            raise PropertyError("a name has a lone surrogate, which no file can hold; rename it") from None
    return properties


def _new_names(before: Properties, after: Properties, current: Properties) -> dict[str, str]:
    """Return the new name of every property that has another one now, such as one that is called by its text."""
    if len(before) != len(after):
        return {}
    return {
        old: new
        for old, new in zip(before, after, strict=True)
        if old not in after and new not in before and old in current and new not in current
    }


def _edited(
    text: str,
    changes: PropertyChanges,
    new_names: Mapping[str, str],
    order: Sequence[str],
    tag_changes: Mapping[str, Sequence[str] | None],
    properties: Properties,
) -> str | None:
    """Return the text of a file with some entries changed, with plain line ends.

    None where it is not written entry by entry.
    """
    if not text.strip():
        return None
    lines = _whole_entries(_lines(text))
    headers = {section: at for at, line in reversed(list(enumerate(lines))) if (section := _section(line.text))}
    for section, section_changes in zip(SECTIONS, (changes, tag_changes), strict=True):
        if section_changes and section not in headers:
            while lines and not lines[-1].text:
                lines.pop()
            headers[section] = len(lines) + 1
            lines += [_FileLine(""), _FileLine(f"[{section}]")]
    old_names = {new: old for old, new in new_names.items()}
    new_entries: dict[tuple[str, str], _Entry | None] = {
        ("properties", old_names.get(name, name)): None if value is None else _property_entry(name, value)
        for name, value in changes.items()
        if name not in new_names
    }
    new_entries |= {
        ("tags", tag): None if states is None else _Entry(tag, tag_entry_of(tag, states), states)
        for tag, states in tag_changes.items()
    }
    places = {line.place: at for at, line in enumerate(lines) if line.name is not None}
    new_lines: dict[int, list[str]] = {}  # by the line that they follow
    above = dict(headers)
    for place in [
        *(("properties", old_names.get(name, name)) for name in order),
        *(("tags", tag) for tag in properties.tags),
    ]:
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
            result_lines.append(_with_new_value(line, entry))
        result_lines += new_lines.get(at, ())
    result = "\n".join(result_lines)
    result += "" if result.endswith("\n") else "\n"
    try:
        result_properties = read_properties(tomllib.loads(result), properties.path)
    except (ValueError, RecursionError, PropertyError):
        return None
    return result if result_properties == properties else None


def _property_entry(name: str, value: Property) -> _Entry:
    return _Entry(name, entry_of(name, value), [value.text])


def _with_new_value(line: _FileLine, entry: _Entry) -> str:
    """Return the line of an entry with a new name and new texts in its value; comments and the rest stay as written."""
    text = line.text
    key = _KEY.match(text)
    if key is None:
        return entry.text
    key_text = key[0] if entry.name == line.name else f"{key[1]}{key_of(entry.name)}{key[2]}"
    tokens = _TOKEN.findall(text, key.end())
    if sum(token[0] != "#" for token in tokens) == len(entry.values):
        values = iter(entry.values)
        return key_text + _TOKEN.sub(
            lambda token: token[0] if token[0][0] == "#" else _same_or_new(token[0], next(values)), text[key.end() :]
        )
    last = tokens[-1] if tokens else ""
    return f"{entry.text}  {last}" if last.startswith("#") and text.endswith(last) else entry.text


def _same_or_new(token: str, value: str) -> str:
    try:
        is_same = tomllib.loads(f"text = {token}")["text"] == value
    except ValueError:  # a part of a text in three quotes
        is_same = False
    return token if is_same else string_of(value)


def _whole_entries(lines: Sequence[_FileLine]) -> list[_FileLine]:
    """Return lines with those of a value that is written over several lines as one."""
    entries: list[_FileLine] = []
    at = 0
    while at < len(lines):
        line, count = lines[at], 1
        if line.section in SECTIONS and line.name is None and _KEY.match(line.text):
            for last in range(at + 1, min(at + MAX_VALUE_LINES, len(lines))):
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
