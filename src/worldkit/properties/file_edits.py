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
from worldkit.properties.files import MAX_BYTES, Properties, entry_of, load_properties, read_properties
from worldkit.properties.statements import Property

_HEADER = re.compile(r"\s*\[\s*([^\[\]]*?)\s*\]\s*(#.*)?$")


class _FileLine(NamedTuple):
    text: str
    name: str | None = None


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
        edited_text = None if tags else _edited(text, changes, list(after), properties)
        new_text = (edited_text or properties.to_toml()).replace("\n", newline_of(text))
        try:
            write_atomically(path, new_text.encode("utf-8"))
        except UnicodeEncodeError:
            raise PropertyError("a name has a lone surrogate, which no file can hold; rename it") from None
    return properties


def _edited(
    text: str, changes: Mapping[str, Property | None], order: Sequence[str], properties: Properties
) -> str | None:
    """Return the text of a file with some entries changed, with plain line ends.

    None where it is not written entry by entry.
    """
    lines = _lines(text)
    header = next((at for at, line in enumerate(lines) if _section(line.text) == "properties"), None)
    if header is None:
        return None
    lines_by_name = {line.name: at for at, line in enumerate(lines) if line.name is not None}
    new_lines: dict[int, list[str]] = {}  # by the line that they follow
    above = header
    for name in order:
        value = changes.get(name)
        if name in lines_by_name:
            above = max(above, lines_by_name[name])
        elif value is not None:
            new_lines.setdefault(above, []).append(entry_of(name, value))
    result_lines: list[str] = []
    for at, line in enumerate(lines):
        if line.name is None or line.name not in changes:
            result_lines.append(line.text)
        elif (value := changes[line.name]) is not None:
            result_lines.append(entry_of(line.name, value))
        result_lines += new_lines.get(at, ())
    result = "\n".join(result_lines)
    result += "" if result.endswith("\n") else "\n"
    try:
        is_same = dict(read_properties(tomllib.loads(result), properties.path)) == dict(properties)
    except (ValueError, RecursionError, PropertyError):
        return None
    return result if is_same else None


def _lines(text: str) -> list[_FileLine]:
    lines: list[_FileLine] = []
    section = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        section = _section(line) or section
        name = None
        if section == "properties" and "=" in line:
            try:
                name = next(iter(tomllib.loads(line)), None)
            except ValueError:
                name = None
        lines.append(_FileLine(line, name))
    return lines


def _section(line: str) -> str | None:
    match = _HEADER.match(line)
    return match.group(1) if match else None
