"""Worlds in the forms of other programs: the script of a world as one sheet, graphs of networkx, and tables."""

from __future__ import annotations

from worldkit.interop.script import apply_lines
from worldkit.interop.script_file import format_of, parse_script, read_script, script_text, write_script

__all__ = ["apply_lines", "format_of", "parse_script", "read_script", "script_text", "write_script"]
