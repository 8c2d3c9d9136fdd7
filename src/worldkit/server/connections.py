"""``ConnectionPool``: limits the number of connections and the time that each may take.

uvicorn closes a connection that rests between two requests, and no other. What a buffering proxy does in front of a
server is done here as well: a head, a body and the taking of an answer each have a deadline (compare nginx's
``client_header_timeout``, ``client_body_timeout`` and ``send_timeout``).

When there is no room for another connection, the one that has waited longest has to go: for a request, or for the
answer to one whose caller is not known. Only a request of a known caller keeps its connection open.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import math
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from worldkit.server import problems
from worldkit.server.bounded_io import LATE_REQUEST_MESSAGE

if TYPE_CHECKING:
    from worldkit.server.settings import Settings

log = logging.getLogger("worldkit.server")

LINGER_S = 1.0
"""How long bytes of the client are dropped after an answer that closes the connection."""
CONNECTION_KEY = "connection"
"""The key under which the connection of a request is in its ``state``."""
RESERVED_FILES = 128
"""Files the process needs for its database, its log and what it reads, beside its connections."""


@dataclass(slots=True)
class Deadline:
    """The time that one direction of a connection may take: so many seconds, and one more for every so many bytes.

    Attributes:
        seconds: What there is from the start.
        rate: Bytes that make a second more.
        started_at: When it began; None while nothing is waited for.
        bytes: What has passed since.
    """

    seconds: float
    rate: float = math.inf
    started_at: float | None = None
    bytes: int = 0

    def begin(self, now: float) -> None:
        """Begin, unless it has begun."""
        if self.started_at is None:
            self.started_at, self.bytes = now, 0

    def end(self) -> None:
        """Wait for nothing any more."""
        self.started_at = None

    def pause(self, seconds: float) -> None:
        """Leave out a time in which the server itself took nothing."""
        if self.started_at is not None:
            self.started_at += seconds

    def is_over(self, now: float) -> bool:
        """Say whether it took too long."""
        return self.started_at is not None and now - self.started_at > self.seconds + self.bytes / self.rate


@dataclass(slots=True)
class ConnectionPool:
    """The connections of one server process; used on its event loop only.

    Attributes:
        settings: The server's.
        limit: How many there may be at once.
        open_connections: All of them.
        closable_connections: Those that may be closed for the sake of a new one, the one that has waited longest first.
        closable_by_address: The same for each address.
        by_address: How many there are of each address.
    """

    settings: Settings
    limit: int
    open_connections: set[TimedConnection] = field(default_factory=set)
    closable_connections: OrderedDict[TimedConnection, None] = field(default_factory=OrderedDict)
    closable_by_address: dict[str, OrderedDict[TimedConnection, None]] = field(default_factory=dict)
    by_address: Counter[str] = field(default_factory=Counter)
    _checked_at: float = 0.0
    _timer: asyncio.TimerHandle | None = None

    def enter(self, connection: TimedConnection) -> bool:
        """Take a new connection in, for which the one that has waited longest may have to go.

        Returns:
            Whether there is room for it.
        """
        if self.by_address[connection.address] >= self.settings.per_address:
            if not self._close_oldest(self.closable_by_address.get(connection.address)):
                return False
        elif len(self.open_connections) >= self.limit and not self._close_oldest(self.closable_connections):
            return False
        self.open_connections.add(connection)
        self.by_address[connection.address] += 1
        if self._timer is None:
            self._checked_at = connection.loop.time()
            self._timer = connection.loop.call_later(self._interval, self._check_all, connection.loop)
        return True

    def add_closable(self, connection: TimedConnection) -> None:
        """Note that a connection may be closed for the sake of another one from now on, unless it may already."""
        if connection in self.open_connections:
            self.closable_connections.setdefault(connection)
            self.closable_by_address.setdefault(connection.address, OrderedDict()).setdefault(connection)

    def remove_closable(self, connection: TimedConnection) -> None:
        """Note that a connection stays open."""
        self.closable_connections.pop(connection, None)
        same_address = self.closable_by_address.get(connection.address)
        if same_address is not None:
            same_address.pop(connection, None)
            if not same_address:
                del self.closable_by_address[connection.address]

    def leave(self, connection: TimedConnection) -> None:
        """Forget a connection that is closed."""
        self.remove_closable(connection)
        if connection in self.open_connections:
            self.open_connections.remove(connection)
            self.by_address[connection.address] -= 1
            if not self.by_address[connection.address]:
                del self.by_address[connection.address]

    def _close_oldest(self, closable: OrderedDict[TimedConnection, None] | None) -> bool:
        if not closable:
            return False
        oldest = next(iter(closable))
        oldest.abort()
        self.leave(oldest)
        return True

    @property
    def _interval(self) -> float:
        return min(1.0, self.settings.head_s / 4, self.settings.body_s / 4)

    def _check_all(self, loop: asyncio.AbstractEventLoop) -> None:
        now, last_check = loop.time(), self._checked_at
        self._checked_at = now
        try:
            for connection in list(self.open_connections):
                self._check(connection, now, now - last_check)
        finally:
            self._timer = loop.call_later(self._interval, self._check_all, loop) if self.open_connections else None

    def _check(self, connection: TimedConnection, now: float, elapsed: float) -> None:
        try:
            connection.check(now, elapsed)
        except Exception:  # whatever is wrong with one connection, the others are still watched
            log.exception("a connection was cut off: looking whether it is overdue failed")
            connection.abort()


class TimedConnection(H11Protocol):
    """uvicorn's connection, with deadlines.

    Attributes:
        pool: All connections of this process.
        address: Who is at the other end, as connections are counted.
    """

    pool: ConnectionPool
    address = ""
    _error_sent = False
    _last_request: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the first request, if there is room."""
        super().connection_made(transport)  # type: ignore[arg-type]
        settings = self.pool.settings
        self.address = counted_address(str((transport.get_extra_info("peername") or ("",))[0]))
        self.app_state = {**self.app_state, CONNECTION_KEY: self}
        self.head = Deadline(settings.head_s)
        self.read_deadline = Deadline(settings.body_s, settings.min_rate)
        self.write_deadline = Deadline(settings.body_s, settings.min_rate)
        self._unsent_bytes = 0
        if self.pool.enter(self):
            self._await_request(self.loop.time())
        else:
            self._send_error(503, "the server has no room for another connection; try again soon", linger=False)

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room."""
        self.pool.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes in."""
        if self.transport.is_closing() or self._error_sent:
            return
        if self.read_deadline.started_at is not None:
            self.read_deadline.bytes += len(data)
        try:
            super().data_received(data)
        except h11.LocalProtocolError:  # what is no HTTP came after the answer to it had begun
            self.transport.close()
        self._update_deadlines()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._update_deadlines()

    def check(self, now: float, elapsed: float) -> None:
        """Close the connection if it is overdue.

        Args:
            now: The loop's time.
            elapsed: Seconds since the last look.
        """
        if self.flow.read_paused:
            self.read_deadline.pause(elapsed)
        unsent = self.transport.get_write_buffer_size()
        if unsent:
            self.write_deadline.begin(now)
            self.write_deadline.bytes += max(0, self._unsent_bytes - unsent)
        else:
            self.write_deadline.end()
        self._unsent_bytes = unsent
        if self.write_deadline.is_over(now):
            log.info("a connection was closed: its answer was not taken")
            self.transport.abort()
        elif self.head.is_over(now) or self.read_deadline.is_over(now):
            log.info("a connection was closed: its request did not come")
            self._send_error(408, LATE_REQUEST_MESSAGE)

    def keep_open(self) -> None:
        """Keep the connection until its request is answered, because the caller is known."""
        self.pool.remove_closable(self)

    def abort(self) -> None:
        """Close the connection for the sake of another one."""
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._send_error(400, "this is no HTTP/1.1 request, or one whose end could be read in two ways")

    # ---- inside ------------------------------------------------------------------------------

    def _update_deadlines(self) -> None:
        """See what is waited for: a head, a body, or nothing of the client."""
        now = self.loop.time()
        if self.cycle is not None and not self.cycle.response_complete:
            self.head.end()
            if self.cycle is not self._last_request:
                # from now on it waits for the answer, and no longer than the others: the first that go are older
                self._last_request = self.cycle
                self.pool.remove_closable(self)
                self.pool.add_closable(self)
            if self.cycle.more_body:
                self.read_deadline.begin(now)
            else:
                self.read_deadline.end()
            return
        self.read_deadline.end()
        if self.cycle is None or self.conn.trailing_data[0]:
            self._await_request(now)
        else:
            self.head.end()  # between two requests uvicorn's own timer runs
            self.pool.add_closable(self)

    def _await_request(self, now: float) -> None:
        self.head.begin(now)
        self.pool.add_closable(self)

    def _send_error(self, status: int, detail: str, linger: bool = True) -> None:
        """Answer without the application, where no answer has begun, and close."""
        if self.transport.is_closing() or self._error_sent:
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            content = problems.text(problems.body(status, detail))
            headers = [
                ("content-type", problems.MEDIA_TYPE),
                ("content-length", str(len(content))),
                ("cache-control", "no-store"),
                ("connection", "close"),
            ]
            # an answer to HEAD has no body; before a whole head has come, the method is not known
            is_head = self.conn.our_state is h11.SEND_RESPONSE and self.scope["method"] == "HEAD"
            events: list[Any] = [
                h11.Response(status_code=status, headers=headers, reason=HTTPStatus(status).phrase.encode()),
                h11.Data(data=b"" if is_head else content),
                h11.EndOfMessage(),
            ]
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        self._error_sent = True
        if linger and self.transport.can_write_eof():
            # closed at once, with bytes of the client on their way, the answer might be lost
            self.transport.write_eof()
            self.loop.call_later(LINGER_S, self.transport.close)
        else:
            self.transport.close()


def counted_address(address: str) -> str:
    """Return what connections of an address are counted as: an IPv6 network of 64 bits is one customer's.

    Args:
        address: An IP address, or what else the other end is known by.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return address
    return str(ip.ipv4_mapped or ipaddress.IPv6Network((int(ip), 64), strict=False))


def connection_class(settings: Settings) -> type[TimedConnection]:
    """Return the kind of connection that a server of some settings has."""
    pool = ConnectionPool(settings, connection_limit(settings.connections))
    return type("BoundConnection", (TimedConnection,), {"pool": pool})


def connection_limit(requested_limit: int) -> int:
    """Return how many connections there can be, given how many files the system lets this process open."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return requested_limit
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return requested_limit if soft == resource.RLIM_INFINITY else min(requested_limit, max(8, soft - RESERVED_FILES))
