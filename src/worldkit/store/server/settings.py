"""``Settings``: everything that can be chosen about a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from worldkit.errors import WorldError
from worldkit.store.server.generator import Generator, Model
from worldkit.store.server.vision import Vision

SCOPES = ("worlds:read", "worlds:write", "sessions:mint")
MODES = ("test", "live")
KINDS = ("generations", "edits", "sessions")
"""What is metered: worlds generated, instructions carried out, session tokens minted."""

CAPS = {"generations": 1_000, "edits": 1_000, "sessions": 10_000}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server runs.

    Attributes:
        database: A path or a PostgreSQL URL, as for ``worldkit.Store``.
        generator: What makes worlds and carries out instructions; None answers 503 to both.
        vision: What looks at frames and draws them; None answers 503.
        caps: How much of each kind an app may use a day in each mode, unless the app has caps of its own.
        rate: Requests a second that a key may make in the long run; 0 sets no limit.
        burst: Requests a key may make at once.
        threads: Requests worked on at the same time in this process; the others wait. A thread holds one of the
            store's 15 connections at the most.
        workers: Jobs run at the same time in this process; 0 leaves them to other processes.
        lease_s: Seconds after which a job whose process no longer says that it lives is taken up again.
        wait_s: Seconds that a call which waits for its job waits; then it answers as an async one does.
        poll_s: Seconds between two looks for jobs that other processes put into the queue.
        max_body: Largest request body, in bytes.
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
    keep_answers_days: int = 30
    origins: tuple[str, ...] = ()
    public_url: str | None = None

    def __post_init__(self) -> None:
        unknown = self.caps.keys() - set(KINDS)
        if unknown:
            raise WorldError(f"caps: there is no {sorted(unknown)[0]!r}; there are {', '.join(KINDS)}")
        for name in ("rate", "lease_s", "wait_s", "poll_s"):
            if getattr(self, name) < 0:
                raise WorldError(f"{name} is at least 0, got {getattr(self, name)}")
        for name in ("burst", "threads", "max_body", "keep_answers_days"):
            if getattr(self, name) < 1:
                raise WorldError(f"{name} is at least 1, got {getattr(self, name)}")
