"""The script of a world as CSV (RFC 4180), as spreadsheets read and write it.

Every text comes back exactly: line breaks, quotes and control characters included. A cell that a spreadsheet would
take for a formula is written with an apostrophe in front, which is taken off again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from worldkit.core.errors import InvalidScript
from worldkit.core.json_values import quote
from worldkit.interop.script import COLUMNS, ScriptLine

DELIMITERS = (",", ";", "\t")
"""What may stand between cells; spreadsheets of many languages write semicolons."""

_FORMULA_STARTS = frozenset("=+-@\t\r'")


def to_csv(lines: list[ScriptLine]) -> str:
    """Return the sheet as CSV, with a header."""
    rows = [COLUMNS, *((line.key, line.reader, line.context, line.source or "", line.text) for line in lines)]
    return "".join(",".join(map(_cell, row)) + "\r\n" for row in rows)


def from_csv(text: str) -> list[ScriptLine]:
    """Return the lines of a sheet.

    Args:
        text: The sheet. Columns may stand in any order, others are ignored, and ``;`` or a tab may separate cells.

    Raises:
        InvalidScript: It is no such sheet; the message names the line.
    """
    headers: list[list[str]] = []
    errors: list[InvalidScript] = []
    for delimiter in DELIMITERS:
        try:
            header = next(_rows(text, delimiter), (1, []))[1]
        except InvalidScript as error:  # a quoted cell that another delimiter ends
            errors.append(error)
            continue
        names = [name.strip().lower() for name in header]
        if "key" in names and "text" in names:
            return _lines(text, delimiter, names)
        headers.append(header)
    if not headers:
        raise errors[0]
    header = max(headers, key=len)
    raise InvalidScript(f'line 1: expected a header with the columns "key" and "text", got {quote(header)}')


def _lines(text: str, delimiter: str, names: list[str]) -> list[ScriptLine]:
    position = {name: names.index(name) for name in COLUMNS if name in names}
    lines: list[ScriptLine] = []
    rows = _rows(text, delimiter)
    next(rows)
    for number, row in rows:
        if not any(row):
            continue

        def cell(name: str, row: list[str] = row) -> str | None:
            at = position.get(name)
            return row[at] if at is not None and at < len(row) else None

        key = cell("key")
        if not key:
            raise InvalidScript(f"line {number}: the key is missing; every row needs the key that it was written with")
        if any(row[len(names) :]):
            advice = f"a text that holds {quote(delimiter)} stands in quotation marks"
            raise InvalidScript(f"line {number}: it has more cells than the header has columns; {advice}")
        lines.append(ScriptLine(key, cell("read by") or "", cell("context") or "", cell("source"), cell("text") or ""))
    return lines


def _cell(text: str) -> str:
    cell = f"'{text}" if text[:1] in _FORMULA_STARTS and text else text
    return '"' + cell.replace('"', '""') + '"'


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_STARTS and text[1:] else text


_QUOTED_FIELD = re.compile(r'"((?:[^"]++|"")*+)"')


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV text, each with the number of the line on which it begins."""
    plain_field = re.compile(rf'[^"\r\n{delimiter}][^\r\n{delimiter}]*|')
    at, line = 0, 1
    while at < len(text):
        first_line, row = line, []
        while True:
            match = _QUOTED_FIELD.match(text, at) if text.startswith('"', at) else plain_field.match(text, at)
            if match is None:
                raise InvalidScript(f"line {line}: a quotation mark is opened and never closed")
            is_quoted = text.startswith('"', at)
            row.append(_unguarded(match[1].replace('""', '"') if is_quoted else match[0]))
            line += len(re.findall(r"\r\n?|\n", match[0]))
            at = match.end()
            if not text.startswith(delimiter, at):
                break
            at += 1
        ending = re.compile(r"\r\n?|\n|\Z").match(text, at)
        if ending is None:
            raise InvalidScript(f"line {line}: expected {quote(delimiter)} or the end of the row after a closing quote")
        at = ending.end()
        line += 1
        yield first_line, row
