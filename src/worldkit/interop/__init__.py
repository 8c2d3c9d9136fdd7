"""Worlds in the forms of other programs: the script of a world as one sheet, graphs of networkx, and tables."""

from __future__ import annotations

from worldkit.interop.graph_tables import graph_document, table_document
from worldkit.interop.script import ScriptClash, ScriptEdits, ScriptLine, apply_lines, script_lines
from worldkit.interop.script_file import format_of, parse_script, read_script, script_text, write_script

__all__ = [
    "ScriptClash",
    "ScriptEdits",
    "ScriptLine",
    "apply_lines",
    "format_of",
    "graph_document",
    "parse_script",
    "read_script",
    "script_lines",
    "script_text",
    "table_document",
    "write_script",
]
