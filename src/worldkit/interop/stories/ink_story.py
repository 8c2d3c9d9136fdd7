"""What is collected while a story of ink is read."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from worldkit.core.characters import shorten
from worldkit.editing.naming import UnusedNames
from worldkit.interop.stories.expressions import Expression, Variable
from worldkit.interop.stories.ink_counts import count_items, counted_containers
from worldkit.interop.stories.ink_flow import knot_in
from worldkit.interop.stories.ink_program import Container, Pointer
from worldkit.interop.stories.ink_source import InkSource
from worldkit.interop.stories.machine import CHOICE_PREFIX, MAX_LABEL_IN_NAME, MachineNode, MachineTransition
from worldkit.interop.stories.story_record import StoryRecord
from worldkit.interop.stories.visits import visit_count


class InkTarget(NamedTuple):
    """A place in the program, as a value."""

    pointer: Pointer


class Reference(NamedTuple):
    """A variable that a function is given to change."""

    name: str


Item = Expression | InkTarget | Reference
"""What stands on the stack of values."""


class InkPosition(NamedTuple):
    """Where a node begins, and what is carried into it."""

    pointer: Pointer
    has_choices: bool = False
    stack: tuple[Item, ...] = ()
    tunnels: tuple[Pointer | None, ...] = ()
    """Where the tunnels that play is in lead back to, the innermost last."""


class UnclearInk(Exception):
    """Something of the program cannot be expressed; the message says what."""


class Stop(Exception):
    """A node ends here."""


class Returned(Exception):
    """A function ends here; its value is on the stack."""


class InkStory:
    """A story while it is read.

    Args:
        root: The outermost container of its program.
        source: The lines of its source.

    Attributes:
        root: The outermost container.
        source: The lines of its source.
        counted_paths: The paths of the containers whose visits are counted.
        record: What is noted over the whole story.
        global_names: The names of the variables that are not temporary.
        nodes: The nodes that were read.
        transitions: The transitions that were read.
        queue: The places of the nodes that are still to be read, with their ids.
    """

    def __init__(self, root: Container, source: InkSource) -> None:
        self.root = root
        self.source = source
        self._choice_variables: dict[str, str] = {}  # by the path that the choice leads to
        self._names = UnusedNames()
        self.counted_paths, self._asked_choices = counted_containers(root)
        place_names = UnusedNames()
        self._place_names = {
            path: place_names.take(_place_name(path, label)) for path, label in self.counted_paths.items()
        }
        self.record = StoryRecord(variables={visit_count(name).name: 0 for name in self._place_names.values()})
        self.global_names: set[str] = set()
        self.nodes: list[MachineNode] = []
        self.transitions: list[MachineTransition] = []
        self.queue: deque[tuple[InkPosition, str]] = deque()
        self._ids_by_position: dict[InkPosition, str] = {}
        self._ids = UnusedNames()
        self._steps_left = 100_000 + 100 * count_items(root)

    def spend(self) -> None:
        """Count a step of reading; there are so many as the program's size allows.

        Raises:
            UnclearInk: There are no more.
        """
        self._steps_left -= 1
        if self._steps_left < 0:
            raise UnclearInk("all that follows, since its program leads through too many places")

    def node(self, place: InkPosition, name: str = "") -> str:
        """Return the id of the node that begins at a place; it is read later."""
        if place not in self._ids_by_position:
            self._ids_by_position[place] = self._ids.take(name or place.pointer.name or "start")
            self.queue.append((place, self._ids_by_position[place]))
        return self._ids_by_position[place]

    def visits(self, path: str) -> Expression:
        """Return how often play came to a container; of some, whether the choice was taken that leads there."""
        label = self._asked_choices.get(path)
        return visit_count(self.place_name(path)) if label is None else Variable(self.choice_variable(path, label))

    def place_name(self, path: str) -> str:
        """Return what a writer would call a container whose visits are counted."""
        return self._place_names[path]

    def choice_variable(self, path: str, label: str) -> str:
        """Return the name of the variable that is true when a choice, which leads to a path, was taken."""
        if path not in self._choice_variables:
            whole_label = self._asked_choices.get(path, label)
            name = self._names.take(CHOICE_PREFIX + shorten(whole_label, MAX_LABEL_IN_NAME))
            self._choice_variables[path] = name
            self.record.variables[name] = False
        return self._choice_variables[path]


def _place_name(path: str, label: str) -> str:
    knot = knot_in(path)
    if knot == path:
        return knot
    return f"{knot}: {shorten(label, MAX_LABEL_IN_NAME)}" if label else f"a part of {knot}"
