"""An interrupt of the kernel while it answers a message of a view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from worldkit.core.json_values import Json


@contextmanager
def answer_when_interrupted(send: Callable[[Json], object], reply: Json) -> Iterator[None]:
    """Send a reply when the kernel is interrupted in what answers a message, and let the interrupt go on.

    The kernel goes on after an interrupt as if nothing was, and a view would wait for its answer for ever.

    Args:
        send: Sends to the views.
        reply: The reply.
    """
    try:
        yield
    except Exception:
        raise
    except BaseException:
        send(reply)
        raise
