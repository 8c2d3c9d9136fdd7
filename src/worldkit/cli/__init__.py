"""The command line: ``worldkit lint``, ``explore``, ``play``, ``diff`` and the others.

Exit codes: 0 all is well, 1 something was found, 2 the command could not be carried out.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

from worldkit.cli.arguments import parser
from worldkit.cli.terminal import EXIT_FAILED, EXIT_FINDINGS, EXIT_INTERRUPTED, one_line, print_error
from worldkit.core.errors import OpError, RuleViolation, WorldError


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command, and return its exit code.

    Args:
        argv: The arguments; those of the process by default.
    """
    _prepare_streams()
    try:
        return _carry_out(argv)
    except (OpError, RuleViolation) as refusal:
        print_error(one_line(refusal))
        return EXIT_FINDINGS
    except BrokenPipeError:  # the reader of our output closed the pipe
        _discard_output()
        return EXIT_FINDINGS
    except (WorldError, OSError) as error:
        print_error(one_line(error))
        try:
            sys.stdout.flush()
        except OSError:  # it was this that failed, as on a full disk
            _discard_output()
        return EXIT_FAILED
    except KeyboardInterrupt:
        print_error("interrupted")
        return EXIT_INTERRUPTED


def _carry_out(argv: Sequence[str] | None) -> int:
    """Carry out one command, and write all of its output, also when it only prints its help."""
    try:
        arguments = parser().parse_args(argv)
        code: int = arguments.run(arguments)
        return code
    finally:
        sys.stdout.flush()


def _prepare_streams() -> None:
    for name, flags in (("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:  # it was closed before we began, as by >&-
            mode = "r" if flags == os.O_RDONLY else "w"
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode, encoding="utf-8"))
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure is not None:
            with contextlib.suppress(OSError):  # of an input that was read from already
                reconfigure(errors="backslashreplace")  # what is no text, or cannot be shown, gets its number


def _discard_output() -> None:
    """Let what is still to be written go nowhere, since at exit Python would try again and report another error."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
