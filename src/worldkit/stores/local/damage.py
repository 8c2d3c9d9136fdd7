"""What is damaged in a store, what a recovery saved of it, and the mark that tells other processes."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from worldkit.core.brief import shown_briefly
from worldkit.core.json_values import escape_unprintable
from worldkit.core.quoting import format_count


@dataclass(frozen=True, slots=True)
class UnreadableRecord:
    """A world, or one of its versions, that cannot be read.

    Attributes:
        world: The world's id.
        name: Its name, None when that cannot be read either.
        version: The version's id; None when it is about the world as it stands.
        title: The version's title.
        reason: What is missing.
    """

    world: str
    name: str | None
    version: str | None
    title: str | None
    reason: str

    def __str__(self) -> str:
        label = f"{escape_unprintable(self.name)} ({self.world})" if self.name is not None else self.world
        text = f"world {label}"
        if self.version is not None:
            text = f"version {escape_unprintable(self.title or '')} ({self.version}) of {text}"
        return f"{text}: {self.reason}"


@shown_briefly
@dataclass(frozen=True, slots=True)
class Damage:
    """What is damaged in a store.

    Attributes:
        path: The store's file.
        reason: How the damage was noticed.
        unreadable: The worlds and versions that cannot be read; all others can.
        notes: What else is lost, in words.
    """

    path: str
    reason: str
    unreadable: tuple[UnreadableRecord, ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        lines = [f"{self.path} is damaged ({self.reason}) and takes no writes"]
        lines += [f"  cannot be read: {item}" for item in self.unreadable] or ["  every world in it can be read"]
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])


@shown_briefly
@dataclass(frozen=True, slots=True)
class Recovery:
    """What a recovery saved, and what it did not.

    Attributes:
        path: The store's file, which is the recovered one now.
        kept_at: Where the damaged original is.
        worlds: Ids and names of the worlds that are in the recovered store.
        lost: The worlds and versions that are not.
        restored: Worlds that stand on an older version now, because what they were last cannot be read.
        notes: What else is lost, in words.
    """

    path: str
    kept_at: str
    worlds: tuple[tuple[str, str], ...] = ()
    lost: tuple[UnreadableRecord, ...] = ()
    restored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether nothing was lost."""
        return not (self.lost or self.restored or self.notes)

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON values."""
        return {
            "path": self.path,
            "kept_at": self.kept_at,
            "worlds": [{"id": id, "name": name} for id, name in self.worlds],
            "lost": [str(item) for item in self.lost],
            "restored": [*self.restored],
            "notes": [*self.notes],
        }

    def __repr__(self) -> str:
        lines = [
            f"{self.path} was recovered; the damaged original is {self.kept_at}",
            f"  saved: {format_count(len(self.worlds), 'world')}",
            *(f"  lost: {item}" for item in self.lost),
            *(f"  restored: {item}" for item in self.restored),
            *(f"  {note}" for note in self.notes),
        ]
        return "\n".join(lines if not self.is_complete else [*lines, "  nothing was lost"])


# ---- the mark -----------------------------------------------------------------------------------


def _mark_of(path: Path) -> str:
    """Return the small file that says to every process that a store is damaged; a text, as it is asked for often."""
    return f"{path}.damaged"


def is_marked(path: Path) -> bool:
    """Say whether some process found a store to be damaged."""
    return os.path.exists(_mark_of(path))


def mark(path: Path, reason: str) -> None:
    """Tell every process that a store is damaged. Where nothing can be written they notice it themselves."""
    with suppress(OSError), open(_mark_of(path), "x", encoding="utf-8") as file:
        json.dump({"reason": reason}, file)


def marked_reason(path: Path) -> str:
    """Return what a mark says."""
    with suppress(OSError, ValueError, KeyError, TypeError), open(_mark_of(path), encoding="utf-8") as file:
        return str(json.load(file)["reason"])
    return "another process found it damaged"


def unmark(path: Path) -> None:
    """Take the mark away: the store is sound again."""
    with suppress(FileNotFoundError):
        os.unlink(_mark_of(path))
