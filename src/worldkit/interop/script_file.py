"""The script of a world as a file: CSV or XLIFF 2.0, by its name."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from worldkit.core.atomic_write import write_atomically
from worldkit.core.document import Document
from worldkit.core.errors import InvalidScript, InvalidWorld, WrongArgument
from worldkit.core.files import read_bytes
from worldkit.core.json_values import quote
from worldkit.core.prose import READERS, Reader
from worldkit.interop.script import ScriptLine, script_lines
from worldkit.interop.script_csv import from_csv, to_csv
from worldkit.interop.script_document import to_markdown
from worldkit.interop.script_xliff import from_xliff, to_xliff

ScriptFormat = Literal["csv", "xliff"]
_SUFFIXES: dict[str, ScriptFormat] = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlf": "xliff", ".xliff": "xliff"}
DOCUMENT_SUFFIXES = frozenset({".md", ".markdown"})
"""How the name of a document ends, which is read and does not come back."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def write_script(
    world: Document,
    path: str | os.PathLike[str],
    *,
    readers: Collection[Reader] = READERS,
    language: str | None = None,
    source_language: str = "en",
    overwrite: bool = False,
) -> Path:
    """Write the script of a world to a file, atomically; see ``World.to_script``."""
    target = Path(path)
    if target.suffix.lower() in DOCUMENT_SUFFIXES:
        if language is not None:
            raise WrongArgument("language", "none for a document, which does not come back", quote(language))
        data = to_markdown(world, readers).encode()
    else:
        form = format_of(target)
        text = script_text(world, form, readers=readers, language=language, source_language=source_language)
        data = text.encode("utf-8-sig" if form == "csv" else "utf-8")  # spreadsheets know UTF-8 by its mark
    write_atomically(target, data, new=not overwrite)
    return target


def script_text(
    world: Document,
    form: ScriptFormat,
    *,
    readers: Collection[Reader] = READERS,
    language: str | None = None,
    source_language: str = "en",
) -> str:
    """Return the script of a world as CSV or XLIFF.

    Raises:
        WrongArgument: There is no such reader, or a language is none.
    """
    for argument, tag in (("language", language), ("source_language", source_language)):
        if tag is not None and not _LANGUAGE.fullmatch(tag):
            raise WrongArgument(argument, 'a language tag such as "de" or "pt-BR"', quote(tag))
    lines = script_lines(world, readers=readers, prefill=language is None)
    return to_csv(lines) if form == "csv" else to_xliff(lines, source_language=source_language, language=language)


def read_script(path: str | os.PathLike[str]) -> list[ScriptLine]:
    """Return the lines of a script's file.

    Args:
        path: The file, ``*.csv`` or ``*.xlf``.

    Raises:
        InvalidScript: It holds no script, or two texts for one key.
        MissingFile: There is no such file.
    """
    try:
        data = read_bytes(path)
    except InvalidWorld as error:  # it is too large
        raise InvalidScript(f"{os.fspath(path)}: {error.problems[0]}") from None
    form = format_of(Path(path))
    try:
        return parse_script(_decoded(data) if form == "csv" else data, form)
    except InvalidScript as error:
        raise InvalidScript(f"{os.fspath(path)}: {error}") from None


def parse_script(content: bytes | str, form: ScriptFormat) -> list[ScriptLine]:
    """Return the lines of a script, from its text, or of XLIFF from its bytes.

    Raises:
        InvalidScript: It holds no script, or two texts for one key.
    """
    lines = from_csv(content) if form == "csv" and isinstance(content, str) else from_xliff(content)
    _refuse_two_texts(lines)
    return lines


def format_of(path: Path) -> ScriptFormat:
    """Return the format of a sheet by the name of its file.

    Raises:
        WrongArgument: The name does not tell.
    """
    try:
        return _SUFFIXES[path.suffix.lower()]
    except KeyError:
        raise WrongArgument(
            "path", "a file named *.csv or *.xlf; a document (*.md) is only written", quote(path.name)
        ) from None


def _decoded(data: bytes) -> str:
    is_utf_16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidScript(f'byte {error.start} is not UTF-8; in a spreadsheet, save it as "CSV UTF-8"') from None


def _refuse_two_texts(lines: list[ScriptLine]) -> None:
    text_by_key: dict[str, str] = {}
    for line in lines:
        if line.text and text_by_key.setdefault(line.key, line.text) != line.text:
            raise InvalidScript(f"{quote(line.key)} stands there twice, with two texts; remove one of the rows")
