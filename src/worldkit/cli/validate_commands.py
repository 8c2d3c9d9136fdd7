"""``validate``: what is wrong with documents, by their JSON Schema."""

from __future__ import annotations

import argparse

from worldkit.cli.options import WORLD_HELP, json_option
from worldkit.cli.terminal import (
    EXIT_FAILED,
    STDIO,
    one_line,
    print_error,
    print_json,
    print_lines,
    read_value,
    world_files,
)
from worldkit.core.errors import InvalidWorld, Problem
from worldkit.core.files import find_documents
from worldkit.core.json_values import Json
from worldkit.core.quoting import format_count
from worldkit.core.schema_validation import Schema, validate_value
from worldkit.core.version_notes import envelope_notes, version_notes


def validate_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit validate``."""
    parser.add_argument("files", nargs="+", metavar="file", help=f"{WORLD_HELP}; a folder for all *.world.json in it")
    parser.add_argument("--schema", metavar="FILE", help="a later JSON Schema of SMWorld to validate by")
    json_option(parser)


def validate(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit validate``."""
    schema: Schema | None = arguments.schema
    names = world_files(arguments.files)
    results: dict[str, list[Problem]] = {}
    notes: dict[str, list[str]] = {}
    unreadable: dict[str, str] = {}
    for name in names:
        title = "standard input" if name == STDIO else name
        try:
            value = read_value(name)
        except InvalidWorld as error:
            results[title] = list(error.problems)
            continue
        except OSError as error:
            unreadable[title] = one_line(error)
            print_error(unreadable[title])
            continue
        results[title] = validate_value(value, title, schema=schema)
        if not results[title] and schema is None:
            notes[title] = [
                str(note)
                for _, raw in find_documents(value, title)
                for note in (*version_notes(raw), *envelope_notes(value, raw))
            ]
    if arguments.json:
        rows: list[Json] = [
            {"file": name, "problems": [{"path": one.path, "message": one.message} for one in problems]}
            for name, problems in results.items()
        ]
        print_json([*rows, *({"file": name, "error": text} for name, text in unreadable.items())])
    elif results:
        print_lines(*(f"{name}: {problem}" for name, problems in results.items() for problem in problems))
        print_lines(*(f"{name}: {note}" for name, lines in notes.items() for note in lines))
        invalid = sum(map(bool, results.values()))
        count = format_count(len(results), "file")
        print_lines(f"{count}: {'all valid' if not invalid else f'{invalid} invalid'}")
    return EXIT_FAILED if unreadable else int(any(results.values()))
