"""``Settings``: the configuration of a server."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.server.generator import ModelGenerator
from worldkit.server.origins import checked
from worldkit.server.vision import Vision

SCOPES = ("worlds:read", "worlds:write", "sessions:mint")
MODES = ("test", "live")
USAGE_KINDS = ("generation", "session", "edit", "session_seconds")
"""Usage units of a day: worlds generated, tokens minted, instructions executed, seconds of connected players."""

COUNTS = (
    "burst",
    "threads",
    "max_body",
    "max_public_body",
    "max_message",
    "max_answer",
    "keep_answers_days",
    "per_caller",
    "app_share",
    "connections",
    "per_address",
    "min_rate",
    "sessions",
    "versions",
)
DURATIONS = ("work_ms", "work_s", "player_work_s", "head_s", "body_s", "token_body_s", "idle_s")

BYTES = "bytes"
"""Storage, which is metered as a total and not by the day."""

CAPS = {"generation": 1_000, "session": 10_000, "edit": 1_000, "session_seconds": 10_000_000, BYTES: 1_000_000_000}

MAX_CAP = 2**63 - 1
"""The largest number that a database counts to."""


LIMITS = (*COUNTS, *DURATIONS, "waiting", "waiting_for_jobs", "session_line")
"""Settings that limit what clients can use; ``worldkit serve --limit`` sets them."""


def limits(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Parse limits given as text into keyword arguments of ``Settings``.

    Args:
        items: Pairs of a name and a number as text.

    Raises:
        WorldError: A limit is unknown or not a number.
    """
    values: dict[str, Any] = {}
    for name, text in items:
        if name not in LIMITS:
            raise WorldError(f"there is no limit {name!r}; there are {', '.join(sorted(LIMITS))}")
        try:
            values[name] = float(text) if name in DURATIONS else int(text)
        except ValueError:
            raise WorldError(f"the limit {name} is a number, got {text!r}") from None
    return values


def caps(items: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Parse caps given as text.

    Args:
        items: Pairs of a kind and a number as text.

    Raises:
        WorldError: A cap is not a whole number.
    """
    values: dict[str, int] = {}
    for kind, text in items:
        try:
            values[kind] = int(text)
        except ValueError:
            raise WorldError(f"a cap of {kind} is a whole number, got {text!r}") from None
    return values


def check_caps(caps: Mapping[str, int]) -> None:
    """Refuse caps of kinds that are not counted, and caps that cannot be counted to.

    Args:
        caps: Caps by kind.

    Raises:
        WorldError: There is no such kind, or a cap is not a whole number from 0 to ``MAX_CAP``.
    """
    for kind, cap in caps.items():
        if kind not in CAPS:
            raise WorldError(f"there is no kind {kind!r} of usage; there are {', '.join(CAPS)}")
        if isinstance(cap, bool) or not isinstance(cap, int) or not 0 <= cap <= MAX_CAP:
            raise WorldError(f"a cap of {kind} is a whole number from 0 to {MAX_CAP}, got {cap!r}")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server runs.

    Attributes:
        database: A path or a PostgreSQL URL, as for ``worldkit.Store``.
        generator: Generates worlds and executes instructions; None answers 503 to both.
        vision: Describes and draws frames; None answers 503.
        caps: How much of each kind an app may use a day in each mode, and how many ``bytes`` may be kept for it in each
            mode, unless the app has caps of its own.
        rate: Requests a second that a key may make in the long run; 0 sets no limit.
        burst: Requests a key may make at once.
        threads: Requests processed at the same time in this process; the others wait. A thread uses at most one of
            the store's 15 connections.
        workers: Jobs run at the same time in this process; 0 leaves them to other processes.
        lease_s: Seconds without a heartbeat after which another process takes over a job.
        wait_s: Seconds that a synchronous call waits for its job; then it answers as an asynchronous one does.
        poll_s: Seconds between two polls for jobs that other processes queued.
        max_body: Largest request body of a secret key, in bytes.
        max_public_body: Largest request body of a publishable key, in bytes.
        max_message: Largest message of an embedded player, in bytes.
        max_answer: Largest answer, in bytes; a larger one is refused, and the write it belongs to rolled back.
        work_ms: Milliseconds of processor time that one request of ``rate`` stands for; what takes longer counts as
            more requests.
        work_s: Seconds of processor time that a request may take; then it is stopped, and 422.
        player_work_s: The same for a message of an embedded player.
        per_caller: Requests of one key or token processed at once; the others wait.
        app_share: How much an app may use in each mode, however many keys and tokens it has: as many times
            ``per_caller`` requests are worked on at once, and all its secret keys together may make as many times
            ``rate`` requests, and so may all its publishable keys and tokens together.
        waiting: Requests of one key or token that may wait at once; one more is answered with 429.
        waiting_for_jobs: Calls of one app and mode that may wait for their jobs at once; one more is answered as an
            asynchronous call is.
        connections: Connections open at once, fewer where the system allows fewer files; for one more the one that
            has waited longest for a request is closed, or for the answer to one without a valid credential.
        per_address: Connections of one address open at once, of IPv6 of one network of 64 bits.
        head_s: Seconds within which the head of a request has to arrive.
        body_s: Seconds allowed for receiving a body or sending an answer, plus one for every ``min_rate`` bytes.
        token_body_s: Seconds within which a body has to arrive that is read for the session token in it.
        idle_s: Seconds after which a connection without a request is closed.
        min_rate: Bytes a second below which a connection is too slow, in either direction.
        hosts: Names this server answers to, besides localhost, the address it is reached at and ``public_url``'s;
            ``("*",)`` for any.
        keep_answers_days: Days for which the answer to an idempotency key is kept, and a job that has ended.
        origins: Origins whose pages may call /v1 from a browser, with a publishable key, such as
            ``https://game.example``.
        public_url: The address the player page is reached under, when a proxy hides it.
        sessions: Players of one app and mode that may be connected at once; others wait in line.
        versions: Versions that a world may have.
        admin_token: The user session: what manages apps, keys and webhooks over HTTP; None for nobody.
        webhooks_private: Whether webhooks, and the pictures of ``fetch_frames``, may be in private networks, and at
            ``http`` on this machine; for trying them out.
        fetch_frames: Whether a world may be made from a picture at a public address, which the server fetches.
        webhook_retry_s: After how many seconds a delivery that did not arrive is tried again, one number for each try.
        session_line: Players of one app and mode that may wait in line; one more is answered with 429.
    """

    database: str = field(default="worlds.db", repr=False)
    generator: ModelGenerator | None = field(default_factory=lambda: ModelGenerator("templates"))
    vision: Vision | None = None
    caps: Mapping[str, int] = field(default_factory=lambda: dict(CAPS))
    rate: float = 50.0
    burst: int = 200
    threads: int = 12
    workers: int = 1
    lease_s: float = 30.0
    wait_s: float = 600.0
    poll_s: float = 0.5
    max_body: int = 8_000_000
    max_public_body: int = 64_000
    max_message: int = 1_000_000
    max_answer: int = 32_000_000
    work_ms: float = 10.0
    work_s: float = 10.0
    player_work_s: float = 2.0
    per_caller: int = 4
    app_share: int = 2
    waiting: int = 512
    waiting_for_jobs: int = 50
    connections: int = 1_000
    per_address: int = 500
    head_s: float = 15.0
    body_s: float = 20.0
    token_body_s: float = 3.0
    idle_s: float = 75.0
    min_rate: int = 10_000
    hosts: tuple[str, ...] = ()
    keep_answers_days: int = 30
    origins: tuple[str, ...] = ()
    public_url: str | None = None
    sessions: int = 1_000
    versions: int = 10_000
    session_line: int = 1_000
    admin_token: str | None = field(default=None, repr=False)
    webhooks_private: bool = False
    fetch_frames: bool = False
    webhook_retry_s: tuple[float, ...] = (5, 30, 120, 600, 3600)

    def __post_init__(self) -> None:
        check_caps(self.caps)
        for name in ("rate", "lease_s", "wait_s", "poll_s", "waiting", "waiting_for_jobs", "session_line"):
            if not 0 <= getattr(self, name) < math.inf:  # nor is it NaN
                raise WorldError(f"{name} is a finite number of at least 0, got {getattr(self, name)}")
        for name in COUNTS:
            if not getattr(self, name) >= 1:
                raise WorldError(f"{name} is at least 1, got {getattr(self, name)}")
        for name in DURATIONS:
            if not 0 < getattr(self, name) < math.inf:
                raise WorldError(f"{name} is a finite number of more than 0, got {getattr(self, name)}")
        object.__setattr__(self, "origins", tuple(checked(origin, is_http_taken=True) for origin in self.origins))


def space_of(app: str, mode: str) -> str:
    """Return the store's space that holds an app's worlds of a mode."""
    return f"app:{app}:{mode}"
