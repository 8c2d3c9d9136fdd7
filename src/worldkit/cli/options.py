"""Options that several commands have, and what their values are read as."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable

WORLD_HELP = "a world's file; - for standard input"

MAX_PORT = 65_535
MAX_NUMBER = 10**12
"""The largest number of seconds, MiB or requests: more than anybody needs, and still a whole number of bytes."""

SEVERITY_RANKS = {"error": 0, "warning": 1, "info": 2, "never": -1}
"""Severities, the worst first, and what no severity is as bad as."""

Tasks = argparse._SubParsersAction  # noqa: SLF001  # argparse has no public name for it


def add_task(
    tasks: Tasks[argparse.ArgumentParser], name: str, run: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    """Add a task of a command, such as ``worldkit git install``, and return its parser.

    Args:
        tasks: The tasks of the command.
        run: Carries it out.
        text: What it does, for the help.
    """
    task = tasks.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    task.set_defaults(run=run)
    return task


def json_option(parser: argparse.ArgumentParser, text: str = "print JSON") -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help=text)


def new_file_options(parser: argparse.ArgumentParser, text: str) -> None:
    """Add ``--output``, for a file that is not there yet, and ``--force``."""
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help=text)
    _force_option(parser)


def edited_file_options(parser: argparse.ArgumentParser, text: str, default: str | None = None) -> None:
    """Add ``--output`` and ``--force``, and ``--in-place`` instead of them."""
    destination = parser.add_mutually_exclusive_group()
    destination.add_argument("-o", "--output", metavar="FILE", default=default, help=text)
    destination.add_argument("--in-place", action="store_true", help="overwrite the world's file")
    _force_option(parser)


def _force_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="replace the output file if it exists")


def report_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for reports that other programs read."""
    parser.add_argument("--sarif", metavar="FILE", help="write SARIF 2.1.0; - for standard output")
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML; - for standard output")
    json_option(parser)


def limit_options(parser: argparse.ArgumentParser) -> None:
    """Add the limits of exhaustive play."""
    group = parser.add_argument_group("limits of exhaustive play")
    group.add_argument("--seconds", type=positive_number, help="maximum time in seconds (30)")
    group.add_argument(
        "--nodes", type=whole_number, help="maximum number of nodes of a decision diagram (limited by memory)"
    )
    group.add_argument("--memory-mb", type=positive_number, help="maximum memory for positions in MiB (1,024)")


def fail_on_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--fail-on``."""
    parser.add_argument(
        "--fail-on",
        choices=SEVERITY_RANKS,
        default="warning",
        help="exit with 1 for findings of this severity or higher (warning)",
    )


def fails(severities: Iterable[str], fail_on: str) -> bool:
    """Say whether one of some severities is as bad as what should fail."""
    return any(SEVERITY_RANKS[severity] <= SEVERITY_RANKS[fail_on] for severity in severities)


def database_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--db``."""
    parser.add_argument("--db", help="a file, or the URL of a PostgreSQL ($WORLDKIT_DB, else worlds.db)")


def whole_number(text: str) -> int:
    """Return a whole number of at least 1."""
    return _whole_number(text, 1)


def whole_number_or_zero(text: str) -> int:
    """Return a whole number of at least 0."""
    return _whole_number(text, 0)


def _whole_number(text: str, minimum: int) -> int:
    number = int(text.replace("_", ""))
    if number < minimum:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least {minimum}, got {text}")
    return number


def port_number(text: str) -> int:
    """Return the number of a port, 0 for a free one."""
    number = int(text)
    if not 0 <= number <= MAX_PORT:
        raise argparse.ArgumentTypeError(f"expected a port from 0 to {MAX_PORT}, got {text}")
    return number


def positive_number(text: str) -> float:
    """Return a number above 0."""
    number = float(text)
    if not 0 < number <= MAX_NUMBER:
        raise argparse.ArgumentTypeError(f"expected a number above 0, up to {MAX_NUMBER:,}; got {text}")
    return number


def number_or_zero(text: str) -> float:
    """Return a number of at least 0."""
    number = float(text)
    if not 0 <= number <= MAX_NUMBER:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to {MAX_NUMBER:,}, got {text}")
    return number
