"""Stories of ink as machines, read from what ink compiles to.

A node is a stretch of the program without a branch that leads elsewhere. The nodes that play passes in one turn stay in
view together, with the choices that they offer, as in ink.
"""

from __future__ import annotations

from typing import Any

from worldkit.core.json_values import Json
from worldkit.interop.stories.ink_nodes import NodeReader
from worldkit.interop.stories.ink_program import Pointer, read_program
from worldkit.interop.stories.ink_source import InkSource
from worldkit.interop.stories.ink_story import InkPosition, InkStory
from worldkit.interop.stories.machine import Loss, Machine
from worldkit.interop.stories.shown_values import with_shown_values


def ink_machine(value: Json, path: str | None = None) -> tuple[Machine, list[Loss]]:
    """Return the machine of a compiled story, and what it does not have.

    Args:
        value: The JSON value of the file.
        path: The file, if there is one: its source may be beside it.

    Raises:
        ValueError: It is no compiled story, or of a version that is not read.
    """
    story = InkStory(read_program(value), InkSource(path))
    _declare(story)
    start = story.node(InkPosition(Pointer(story.root, -1)))
    while story.queue:
        place, id = story.queue.popleft()
        NodeReader(story, place, id).read()
    record = story.record
    initial = {name: record.variables[name] for name in story.global_names}
    nodes = with_shown_values(story.nodes, story.transitions, record, initial=initial)
    return record.machine(_title(story), start, nodes, story.transitions), record.losses


def _title(story: InkStory) -> str:
    """Return what the tag ``# title: ...`` says that a story begins with; empty when there is none."""
    tags = (tag for node in story.nodes[:1] for tag in node.tags)
    return next((tag.partition(":")[2].strip() for tag in tags if tag.lower().startswith("title:")), "")


def _declare(story: InkStory) -> None:
    """Read the values that variables have at the start."""
    declarations = story.root.named_parts.get("global decl")
    stack: list[Any] = []
    for item in declarations.content if declarations else ():
        if isinstance(item, dict) and isinstance(item.get("VAR="), str):
            value = stack.pop() if stack else None
            name = item["VAR="]
            story.global_names.add(name)
            story.record.variables[name] = (
                value if value is None or isinstance(value, (bool, int, float, str)) else None
            )
            if isinstance(value, dict):
                story.record.make_unknown(name, "a list or a place of the story", "the declarations")
        elif item not in ("ev", "/ev", "str", "/str", "end"):
            stack.append(item[1:] if isinstance(item, str) and item.startswith("^") else item)
