"""What a view asks about the script of a world: all texts as one sheet, and what one that came back changes."""

from __future__ import annotations

from pathlib import Path

from worldkit.core.json_values import Json
from worldkit.core.prose import READERS
from worldkit.interop import apply_lines, format_of, parse_script, script_text
from worldkit.widgets.protocol import ReadSheet, WriteSheet
from worldkit.world import World


def write_sheet(world: World, request: WriteSheet) -> Json:
    """Return the body of the reply with the sheet.

    Raises:
        WrongArgument: The language is none.
    """
    readers = READERS if request.reader is None else (request.reader,)
    return {"text": script_text(world, request.format, readers=readers, language=request.language or None)}


def read_sheet(world: World, request: ReadSheet) -> Json:
    """Return the body of the reply with what a sheet would change.

    Raises:
        InvalidScript: It is no such sheet.
        WrongArgument: Its name does not tell its format.
    """
    lines = parse_script(request.text.removeprefix("\ufeff"), format_of(Path(request.name)))
    edits = apply_lines(world, lines, overwrite=request.overwrite)
    clashes = [{"key": clash.key, "current": clash.current, "text": clash.text} for clash in edits.outdated]
    return {
        "rev": world.rev,
        "ops": edits.ops,
        "changed": len(edits.changed),
        "outdated": clashes,
        "unknown": list(edits.unknown),
    }
