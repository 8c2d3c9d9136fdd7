"""The file beside a world's file: where cards stand, and what a writer put on the map (regions, notes, tags, views).

It is read with care, and changed without touching what else it holds.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from worldkit.core import json_values
from worldkit.core.errors import InvalidWorld, StoreError
from worldkit.core.files import newline_of
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.paths import link_target
from worldkit.layout.annotation_changes import patched_json
from worldkit.layout.annotations import MAX_COORDINATE, AnnotationPatch, Annotations, read_annotations
from worldkit.stores.map_renames import renamed_annotations, renamed_positions

Positions = Mapping[str, tuple[float, float] | None]

FORMAT = "worldkit/layout"
VERSION = 1


def layout_path(path: Path) -> Path:
    """Return where the positions of a world's file are kept: ``mine.world.json`` has ``mine.world.layout.json``.

    Those of a symbolic link are the ones of the file that it leads to.
    """
    return link_target(path).with_suffix(".layout.json")


def read_layout(path: Path) -> dict[str, tuple[float, float]]:
    """Return the positions in a file; none when there is no such file.

    Args:
        path: The file.

    Raises:
        OSError: It cannot be read.
        StoreError: It is no file of positions.
    """
    positions = _read(path).get("positions", {})
    return {
        id: (position[0], position[1]) for id, position in positions.items() if is_position(position, MAX_COORDINATE)
    }


def read_map(path: Path) -> Annotations:
    """Return the regions, notes, tags and views in a file; none when there is no such file.

    Args:
        path: The file.

    Raises:
        OSError: It cannot be read.
        StoreError: It is no file of positions.
    """
    return read_annotations(_read(path).get("annotations", {}))


def changed_map(path: Path, patch: AnnotationPatch, origin: Mapping[str, str] | None = None) -> bytes | None:
    """Return what a file is to hold after a patch of what is on the map; None when that changes nothing.

    Entries that the patch does not name stay as they are, also those that worldkit cannot read.

    Args:
        path: The file, as it is.
        patch: What is to change.
        origin: Whose map it is, as fields of a file that is made.

    Raises:
        OSError: It cannot be read.
        StoreError: It is no file of positions.
    """
    document = _read(path)
    before = document.get("annotations", {})
    after = patched_json(before, patch)
    if after == before:
        return None
    return _file_bytes({**_header(origin), **document, "annotations": after}, path)


def changed_layout(path: Path, positions: Positions, origin: Mapping[str, str] | None = None) -> bytes | None:
    """Return what a file of positions is to hold after cards were put somewhere; None when that changes nothing.

    Args:
        path: The file, as it is.
        positions: The top-left corner by state id; None for a card that has no place of its own any more.
        origin: Whose map it is, as fields of a file that is made.

    Raises:
        OSError: It cannot be read.
        StoreError: It is no file of positions.
    """
    document = _read(path)
    before = document.get("positions", {})
    after = {
        id: position
        for id, position in {
            **before,
            **{id: position and list(position) for id, position in positions.items()},
        }.items()
        if position
    }
    if after == before:
        return None
    return _file_bytes({**_header(origin), **document, "positions": after}, path)


def map_with_renamed_states(path: Path, ops: Sequence[Json]) -> bytes | None:
    """Return what a file is to hold after operations on its world: what is on the map follows renamed states.

    Args:
        path: The file, as it is.
        ops: The operations, in canonical spelling.

    Returns:
        The content; None when nothing changes.

    Raises:
        OSError: It cannot be read.
        StoreError: It is no file of positions.
    """
    if not any(op["op"] == "rename_state" for op in ops):
        return None
    document = _read(path)
    after = dict(document)
    if "positions" in document:
        after["positions"] = renamed_positions(document["positions"], ops)
    if "annotations" in document:
        after["annotations"] = renamed_annotations(document["annotations"], ops)
    return None if after == document else _file_bytes(after, path)


def _header(origin: Mapping[str, str] | None) -> Json:
    return {"format": FORMAT, "version": VERSION, **(origin or {})}


def _read(path: Path) -> Json:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise _foreign(path) from None
    try:
        value = json_values.parse(text, path.name)
    except InvalidWorld:
        raise _foreign(path) from None
    is_layout = isinstance(value, dict) and value.get("format") == FORMAT and value.get("version") == VERSION
    if not is_layout or not all(isinstance(value.get(part, {}), dict) for part in ("positions", "annotations")):
        raise _foreign(path)
    document: Json = value
    return document


def _foreign(path: Path) -> StoreError:
    return StoreError(f"{escape_unprintable(path.name)} is no file of positions that this worldkit reads; move it away")


def is_position(value: object, max_coordinate: float = sys.float_info.max) -> bool:
    """Say whether a JSON value is a position: two numbers, none of them beyond a bound.

    Args:
        value: The value.
        max_coordinate: The bound; by default the largest float, which a whole number of JSON may exceed.
    """
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(
            isinstance(number, (int, float))
            and not isinstance(number, bool)
            and -max_coordinate <= number <= max_coordinate
            for number in value
        )
    )


def _file_bytes(document: Json, path: Path) -> bytes:
    """Return what a file is to hold, with the line ends that it has now."""
    try:
        newline = newline_of(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        newline = "\n"
    return _text(document).replace("\n", newline).encode()


def _text(document: Json) -> str:
    """Return the document as JSON with a line for each card and entry, so that version control shows what changed."""
    lines = []
    for key, value in document.items():
        text = json_values.dumps(value).replace("\n", "\n  ")
        if key == "positions":
            text = _rows(value, "  ")
        elif key == "annotations":
            sections = [
                f"    {json_values.dumps(section)}: {_rows(entries, '    ')}" for section, entries in value.items()
            ]
            text = "{\n" + ",\n".join(sections) + "\n  }" if sections else "{}"
        lines.append(f"  {json_values.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rows(value: object, indent: str) -> str:
    """Return an object as JSON with a line for each of its entries."""
    if not isinstance(value, dict) or not value:
        return json_values.dumps(value, None)
    rows = [f"{indent}  {json_values.dumps(id)}: {json_values.dumps(entry, None)}" for id, entry in value.items()]
    return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
