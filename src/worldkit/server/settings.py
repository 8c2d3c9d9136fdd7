"""``Settings``: everything that can be chosen about a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.server.generator import Generator, Model
from worldkit.server.vision import Vision

SCOPES = ("worlds:read", "worlds:write", "sessions:mint")
MODES = ("test", "live")
KINDS = ("generations", "edits", "sessions")
"""What is metered: worlds generated, instructions carried out, session tokens minted."""

COUNTS = (
    "burst",
    "threads",
    "max_body",
    "max_public_body",
    "max_message",
    "max_answer",
    "keep_answers_days",
    "per_caller",
    "connections",
    "per_address",
    "min_rate",
)
DURATIONS = ("work_ms", "work_s", "player_work_s", "head_s", "body_s", "idle_s")

BYTES = "bytes"
"""What is metered and not counted by the day: how much is kept."""

CAPS = {"generations": 1_000, "edits": 1_000, "sessions": 10_000, BYTES: 1_000_000_000}


LIMITS = (*COUNTS, *DURATIONS, "waiting")
"""Settings that bound what others may cost; ``worldkit serve --limit`` takes them."""


def limits(given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return limits that were written as text, as ``Settings`` takes them.

    Args:
        given: Names and numbers.

    Raises:
        WorldError: There is no such limit, or it is no number.
    """
    made: dict[str, Any] = {}
    for name, text in given:
        if name not in LIMITS:
            raise WorldError(f"there is no limit {name!r}; there are {', '.join(sorted(LIMITS))}")
        try:
            made[name] = float(text) if name in DURATIONS else int(text)
        except ValueError:
            raise WorldError(f"the limit {name} is a number, got {text!r}") from None
    return made


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server runs.

    Attributes:
        database: A path or a PostgreSQL URL, as for ``worldkit.Store``.
        generator: What makes worlds and carries out instructions; None answers 503 to both.
        vision: What looks at frames and draws them; None answers 503.
        caps: How much of each kind an app may use a day in each mode, and how many ``bytes`` may be kept for it in each
            mode, unless the app has caps of its own.
        rate: Requests a second that a key may make in the long run; 0 sets no limit.
        burst: Requests a key may make at once.
        threads: Requests worked on at the same time in this process; the others wait. A thread holds one of the
            store's 15 connections at the most.
        workers: Jobs run at the same time in this process; 0 leaves them to other processes.
        lease_s: Seconds after which a job whose process no longer says that it lives is taken up again.
        wait_s: Seconds that a call which waits for its job waits; then it answers as an async one does.
        poll_s: Seconds between two looks for jobs that other processes put into the queue.
        max_body: Largest request body of a secret key, in bytes.
        max_public_body: Largest request body of a publishable key, in bytes.
        max_message: Largest message of an embedded player, in bytes.
        max_answer: Largest answer, in bytes; what is larger is refused in words, and a write that would be undone.
        work_ms: Milliseconds of processor time that one request of ``rate`` stands for; what takes longer counts as
            more requests.
        work_s: Seconds of processor time that a request may take; then it is stopped, and 422.
        player_work_s: The same for a message of an embedded player.
        per_caller: Requests of one key or token in hand at once; its others wait.
        waiting: Requests of one key or token that wait at once; one more is 429.
        connections: Connections open at once, fewer where the system allows fewer files; for one more the one that
            has waited longest for a request is closed.
        per_address: Connections of one address open at once.
        head_s: Seconds within which the head of a request has to come.
        body_s: Seconds that a body may take, and an answer to be taken, besides one for every ``min_rate`` bytes.
        idle_s: Seconds after which a connection without a request is closed.
        min_rate: Bytes a second below which a connection is too slow, in either direction.
        hosts: Names this server answers to, besides localhost, the address it is reached at and ``public_url``'s;
            ``("*",)`` for any.
        keep_answers_days: Days for which the answer to an idempotency key is kept, and a job that has ended.
        origins: Origins whose pages may call /v1 from a browser, with a publishable key.
        public_url: The address the player page is reached under, when a proxy hides it.
    """

    database: str = field(default="worlds.db", repr=False)
    generator: Generator | None = field(default_factory=lambda: Model("templates"))
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
    waiting: int = 512
    connections: int = 1_000
    per_address: int = 500
    head_s: float = 15.0
    body_s: float = 20.0
    idle_s: float = 75.0
    min_rate: int = 10_000
    hosts: tuple[str, ...] = ()
    keep_answers_days: int = 30
    origins: tuple[str, ...] = ()
    public_url: str | None = None

    def __post_init__(self) -> None:
        unknown = self.caps.keys() - CAPS.keys()
        if unknown:
            raise WorldError(f"caps: there is no {sorted(unknown)[0]!r}; there are {', '.join(CAPS)}")
        for name in ("rate", "lease_s", "wait_s", "poll_s", "waiting"):
            if getattr(self, name) < 0:
                raise WorldError(f"{name} is at least 0, got {getattr(self, name)}")
        for name in COUNTS:
            if getattr(self, name) < 1:
                raise WorldError(f"{name} is at least 1, got {getattr(self, name)}")
        for name in DURATIONS:
            if getattr(self, name) <= 0:
                raise WorldError(f"{name} is more than 0, got {getattr(self, name)}")
