"""``import_``: a world made of a story or a state machine of another program."""

from __future__ import annotations

import os

from worldkit.core.argument_checks import checked
from worldkit.core.argument_ranges import expect_count
from worldkit.core.errors import InvalidStory, InvalidWorld
from worldkit.core.files import read_bytes
from worldkit.core.json_values import MAX_BYTES, size_message
from worldkit.interop.stories.arrivals import TooManySteps
from worldkit.interop.stories.imported import Imported
from worldkit.interop.stories.machine_document import MAX_COPIES, machine_document
from worldkit.interop.stories.reading import decode, read_machine
from worldkit.world import World


@checked
def import_(source: str | os.PathLike[str], *, max_copies: int = MAX_COPIES) -> Imported[World]:
    r"""Import a story or a state machine of another program as a world.

    Read are Twee 3 and published pages of Twine 2, ink as compiled JSON, state machines of XState as JSON, and SCXML.
    The content tells which it is. What a world cannot express exactly is listed, with its place in the file; of ink,
    with its line in the source where ``story.ink`` is beside ``story.json``.

    Flags of a world are only gained. A variable that is more than that, such as a lamp that can break, is expressed by
    copies of passages: the hall with the lamp, and the hall without it.

    Args:
        source: The path of a file, or its text.
        max_copies: How many copies of one passage the world may have. With 1 there are none, and what would need them
            is listed instead.

    Returns:
        The world, the machine it was made of, and what was lost.

    Raises:
        InvalidStory: It is no such file, or play goes on in it without a choice more often than can be followed.
        MissingFile: There is no such file.
        FileError: The file cannot be read.
        WrongArgument: ``max_copies`` is less than 1.

    Example:
        >>> imported = wk.import_(":: Start\n[[Take the key->Key]]\n:: Key [win]\nIt is warm.")
        >>> imported.world.events[0].to, imported.lost
        ('Key', ())
    """
    expect_count(max_copies, "max_copies", most=10_000)
    text, name, path = _read(source)
    machine, losses = read_machine(text, name, path)
    try:
        document, layout, not_expressed = machine_document(machine, max_copies)
    except TooManySteps as error:
        raise InvalidStory(f"{name} cannot be imported: {error}") from None
    return Imported(World.from_dict(document), machine, tuple(dict.fromkeys([*losses, *not_expressed])), layout)


def _read(source: str | os.PathLike[str]) -> tuple[str, str, str | None]:
    """Return a text, what to call it in an error, and the path of its file, if it has one."""
    if isinstance(source, str) and (source.lstrip("\ufeff \t\r\n")[:1] in ("{", "<") or "\n" in source):
        if len(source) > MAX_BYTES:
            raise InvalidStory(f"the text cannot be imported: {size_message(len(source), MAX_BYTES)}")
        return source, "the text", None
    name = os.fspath(source)
    try:
        data = read_bytes(source)
    except InvalidWorld as error:  # it is too large
        raise InvalidStory(f"{name} cannot be imported: {error.problems[0]}") from None
    return decode(data, name), name, name
