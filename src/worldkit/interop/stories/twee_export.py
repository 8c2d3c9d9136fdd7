"""A world as a story of Twine: Twee 3 with the macros of SugarCube 2, and what a story does not have of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.core.atomic_write import write_atomically
from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.core.quoting import format_count, on_one_line, quote
from worldkit.core.spoken_names import event_heading, world_title
from worldkit.core.state_copies import COPY_OF
from worldkit.core.unsent_prose import own_prose
from worldkit.editing.naming import UnusedNames
from worldkit.interop.stories import twee_text
from worldkit.interop.stories.machine import Loss
from worldkit.playing.transition_table import Action, TransitionTable, check_has_states, table_of

if TYPE_CHECKING:
    from worldkit.world import World

_WORLD_FIELDS = frozenset({"schemaVersion", "id", "name", "entrance", "scene"})
_STATE_FIELDS = frozenset({"base", "ending", "narration", "tags", COPY_OF})
_EVENT_FIELDS = frozenset(
    {
        *("name", "kind", "from", "to", "detail", "narration", "hidden", "oneShot"),
        *("requires", "grants", "lockedHint", "autoAfterMs", "terminal"),
    }
)
"""The fields that a story has."""
_FORMAT_VERSION = "2.37.3"
_MAX_LISTED_LOSSES = 20


@dataclass(frozen=True, slots=True, repr=False)
class Exported:
    """A world as the source of a story for another program, and what the story does not have of it.

    Attributes:
        text: The source.
        lost: What could not be expressed exactly, each with its place in the world and with what the story has instead.

    Example:
        >>> exported = world.to_twee()
        >>> exported.text.splitlines()[0], "camera" in str(exported.lost)
        (':: StoryTitle', True)
    """

    text: str
    lost: tuple[Loss, ...] = ()

    def __repr__(self) -> str:
        count = f"{format_count(len(self.lost), 'thing')} could not be expressed exactly:"
        lines = [f"Twee of {format_count(len(self.text), 'character')}", count if self.lost else "nothing was lost"]
        lines += [f"  {on_one_line(str(loss))}" for loss in self.lost[:_MAX_LISTED_LOSSES]]
        rest_count = len(self.lost) - _MAX_LISTED_LOSSES
        return "\n".join([*lines, f"  and {rest_count:,} more in .lost"] if rest_count > 0 else lines)


def exported_twee(world: World) -> Exported:
    """Return a world as a story of Twine.

    Raises:
        InvalidWorld: It has no states.
    """
    check_has_states(world)
    writer = _TweeWriter(world, table_of(world))
    text = writer.text()
    return Exported(text, (*writer.losses, *_other_fields(json_of(world))))


def write_twee(export: Exported, path: Path, *, overwrite: bool) -> None:
    """Write the source of a story to a file, atomically; see ``World.to_twee``."""
    write_atomically(path, export.text.encode("utf-8", "replace"), new=not overwrite)


@dataclass(slots=True)
class _TweeWriter:
    """Writes the passages, and notes what they do not have."""

    world: World
    table: TransitionTable
    losses: dict[Loss, None] = field(default_factory=dict)
    _passages: dict[str, str] = field(default_factory=dict)
    _flags: dict[str, str] = field(default_factory=dict)
    _memory: dict[str, str] = field(default_factory=dict)  # by event: the variable that is true once it happened
    _lines: dict[str, int] = field(default_factory=dict)  # what the header tells of what just happened, numbered

    def text(self) -> str:
        """Return the source."""
        names = twee_text.unused_passages()
        for id in self.table.state_ids:
            self._passages[id] = names.take(twee_text.passage_name(id))
            if self._passages[id] != id:
                why = f"a passage cannot be called so, it is called {quote(self._passages[id])}"
                self._lose(f"state {quote(id)}", "its name", why)
        variable_names = UnusedNames(["told", *twee_text.VALUES_OF_ANY_OBJECT])
        flags = dict.fromkeys(flag for one in self.table.actions for flag in (*sorted(one.requires), *one.grants))
        self._flags = twee_text.variables(flags, variable_names, "flag")
        once_names = dict.fromkeys(one.name for one in self.table.actions if one.one_shot or self._repeats(one))
        self._memory = twee_text.variables(once_names, variable_names, "once")
        places = [self._passage(id) for id in self.table.state_ids]
        title, start = world_title(self.world), self._passages[self.table.start or next(iter(self._passages))]
        data = {
            "ifid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.world.id or ''} {title}")).upper(),
            "format": "SugarCube",
            "format-version": _FORMAT_VERSION,
            "start": start,
        }
        head = [f":: StoryTitle\n {' '.join(title.split())}", f":: StoryData\n{json.dumps(data, indent=2)}"]
        return "\n\n".join([*head, *self._header(), *places]) + "\n"

    def _header(self) -> Iterator[str]:
        """Yield the passage that SugarCube shows above every other: the line of what was just done."""
        if self._lines:
            cases = "".join(f"<<case {number}>>{line}\n\n" for line, number in self._lines.items())
            yield f":: PassageHeader\n<<switch $told>>{cases}<</switch>><<set $told to 0>>"

    def _passage(self, id: str) -> str:
        body, ending = self.world.states[id], self.table.endings.get(id)
        parts = [own_prose(json_of(self.world), body.base), body.narration or ""]
        parts += [] if ending is None else [ending.title, ending.subtitle or ""]
        links = [] if ending is not None else [self._event(action, id) for action in self.table.by_state[id]]
        if ending is None and not links:
            self._lose(f"state {quote(id)}", "that it is no ending", "nothing leads on from it; Twine ends there")
        for sequence in self.table.sequences.get(id, ()):
            self._lose(f"state {quote(id)}", f"the sequence {quote(sequence.title)}", "a story has none")
        tags = "" if ending is None else f" [{ending.kind}]"
        texts = [twee_text.prose(part) for part in parts]
        return f":: {self._passages[id]}{tags}\n" + "\n\n".join(filter(None, [*texts, "\n".join(links)]))

    def _repeats(self, action: Action) -> bool:
        """Say whether the clock would carry an event out again and again, since it leads back to where it was."""
        return action.timer_ms is not None and action.target is None

    def _event(self, action: Action, id: str) -> str:
        """Return an event as SugarCube writes it: a link, what the clock does, or both."""
        target = self._passages[action.target or id]
        changes = self._changes(action)
        text = f'<<link "{twee_text.label(event_heading(action.event))}" "{target}">>{changes}<</link>>'
        if action.is_hidden and action.timer_ms is None:
            why = "a story sees nothing and is told nothing; it has a link"
            self._lose(f"event {quote(action.name)}", "that it happens without a button", why)
        if action.timer_ms is not None:
            timed_text = f'<<timed {max(action.timer_ms, 40)}ms>>{changes}<<goto "{target}">><</timed>>'
            text = timed_text if action.is_hidden else text + timed_text
        if action.requires:
            hint = twee_text.prose(" ".join((action.event.locked_hint or "").split()))
            condition = " and ".join(self._flags[flag] for flag in sorted(action.requires))
            text = f"<<if {condition}>>{text}{f'<<else>>{hint}' * bool(hint and not action.is_hidden)}<</if>>"
        if action.name in self._memory and not action.opens_console:
            text = f"<<if not {self._memory[action.name]}>>{text}<</if>>"
        return text

    def _changes(self, action: Action) -> str:
        """Return what an event changes, and notes for the header."""
        event, line = action.event, action.event.narration or ""
        if action.console is not None:
            self._lose(f"event {quote(action.name)}", "what the console says", "a story has its greeting alone")
            line = "\n\n".join(filter(None, [line, action.console.greeting]))
        elif not line and action.target is None:
            line = own_prose(json_of(self.world), event.base or "")
        changes = [] if action.opens_console else [f"{self._flags[flag]} to true" for flag in action.grants]
        if line := twee_text.prose(line):
            changes.append(f"$told to {self._lines.setdefault(line, len(self._lines) + 1)}")
        if action.name in self._memory and not action.opens_console:
            changes.append(f"{self._memory[action.name]} to true")
        return "".join(f"<<set {change}>>" for change in changes)

    def _lose(self, where: str, what: str, why: str) -> None:
        self.losses[Loss(where, what, why)] = None


def _other_fields(document: Json) -> Iterator[Loss]:
    """Yield the fields that a story does not have, each once."""
    scene = document["scene"]
    groups = [
        ("the world", [("", document)], _WORLD_FIELDS),
        ("state", list(scene["states"].items()), _STATE_FIELDS),
        ("event", [(event.get("name"), event) for event in scene["events"]], _EVENT_FIELDS),
    ]
    for noun, items, known_fields in groups:
        owners: dict[str, list[str]] = {}
        for name, item in items:
            for key, value in item.items():
                if key not in known_fields and value not in (None, False, "", [], {}):
                    owners.setdefault(key, []).append(name)
        for key, names in owners.items():
            where = noun if noun == "the world" else f"{noun} {quote(names[0])}"
            where += f" and {format_count(len(names) - 1, 'more')}".removesuffix("s") * (len(names) > 1)
            yield Loss(where, f"the field {quote(key)}", "a story of Twine is text and links")
