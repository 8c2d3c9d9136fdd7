"""An exchange with an endpoint that failed: why, in words, and whether and when it is tried again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import httpx

from worldkit.core.errors import ModelError
from worldkit.model_access.answer_body import read_body
from worldkit.model_access.endpoint import Endpoint
from worldkit.model_access.host import is_refused
from worldkit.model_access.server_words import retry_after

REFUSAL_TIMEOUT_S = 30.0
"""Seconds that the reason of a refusal may take to arrive."""
MAX_REFUSAL_BYTES = 1 << 16
"""Bytes of it that are read."""
_TRANSIENT_STATUSES = (408, 429)


class EndpointError(ModelError):
    """An endpoint refused a request, and would refuse it again."""


class Broken(ModelError):
    """An endpoint could not be reached, or broke off: trying again may help, after the seconds that it asked for.

    It is final where it would only be waited for again: nothing was sent for too long, or nothing listens there.
    """

    def __init__(self, text: str, wait: float = 0.0, *, is_final: bool = False) -> None:
        self.wait, self.is_final = wait, is_final
        super().__init__(text)


class Retries:
    """The tries of one question.

    Args:
        pauses_s: Seconds before each further try.
        longest_s: Seconds that a server may ask to wait.
    """

    def __init__(self, pauses_s: Sequence[float], longest_s: float) -> None:
        self._pauses_s, self._longest_s = pauses_s, longest_s
        self.failure_count = 0

    def pause_s(self, failure: Broken) -> float | None:
        """Return the seconds to wait before the next try; None when there is to be none."""
        self.failure_count += 1
        if failure.is_final or self.failure_count > len(self._pauses_s):
            return None
        return max(self._pauses_s[self.failure_count - 1], min(failure.wait, self._longest_s))


@contextmanager
def failures_in_words(where: Endpoint) -> Iterator[None]:
    """Raise what fails on the way as ``Broken``, and an address that cannot be asked as ``EndpointError``."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        is_final = where.loopback and is_refused(error)
        reason = "cannot be reached: nothing listens there" if is_final else "cannot be reached"
        message = f"{where.shown} {reason}; is the server running, and is this its address?"
        raise Broken(message, is_final=is_final) from None
    except httpx.TimeoutException:
        raise Broken(f"{where.shown} did not answer in time") from None
    except httpx.InvalidURL:
        raise EndpointError(f"{where.shown} is no address that can be asked") from None
    except httpx.HTTPError as error:
        raise Broken(f"the connection to {where.shown} broke off ({type(error).__name__})") from None


async def refusal_text(response: httpx.Response) -> str:
    """Return the beginning of the body of a refusal; empty where it does not come, since the status says enough."""
    try:
        async with asyncio.timeout(REFUSAL_TIMEOUT_S):
            refusal = await read_body(response, MAX_REFUSAL_BYTES, truncate=True)
    except (TimeoutError, ValueError):
        return ""
    return refusal.decode("utf-8", "replace")


def refusal_error(response: httpx.Response, where: Endpoint, text: str) -> ModelError:
    """Return the error for a refusal: ``Broken`` where it may pass, else ``EndpointError``.

    Args:
        response: What was answered.
        text: The body.
    """
    status = response.status_code
    message = f"{where.shown} answered {status}{where.words(text)}"
    if status in _TRANSIENT_STATUSES or status >= 500:
        return Broken(message, retry_after(response.headers) or 0.0)
    return EndpointError(f"{message}{where.hint(status)}")


def named_field(text: str, names: Iterable[str]) -> str | None:
    """Return the field that a refusal names first.

    Args:
        text: What the server said.
        names: The fields that it may mean.
    """
    matches = [
        (match.start(), name)
        for name in names
        if (match := re.search(rf"(?<![a-z_]){name}(?![a-z_])", text, re.IGNORECASE))
    ]
    return min(matches)[1] if matches else None
