"""An interrupt of the kernel while it answers a message of a view, and while it tells the views what was done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from worldkit.core.json_values import Json


@contextmanager
def answer_when_interrupted(send: Callable[[Json], object], reply: Json) -> Iterator[None]:
    """Send a reply when the kernel is interrupted in what answers a message, and let the interrupt go on.

    The kernel goes on after an interrupt as if nothing was, and a view would wait for its answer for ever.

    Args:
        send: Sends to the views.
    """
    try:
        yield
    except Exception:
        raise
    except BaseException:
        send(reply)
        raise


def finish(action: Callable[[], object]) -> BaseException | None:
    """Do something that must not be left half done, such as telling the views of an edit that stands.

    When the kernel is interrupted meanwhile, it is done again from its beginning.

    Args:
        action: What is done; it may be done twice.

    Returns:
        The interrupt, or what went wrong, to be raised when all that follows is done, too; None otherwise.
    """
    try:
        action()
    except Exception as error:
        return error
    except BaseException as interruption:
        with suppress(BaseException):  # the first is raised in any case
            action()
        return interruption
    return None


def call_or_log(action: Callable[[], object], log: logging.Logger, message: str) -> BaseException | None:
    """Call something beside which others are called, too, whatever becomes of it; what it raises goes to the log.

    Args:
        action: What is called.
        message: What the log says of it.

    Returns:
        What interrupted the kernel meanwhile, to be raised when all others were called; None otherwise.
    """
    try:
        action()
    except Exception:
        log.exception(message)
    except BaseException as interruption:
        return interruption
    return None


def raise_first(*problems: BaseException | None) -> None:
    """Raise the first of what interrupted or went wrong, if anything did."""
    for problem in problems:
        if problem is not None:
            raise problem
