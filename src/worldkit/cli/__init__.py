"""The command line: ``worldkit lint``, ``explore``, ``play``, ``diff`` and the others.

Exit codes: 0 all is well, 1 something was found, 2 the command could not be carried out.
"""

from __future__ import annotations

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
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal that cannot show a character gets its number
            reconfigure(errors="backslashreplace")
    arguments = parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except (OpError, RuleViolation) as refusal:
        print_error(one_line(refusal))
        return EXIT_FINDINGS
    except BrokenPipeError:
        # the reader of our output closed the pipe; nothing may be written at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FINDINGS
    except (WorldError, OSError) as error:
        print_error(one_line(error))
        return EXIT_FAILED
    except KeyboardInterrupt:
        print_error("interrupted")
        return EXIT_INTERRUPTED
