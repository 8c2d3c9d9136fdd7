"""One request and its answer, retried as docs/spec/api-v1.md says; no input or output happens here.

A call is a generator: it yields a ``Step`` for its runner to take, is sent the outcome, and returns its result.
``Client`` runs calls on threads, ``AsyncClient`` on an event loop; both run the same generators.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from worldkit.core.argument_checks import refusal
from worldkit.core.json_values import Json
from worldkit.model_access.server_words import retry_after
from worldkit.stores.api.secret import Scope, Secret

MAX_TRIES = 3
RETRY_PAUSES = (0.3, 0.6)
"""Seconds before the second and the third try."""

MAX_HEADER_LENGTH = 200

MAX_RETRY_AFTER = 30.0
"""Seconds a server may ask to wait; one that asks for more is not waited for."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the table in docs/spec/api-v1.md.

    Attributes:
        method: ``"GET"``, ``"POST"``, ``"PATCH"`` or ``"DELETE"``.
        path: From the root of the host, escaped.
        query: Parameters.
        scope: What the key must be allowed.
        rev: Sent as ``If-Match``.
        key: Sent as ``Idempotency-Key``.
        patience: How many times the usual timeout it may take.
        op: The operation that the call is, when it is one.
        credential: What is sent instead of the key.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = field(default=None, repr=False)
    scope: Scope = "worlds:read"
    rev: str | None = None
    key: str | None = None
    patience: float = 1.0
    op: str | None = None
    credential: Secret | None = None

    def __post_init__(self) -> None:
        for name, value in self.headers.items():
            if not is_sendable(value):
                raise refusal(name, f"1 to {MAX_HEADER_LENGTH} printable ASCII characters", value)

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again when it is not known whether it took effect."""
        return self.method == "GET" or self.key is not None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of its own."""
        values = {"If-Match": self.rev, "Idempotency-Key": self.key}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer.

    Attributes:
        status: The HTTP status.
        headers: Its headers, names in lower case.
        body: Its body, whole.
        seconds: How long it took.
        takes_publishable_key: Whether it answers a publishable key.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    seconds: float = 0.0
    takes_publishable_key: bool = False

    @property
    def request_id(self) -> str | None:
        """What the server calls the request."""
        return self.headers.get("x-request-id")

    @property
    def etag(self) -> str | None:
        """The revision that the answer is of, without quotes and ``W/``; None when it names none that can be sent."""
        rev = clean_rev(self.headers.get("etag", ""))
        return rev if is_sendable(rev) else None


def clean_rev(text: str) -> str:
    """Return a revision as it is sent back: without the quotes and the ``W/`` of an ETag.

    Args:
        text: The revision, or an ETag.
    """
    return text.strip().removeprefix("W/").strip('"')


def is_sendable(text: str) -> bool:
    """Return whether a revision or a key can be the value of a header."""
    return 0 < len(text) <= MAX_HEADER_LENGTH and text.isascii() and text.isprintable()


@dataclass(frozen=True, slots=True)
class Received:
    """The JSON object that a request was answered, with its revision.

    Attributes:
        body: The object.
        etag: The revision of the ``ETag`` header, without quotes; None when there is none.
    """

    body: Json
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer.

    Attributes:
        reason: Why, in words.
        may_have_arrived: Whether the request may have reached the server.
        is_retryable: Whether another try could end differently.
        seconds: How long it took to find out.
    """

    reason: str
    may_have_arrived: bool = True
    is_retryable: bool = True
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A line of the request log: nothing of the query, the bodies and the key.

    Attributes:
        method: The HTTP method.
        status: The status of the last answer; None when none came.
        ms: How long it took, all tries together, in milliseconds, without the waits between them.
        tries: How often it was sent.
        request_id: What the server calls it.
    """

    method: str
    path: str
    status: int | None
    ms: float
    tries: int
    request_id: str | None = None

    def __str__(self) -> str:
        tries_text = f", {self.tries} tries" if self.tries > 1 else ""
        return f"{self.method} {self.path} -> {self.status or 'no answer'} in {self.ms:.0f} ms{tries_text}"


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request; a ``HttpReply`` or ``Lost`` comes back."""

    request: Request


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class LogLine:
    """Write a line of the request log."""

    line: LoggedRequest


@dataclass(frozen=True, slots=True)
class Work:
    """Work something out that may take seconds for a large world; what the function returns comes back.

    It is called on another thread where others wait for this one, and so it calls nothing that a user gave.
    """

    function: Callable[[], Any]


Step = Send | Pause | LogLine | Work
Result = TypeVar("Result")
Call = Generator[Step, Any, Result]


@dataclass(frozen=True, slots=True)
class Exchange:
    """The outcome of a request.

    Attributes:
        outcome: The last answer, or that there was none.
        tries: How often it was sent.
        maybe_applied: Whether an earlier try may have reached the server without its answer reaching us.
    """

    request: Request
    outcome: HttpReply | Lost
    tries: int
    maybe_applied: bool


def send_with_retries(request: Request) -> Call[Exchange]:
    """Send a request, and again where that is safe.

    Args:
        request: The request; its idempotency key stays the same.
    """
    seconds, maybe_applied, tries = 0.0, False, 0
    while True:
        tries += 1
        outcome: HttpReply | Lost = yield Send(request)
        seconds += outcome.seconds
        pause = wait(request, outcome, tries)
        if pause is None:
            break
        maybe_applied |= isinstance(outcome, Lost) and outcome.may_have_arrived
        yield Pause(pause)
    status, request_id = (outcome.status, outcome.request_id) if isinstance(outcome, HttpReply) else (None, None)
    yield LogLine(LoggedRequest(request.method, request.path, status, seconds * 1000, tries, request_id))
    return Exchange(request, outcome, tries, maybe_applied)


def wait(request: Request, outcome: HttpReply | Lost, tries: int) -> float | None:
    """Return how many seconds to wait before sending a request again; None when it is not to be sent again.

    503 comes before any effect and 429 instead of one, so both are safe for every method. After a lost answer only a
    GET or a request with an idempotency key is.

    Args:
        request: What was sent.
        outcome: The outcome of the request.
        tries: How often it was sent.
    """
    if tries >= MAX_TRIES:
        return None
    pause = RETRY_PAUSES[tries - 1]
    if isinstance(outcome, Lost):
        return pause if outcome.is_retryable and request.repeatable else None
    if outcome.status not in (429, 503):
        return None
    seconds = retry_after(outcome.headers)
    if seconds is None:
        return pause
    return max(seconds, pause) if seconds <= MAX_RETRY_AFTER else None
