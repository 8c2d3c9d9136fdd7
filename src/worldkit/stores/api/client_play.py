"""The calls of ``Client`` for playing and seeing: sessions, frames, usage."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from worldkit.stores.api.account_results import Connection
from worldkit.stores.api.client_runner import ClientRunner
from worldkit.stores.api.results import Hotspot, Perceived, SeedFrame, SessionToken, Usage
from worldkit.stores.api.secret import Secret


class ClientPlay(ClientRunner):
    """The calls for playing and seeing."""

    def session_token(
        self, id: str, *, player: str | None = None, origin: str | None = None, seconds: int | None = None
    ) -> SessionToken:
        """Create a short-lived token with which a page may play one world. It is metered.

        Args:
            id: The world's id.
            player: Who plays, in your own words.
            origin: The only origin it may be embedded in, such as ``"https://example.org"``.
            seconds: How long it is valid; by default the server decides.

        Example:
            >>> stored = api.create(world)
            >>> session = api.session_token(stored.id, player="Ada", seconds=60)
            >>> session.expires_in, session.world_id == stored.id
            (60.0, True)
        """
        return self._run(self._calls.session_token(id, player, origin, seconds))

    def connect(
        self, token: str, *, seconds: float | None = None, waiting: Callable[[int, int], None] | None = None
    ) -> Connection:
        """Open a play session with a session token, after waiting in line where that is needed.

        Args:
            token: The session token.
            seconds: How long to wait in line at the most; None waits until a slot is free.
            waiting: Called with the place in the waiting line and its length, whenever they are known.

        Raises:
            QuotaExceeded: The app has no session left.

        Example:
            >>> stored = api.create(world)
            >>> session = api.session_token(stored.id)
            >>> api.connect(session.token).world.start
            'lane'
        """
        return self._run(self._calls.connect(Secret(token), seconds, waiting or (lambda position, depth: None)))

    def refresh(self, token: str) -> Connection:
        """Renew the stream of an open play session.

        Args:
            token: The session token.

        Example:
            >>> stored = api.create(world)
            >>> session = api.session_token(stored.id)
            >>> connection = api.connect(session.token)
            >>> connection = api.refresh(session.token)
            >>> connection.expires_in > 200
            True
        """
        return self._run(self._calls.refresh(Secret(token)))

    def track(self, token: str, reactor_session: str) -> None:
        """Tell the server which stream a play session uses.

        Args:
            token: The session token.
            reactor_session: The id of the stream.

        Example:
            >>> stored = api.create(world)
            >>> session = api.session_token(stored.id)
            >>> connection = api.connect(session.token)
            >>> api.track(session.token, "stream-1")
        """
        self._run(self._calls.track(Secret(token), reactor_session))

    def end(self, token: str) -> int:
        """End a play session, and return its length in seconds.

        Args:
            token: The session token.

        Example:
            >>> stored = api.create(world)
            >>> session = api.session_token(stored.id)
            >>> connection = api.connect(session.token)
            >>> seconds = api.end(session.token)
            >>> seconds < 60
            True
        """
        return self._run(self._calls.end(Secret(token)))

    def perceive(
        self,
        frame: str | os.PathLike[str] | bytes,
        *,
        room_name: str | None = None,
        room_description: str | None = None,
    ) -> Perceived:
        """Return what the server's vision model sees in a frame.

        Args:
            frame: A picture: a path, bytes, base64 or a ``data:`` URL.
            room_name: What the place is called.
            room_description: What is known of it.

        Example:
            >>> seen = api.perceive("lane.png", room_name="the lane")
            >>> seen.summary, seen.visible
            ('the lane', ('a door',))
        """
        return self._run(self._calls.perceive(frame, room_name, room_description))

    def ground(self, frame: str | os.PathLike[str] | bytes, labels: Sequence[str]) -> tuple[Hotspot, ...]:
        """Return where the server's vision model sees things in a frame.

        Args:
            frame: A picture: a path, bytes, base64 or a ``data:`` URL.
            labels: The things.

        Example:
            >>> [spot] = api.ground("lane.png", ["bench"])
            >>> spot.label, spot.bbox
            ('bench', (0.0, 0.0, 1.0, 1.0))
        """
        return self._run(self._calls.ground(frame, labels))

    def seed_frame(
        self, prompt: str, *, pov: str | None = None, mood: str | None = None, style: str | None = None
    ) -> SeedFrame:
        """Generate a first picture.

        Args:
            prompt: What is to be seen.
            pov: Whose eyes it is seen through.
            mood: Its mood.
            style: Its style.

        Example:
            >>> api.seed_frame("A lane in the fog", mood="quiet").mime_type
            'image/png'
        """
        return self._run(self._calls.seed_frame(prompt, pov, mood, style))

    def usage(self) -> Usage:
        """Return how much of the day's quota is used."""
        return self._run(self._calls.usage())
