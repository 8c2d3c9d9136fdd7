"""Which items name a state, a flag or the like: asked of one event, and kept for all items of a list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Literal

from worldkit.core.json_values import Json
from worldkit.editing import flag_refs, refs
from worldkit.editing.hotkeys import key_of
from worldkit.editing.refs import EACH_ITEM, Path

MentionKind = Literal["state", "flag", "default flag", "sequence", "hotkey"]
"""What an item names: a state, a flag, a sequence; by the id of an objective that names no flag, the one it gives;
a key in a state where it is shown."""

Mention = tuple[MentionKind, str]


class Mentions:
    """The items of a list by what they name, each by a handle that it keeps while others come and go.

    Args:
        items: The items with their handles.
        read: Returns what an item names.
    """

    def __init__(self, items: Iterable[tuple[int, Json]], read: Callable[[Json], set[Mention]]) -> None:
        self._handles: dict[Mention, set[int]] = {}
        self._names_in = read
        for handle, item in items:
            self.add(handle, item)

    def add(self, handle: int, item: Json) -> None:
        """Add an item by all that it names."""
        for mention in self._names_in(item):
            self._handles.setdefault(mention, set()).add(handle)

    def discard(self, handle: int, item: Json) -> None:
        """Remove an item that was added with this value."""
        for mention in self._names_in(item):
            self._handles[mention].discard(handle)

    def handles(self, kind: MentionKind, id: str) -> Collection[int]:
        """Return the handles of the items that name a state or a flag."""
        return self._handles.get((kind, id), ())


def is_mentioned_in(event: Json, kind: MentionKind, id: str) -> bool:
    """Say whether an event names a state or a flag."""
    if kind == "state":
        return event.get("to") == id or id in refs.sources(event)
    if kind == "hotkey":
        return id in _hotkeys(event)
    return any(flag == id for _, flag in flag_refs.event_flags(event))


def mentions_in_event(event: Json) -> set[Mention]:
    """Return what an event names by its ``from`` and ``to``, by what it grants and requires, and by its key."""
    mentions: set[Mention] = {("state", id) for id in refs.sources(event)}
    if event.get("to") is not None:
        mentions.add(("state", event["to"]))
    mentions.update(("flag", flag) for _, flag in flag_refs.event_flags(event))
    mentions.update(("hotkey", hotkey) for hotkey in _hotkeys(event))
    return mentions


def hotkey_in(hotkey: str, state: str) -> str:
    """Return what stands for a key, in any spelling, in a state."""
    return f"{key_of(hotkey)} {state}"


def _hotkeys(event: Json) -> list[str]:
    hotkey = event.get("hotkey")
    if not isinstance(hotkey, str) or event.get("hidden"):
        return []
    return [hotkey_in(hotkey, state) for state in refs.sources(event)]


def state_paths(field: str) -> list[Path]:
    """Return where an item of a list of the world names states."""
    return [_inside_item(path) for path in refs.STATE_REFS.get(field, ())]


def flag_paths(field: str) -> list[Path]:
    """Return where an item of a list of the world names flags."""
    return [_inside_item(path) for path in flag_refs.FLAG_REFS.get(field, ())]


def mentions_in_item(field: str) -> Callable[[Json], set[Mention]]:
    """Return the function that says what an item of a list of the world names.

    Args:
        field: The world's field, such as ``missions``; ``story`` for the beats of the story.
    """
    states, flags = state_paths(field), flag_paths(field)

    def read(item: Json) -> set[Mention]:
        mentions: set[Mention] = {("state", mention.id) for path in states for mention in refs.mentions(item, path)}
        mentions.update(("flag", mention.id) for path in flags for mention in refs.mentions(item, path))
        if field == "missions":
            mentions.update(("default flag", flag) for flag in flag_refs.default_flags({"missions": [item]}))
        if field == "story" and "sequence" in item:
            mentions.add(("sequence", item["sequence"]))
        return mentions

    return read


def renamed_in_item(field: str, item: Json, kind: MentionKind, old: str, new: str) -> Json:
    """Return an item of a list of the world with another name of a state or a flag; the same object without it."""
    for path in state_paths(field) if kind == "state" else flag_paths(field):
        item = refs.replace_at(item, path, lambda name: new if name == old else name)
    return item


def _inside_item(path: Path) -> Path:
    return path[path.index(EACH_ITEM) + 1 :]
