"""Properties as a file beside the world's: ``mine.properties.toml`` for ``mine.world.json``."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.atomic_write import write_atomically
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import MissingFile, NoSuchKey
from worldkit.core.files import read_bytes
from worldkit.core.json_values import escape_unprintable, quote
from worldkit.core.paths import link_target
from worldkit.properties.conditions import PropertyError
from worldkit.properties.grammar import parse_property
from worldkit.properties.statements import Property

PROPERTIES_SUFFIX = ".properties.toml"
WORLD_SUFFIX = ".world.json"
MAX_BYTES = 1 << 20
SECTIONS = ("properties", "tags")


@shown_briefly
@checked_methods
class Properties(Mapping[str, Property]):
    """Properties by their names, and the tags they use; a mapping that cannot be changed.

    Args:
        properties: The properties by name. A property without a name of its own has its text for one.
        tags: The states of every tag.
        path: The file they were read from; None otherwise.

    Example:
        >>> mine = wk.Properties({"an end": wk.always(wk.possible("win"))})
        >>> mine["an end"].text, len(mine)
        ('always possible: win', 1)
    """

    def __init__(
        self,
        properties: Mapping[str, Property] | None = None,
        tags: Mapping[str, Iterable[str]] | None = None,
        path: Path | None = None,
    ) -> None:
        self._properties = dict(properties or {})
        for tag, states in (tags or {}).items():
            if isinstance(states, str) or not isinstance(states, Iterable):
                raise PropertyError(f"expected a list of states for each tag, got {quote(states)} for {quote(tag)}")
        self.tags: Mapping[str, tuple[str, ...]] = {tag: tuple(states) for tag, states in (tags or {}).items()}
        self.path = path

    def __getitem__(self, name: str) -> Property:
        if name not in self._properties:
            raise NoSuchKey(name, self._properties)
        return self._properties[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._properties)

    def __len__(self) -> int:
        return len(self._properties)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Properties):
            return self._properties == other._properties and self.tags == other.tags
        return super().__eq__(other)

    def __repr__(self) -> str:
        lines = [name if name == value.text else f"{name}: {value.text}" for name, value in self.items()]
        lines = [escape_unprintable(line) for line in lines]
        return "\n  ".join([f"{len(self)} propert{'y' if len(self) == 1 else 'ies'}", *lines])

    def to_toml(self) -> str:
        """Return them as the text of a file.

        Example:
            >>> print(wk.Properties({"an end": wk.always(wk.possible("win"))}).to_toml(), end="")
            [properties]
            "an end" = 'always possible: win'
        """
        lines = ["[properties]"]
        lines += [f"{key_of(name)} = {_string_of(value.text)}" for name, value in self.items()]
        if self.tags:
            lines += ["", "[tags]"]
            lines += [f"{key_of(tag)} = [{', '.join(map(_string_of, states))}]" for tag, states in self.tags.items()]
        return "\n".join(lines) + "\n"

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write them to a file, atomically.

        Args:
            path: Where to; ``mine.properties.toml`` beside ``mine.world.json`` makes them the world's own.
            overwrite: Whether to replace a file that is there already, which may hold properties written by hand.

        Returns:
            The path written.

        Raises:
            FileError: There is such a file, and ``overwrite`` is not set.
            PropertyError: A name cannot be written.

        Example:
            >>> wk.Properties({"an end": wk.always(wk.possible("win"))}).save("mine.properties.toml").name
            'mine.properties.toml'
        """
        target = Path(path)
        try:
            write_atomically(target, self.to_toml().encode("utf-8"), new=not overwrite)
        except UnicodeEncodeError:
            raise PropertyError("a name has a lone surrogate, which no file can hold; rename it") from None
        return target


@checked
def load_properties(path: str | os.PathLike[str]) -> Properties:
    """Read a file of properties.

    Args:
        path: The file: TOML with a table ``properties``, of names and texts, and perhaps one of ``tags``.

    Raises:
        PropertyError: It is not of that form, or a property cannot be read; names the file.
        MissingFile: There is no such file.

    Example:
        >>> path = wk.Properties({"an end": wk.always(wk.possible("win"))}).save("mine.properties.toml")
        >>> wk.load_properties(path)
        1 property
          an end: always possible: win
    """
    file = Path(path)
    try:
        data = tomllib.loads(read_bytes(file, MAX_BYTES).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise PropertyError(f"{file}: not TOML: {' '.join(str(error).split())}") from None
    try:
        return read_properties(data, file)
    except PropertyError as error:
        raise PropertyError(f"{file}: {error}") from None


def properties_beside(world_file: Path | None) -> Properties:
    """Return the properties beside a world's file; none when there is no such file.

    Args:
        world_file: The world's file; None for a world that is in no file.
    """
    if world_file is None:
        return Properties()
    file = path_beside(world_file)
    try:
        return load_properties(file)
    except MissingFile:
        return Properties(path=file)


def path_beside(world_file: Path) -> Path:
    """Return where the properties of a world's file are: ``mine.properties.toml`` for ``mine.world.json``.

    Those of a symbolic link are the ones of the file that it leads to.
    """
    file = link_target(world_file)
    stem = file.name.removesuffix(WORLD_SUFFIX) if file.name.endswith(WORLD_SUFFIX) else file.stem
    return file.with_name(stem + PROPERTIES_SUFFIX)


def read_properties(data: Mapping[str, Any], file: Path | None) -> Properties:
    """Return the properties in the data of a file.

    Raises:
        PropertyError: It is not of that form, or a property cannot be read.
    """
    for key in data:
        if key not in SECTIONS:
            raise PropertyError(f"{quote(key)} is not known; expected {' or '.join(SECTIONS)}")
    section: Any = data.get("properties", {})
    if isinstance(section, list):
        section = {text: text for text in section if isinstance(text, str)} if _are_texts(section) else None
    if not isinstance(section, Mapping) or not _are_texts(section.values()):
        raise PropertyError(f"properties: expected names and texts, got {quote(data['properties'])}")
    properties = {}
    for name, text in section.items():
        try:
            properties[name] = parse_property(text)
        except PropertyError as error:
            raise PropertyError(f"{quote(name)}: {error}" if name != text else str(error)) from None
    tags = data.get("tags", {})
    if not isinstance(tags, Mapping) or not all(_are_texts(states) for states in tags.values()):
        raise PropertyError(f"tags: expected a list of states for each tag, got {quote(tags)}")
    return Properties(properties, tags, file)


def _are_texts(values: Any) -> bool:
    is_collection = isinstance(values, (Sequence, type({}.values()))) and not isinstance(values, str)
    return is_collection and all(isinstance(value, str) for value in values)


def key_of(name: str) -> str:
    """Return a name as it is written before the sign of equality in a file."""
    is_bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if is_bare else _basic_string(name)


def _string_of(text: str) -> str:
    """Return a text as it is written in a file."""
    is_literal = "'" not in text and text.isprintable()
    return f"'{text}'" if is_literal else _basic_string(text)


def _basic_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
