"""Changing some properties in their file: all else stays as it was written, comments too."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item, Key, SingleKey, Table

from worldkit.core.atomic_write import write_atomically
from worldkit.core.errors import MissingFile
from worldkit.core.files import newline_of, read_bytes
from worldkit.properties.changes import changes_between, tag_changes_between, with_edit
from worldkit.properties.conditions import PropertyError
from worldkit.properties.files import MAX_BYTES, Properties, key_of, load_properties, read_properties

_BYTE_ORDER_MARK = "\ufeff"

Value = str | tuple[str, ...]
"""What an entry holds: the text of a property, or the states of a tag."""


def save_changes(path: Path, before: Properties, after: Properties) -> Properties:
    """Write what differs between two sets of properties into a file, atomically.

    What somebody else changed in the file meanwhile stays.

    Args:
        path: The file; it is made when it is not there.
        before: The properties as they were when they were last the same here and in the file.

    Returns:
        The properties of the file as it is now.

    Raises:
        PropertyError: The file is not one of properties, or a name cannot be written.
        FileError: The file cannot be read or written.
    """
    try:
        current, text = load_properties(path), read_bytes(path, MAX_BYTES).decode()
    except MissingFile:  # a file that is gone deletes no property: all are written
        current, before, text = Properties(path=path), Properties(), ""
    changes = changes_between(before, after)
    properties = with_edit(current, before, after)
    if properties.to_toml() != current.to_toml() or (not text and (properties or properties.tags)):
        new_names = _new_names(before, after, current)
        property_changes = {name: value.text if value else None for name, value in changes.items()}
        sections = [
            _SectionEdit("properties", property_changes, new_names, list(after)),
            _SectionEdit("tags", tag_changes_between(before, after), {}, list(properties.tags)),
        ]
        mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
        edited_text = _edited(text.removeprefix(mark), sections, properties)
        new_text = mark + (edited_text or properties.to_toml()).replace("\n", newline_of(text))
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


class _SectionEdit(NamedTuple):
    """What changes in a section of a file.

    Attributes:
        name: The section.
        changes: What entries hold now, by name; None for one that goes.
        new_names: The new name of every entry that has another one now.
        order: The names in the order that new entries are put into.
    """

    name: str
    changes: Mapping[str, Value | None]
    new_names: Mapping[str, str]
    order: Sequence[str]


def _edited(text: str, sections: Sequence[_SectionEdit], properties: Properties) -> str | None:
    """Return the text of a file with some entries changed, with plain line ends.

    None where it is not written entry by entry.
    """
    if not text.strip():
        return None
    text = text.replace("\r\n", "\n")
    present_sections = tomllib.loads(text)
    text += "" if text.endswith("\n") else "\n"
    sections = [section for section in sections if section.changes]
    for section in sections:
        if section.name not in present_sections:
            text = text.rstrip("\n") + f"\n\n[{section.name}]\n"
        elif isinstance(present_sections[section.name], list):  # properties without names
            return None
    try:
        document = tomlkit.parse(text)
        for section in sections:
            _edit_section(document[section.name], section)
        result = tomlkit.dumps(document)
        result_properties = read_properties(tomllib.loads(result), properties.path)
    except (ValueError, LookupError, RecursionError, PropertyError, TOMLKitError):  # dotted names are lists of tables
        return None
    return result if result_properties == properties else None


def _edit_section(section: Any, edit: _SectionEdit) -> None:
    """Change the entries of a section of a parsed file."""
    old_names = {new: old for old, new in edit.new_names.items()}
    new_entries: dict[str, Item] = {}
    for name, value in edit.changes.items():
        place = old_names.get(name, name)
        if name in edit.new_names:
            continue
        if value is None:
            section.pop(name, None)
        elif place in section:
            _change_entry(section, place, value)
        else:
            new_entries[name] = _item(value)
    if isinstance(section, Table):  # its lines are in an order that can be changed
        body = section.value.body
        body[:] = _in_order(body, new_entries, edit)
        return
    for old, new in edit.new_names.items():
        section[new] = section.pop(old)
    for name, item in new_entries.items():
        section[name] = item


def _change_entry(section: Any, name: str, value: Value) -> None:
    """Give an entry another value; what is the same in it stays as it is written, and so do its comments."""
    if isinstance(value, str):
        if section[name] != value:
            section[name] = _item(value)
        return
    items = section[name]
    del items[len(value) :]
    for at, text in enumerate(value):
        if at == len(items):
            items.append(_item(text))
        elif items[at] != text:
            items[at] = _item(text)


def _in_order(
    body: Sequence[tuple[Key | None, Item]], new_entries: Mapping[str, Item], edit: _SectionEdit
) -> Iterator[tuple[Key | None, Item]]:
    """Yield the lines of a section with new entries, each below the one that stands before it in the order."""
    present_names = {edit.new_names.get(key.key, key.key) for key, _ in body if key}
    entries_below: dict[str | None, list[str]] = {}
    name_above = None
    for name in edit.order:
        if name in present_names:
            name_above = name
        elif name in new_entries:
            entries_below.setdefault(name_above, []).append(name)

    def entries_under(name: str | None) -> Iterator[tuple[Key, Item]]:
        for new_name in entries_below.get(name, ()):
            yield SingleKey(new_name, original=key_of(new_name)), new_entries[new_name]

    yield from entries_under(None)
    for key, item in body:
        if key is None:
            yield key, item
            continue
        name = edit.new_names.get(key.key, key.key)
        yield _renamed(key, name), item
        yield from entries_under(name)


def _renamed(key: Key, name: str) -> Key:
    if key.key == name:
        return key
    key_text = key.as_string()
    return SingleKey(name, sep=key.sep, original=key_of(name) + key_text[len(key_text.rstrip()) :])


def _item(value: Value) -> Item:
    if isinstance(value, str):
        return tomlkit.string(value, literal="'" not in value and value.isprintable())
    items = tomlkit.array()
    items.extend(map(_item, value))
    return items
