"""The script of a world: all its texts as lines of one sheet, and what a sheet that comes back changes.

A line is found by its key. Its source says what the text was when the sheet was written, so that a text that was
rewritten in the world since then is never overwritten silently.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple

from worldkit.core.document import D, Document, json_of
from worldkit.core.json_values import Json
from worldkit.core.prose import READERS, ProseText, Reader, check_readers, prose_of, take_key
from worldkit.core.spoken_names import heading
from worldkit.editing.batch import apply
from worldkit.editing.prose_edits import prose_ops

COLUMNS = ("key", "read by", "context", "source", "text")
"""The columns of a sheet. Only ``key`` and ``text`` are needed to read one."""


class ScriptLine(NamedTuple):
    """One text of a script.

    Attributes:
        key: Its name in the world, such as ``state[lane].base``.
        reader: Who reads it.
        context: Where it stands, for a person: an event's states, a state's ending.
        source: The text in the world when the sheet was written; None when the sheet does not say.
        text: What it is to say; empty to leave it as it is.
    """

    key: str
    reader: str
    context: str
    source: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ScriptClash:
    """A line that was not taken, because the world says something else there by now.

    Attributes:
        key: The text's name in the world.
        source: What the text was when the sheet was written.
        current: What it is now.
        text: What the sheet has for it.

    Example:
        >>> _ = world.to_script("mitten.csv")
        >>> later = world.replace_text("lane", "road")
        >>> later.apply_script("mitten.csv").outdated
        ()
    """

    key: str
    source: str
    current: str
    text: str


@dataclass(frozen=True, slots=True)
class ScriptEdits(Generic[D]):
    """The changes to a world that an edited sheet makes.

    Attributes:
        world: The world with the new texts.
        ops: The operations that write them, for ``World.apply`` or ``Editor.apply``.
        changed: The keys of the texts that changed.
        outdated: Lines that were not taken: the text was changed in the world since the sheet was written.
        unknown: Keys for which there is no text in the world by now.

    Example:
        >>> world.to_script("mitten.csv").name
        'mitten.csv'
        >>> edits = world.apply_script("mitten.csv")
        >>> edits.world == world, edits.changed
        (True, ())
    """

    world: D
    ops: list[Json] = field(repr=False)
    changed: tuple[str, ...]
    outdated: tuple[ScriptClash, ...] = ()
    unknown: tuple[str, ...] = ()


def script_lines(world: Document, *, readers: Collection[Reader] = READERS, prefill: bool = True) -> list[ScriptLine]:
    """Return the script of a world, in the order of the world.

    Args:
        readers: Whose texts it has.
        prefill: Whether the column to be edited begins with the text as it is; else it is empty.

    Raises:
        WrongArgument: There is no such reader.
    """
    check_readers(readers)
    raw = json_of(world)
    return [
        ScriptLine(prose.key, prose.reader, _context(raw, prose), prose.text, prose.text if prefill else "")
        for prose in texts_on_sheet(raw)
        if prose.reader in readers
    ]


def apply_lines(world: D, lines: Iterable[ScriptLine], *, overwrite: bool = False) -> ScriptEdits[D]:
    """Return what the lines of a sheet change in a world.

    Args:
        lines: The lines, at most one for a key.
        overwrite: Whether to take a line although the text was changed in the world since.

    Returns:
        The new world, and the lines that were not taken.
    """
    prose_by_key = {prose.key: prose for prose in texts_on_sheet(json_of(world))}
    changes: list[tuple[ProseText, str]] = []
    clashes: list[ScriptClash] = []
    unknown_keys: list[str] = []
    for line in lines:
        prose = prose_by_key.get(line.key)
        if prose is None:
            unknown_keys.append(line.key)
        elif _says_nothing_new(line, prose.text):
            continue
        elif line.source is not None and not _are_alike(line.source, prose.text) and not overwrite:
            clashes.append(ScriptClash(line.key, line.source, prose.text, line.text))
        else:
            changes.append((prose, line.text))
    ops = prose_ops(world, changes)
    edited_world = apply(world, ops).world if ops else world
    changed_keys = tuple(prose.key for prose, _ in changes)
    return ScriptEdits(edited_world, ops, changed_keys, tuple(clashes), tuple(unknown_keys))


def texts_on_sheet(raw: Mapping[str, Any]) -> list[ProseText]:
    """Return every text of a world; an event whose button shows its name has that in the place of its detail."""
    texts = prose_of(raw)
    events: Sequence[Mapping[str, Any]] = raw["scene"]["events"]
    next_numbers = {text.key: 2 for text in texts}
    with_detail = {text.number for text in texts if text.kind == "event" and text.path == ("detail",)}
    buttons: list[ProseText] = []
    for number, event in enumerate(events):
        if number not in with_detail and not event.get("hidden"):
            name = event["name"]
            key = take_key(f"event[{name}].detail", next_numbers)
            buttons.append(ProseText(key, "event", name, number, ("detail",), "player", heading(name)))
    of_events = [text for text in texts if text.kind == "event"]
    of_events = sorted([*of_events, *buttons], key=lambda text: (text.number, text.path != ("detail",)))
    return [*(text for text in texts if text.kind != "event"), *of_events]


def _says_nothing_new(line: ScriptLine, current: str) -> bool:
    if line.text in ("", current):
        return True
    # spreadsheets write line ends as they like: a text that differs from its source in nothing else was not edited
    return line.source is not None and _are_alike(line.text, line.source)


def _are_alike(one: str, other: str) -> bool:
    return one == other or _with_plain_line_ends(one) == _with_plain_line_ends(other)


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _context(raw: Mapping[str, Any], prose: ProseText) -> str:
    if prose.kind == "event":
        event = raw["scene"]["events"][prose.number]
        sources: str | Sequence[str] = event["from"]
        start = sources if isinstance(sources, str) else ", ".join(sources)
        return f"{start} → {event['to']}" if event.get("to") else f"in {start}"
    if prose.kind == "state":
        ending = raw["scene"]["states"][prose.owner].get("ending")
        return f"ending: {ending['kind']}" if ending else ""
    return ""
