"""The doors that JSON from strangers comes through, and what must hold at each whatever comes.

A target begins a block of inputs with a fresh thing to feed, so that an input can be repeated from its block's start.
Each ``feed`` raises when its claim does not hold; what is refused in the documented way is no failure.
"""

from __future__ import annotations

import asyncio
import copy
import json
import tempfile
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import worldkit as wk
from tests.fuzz import corpus
from tests.fuzz.mutate import HOSTILE, mutate, text_of
from tests.server.running import Scripted, Seer, quick
from worldkit import WorldError
from worldkit.core.json_values import json_equal

Json = dict[str, Any]
MAX_REFUSAL_LENGTH = 100_000
"""In characters; a refusal does not grow with what is refused."""


class Broken(AssertionError):
    """A claim does not hold."""


def check_refusal(error: WorldError) -> str:
    """Return what a refusal says, which can be written anywhere and is of bounded length."""
    message = str(error)
    message.encode()
    if len(message) > MAX_REFUSAL_LENGTH:
        raise Broken(f"a refusal of {len(message):,} characters")
    return "refused"


class Target:
    """One door."""

    name = ""

    def begin(self, rng: Random) -> None:
        """Begin a block."""

    def feed(self, rng: Random) -> str:
        """Feed one input, and return what became of it: ``"taken"`` or ``"refused"``."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of what was opened."""


def _document(rng: Random, most: int = 3) -> Any:
    if rng.random() < 0.03:
        return copy.deepcopy(rng.choice(HOSTILE))
    return mutate(rng, rng.choice(corpus.documents()), corpus.documents(), most)


class Load(Target):
    """A value or a text is a world that is written as it was read, or it is refused."""

    name = "load"

    def feed(self, rng: Random) -> str:
        value = _document(rng)
        source = text_of(rng, value) if rng.random() < 0.5 else value
        if isinstance(source, str) and source.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
            source = "[" + source  # anything else is taken for a path
        try:
            worlds = wk.load_all(source)
        except WorldError as error:
            return check_refusal(error)
        for world in worlds:
            if wk.load(world.to_json()) != world:
                raise Broken("a world that is not read as it was written")
            if rng.random() < 0.05:
                world.lint()
        return "taken"


class Apply(Target):
    """A batch gives a world that loads, or is refused and changes nothing."""

    name = "apply"

    def begin(self, rng: Random) -> None:
        self.world = rng.choice(corpus.worlds() + 4 * corpus.worlds()[:1])
        self.before = self.world.to_dict()

    def feed(self, rng: Random) -> str:
        batch = corpus.ops(rng)
        if rng.random() < 0.7:
            batch = mutate(rng, batch, corpus.documents(), most=rng.choice((1, 1, 3)))
        strict = rng.random() < 0.05
        try:
            world = self.world.apply(batch, strict=strict)
        except WorldError as error:
            return check_refusal(error)
        finally:
            if rng.random() < 0.05 and not json_equal(self.world.to_dict(), self.before):
                raise Broken("the world was changed")
        if wk.load(world.to_json()) != world:
            raise Broken("an edited world that is not read as it was written")
        return "taken"


class Merge(Target):
    """Two worlds that were made of one merge, whatever is in them."""

    name = "merge"

    def feed(self, rng: Random) -> str:
        base = rng.choice(corpus.worlds() + 4 * corpus.worlds()[:1])
        try:
            ours, theirs = (self._side(rng, base) for _ in range(2))
            merge = wk.merge(base, ours, theirs)
            merge.to_dict() if hasattr(merge, "to_dict") else merge.conflicts
        except WorldError as error:
            return check_refusal(error)
        return "taken"

    def _side(self, rng: Random, base: wk.World) -> wk.World:
        if rng.random() < 0.5:
            return wk.load(mutate(rng, base.to_dict(), corpus.documents(), rng.choice((1, 1, 1, 3))))
        for _ in range(5):
            with suppress(WorldError):
                return base.apply(corpus.ops(rng)[:1])
        return base.apply(mutate(rng, corpus.ops(rng), most=1))


class Replay(Target):
    """A trace replays, or is refused with the step that no longer holds."""

    name = "replay"

    def begin(self, rng: Random) -> None:
        self.world = corpus.worlds()[0]

    def feed(self, rng: Random) -> str:
        trace = mutate(rng, rng.choice(corpus.traces()), corpus.traces())
        source = trace
        if rng.random() < 0.4:
            source = text_of(rng, trace)
            source = source.decode("utf-8", "surrogateescape") if isinstance(source, bytes) else source
        try:
            session = wk.replay(self.world, source)
        except WorldError as error:
            return check_refusal(error)
        again = wk.replay(self.world, session.trace)
        if again.position != session.position or again.clock != session.clock:
            raise Broken("a run that does not replay as it was recorded")
        return "taken"


class Observe(Target):
    """A sample of the picture, or a position to begin in, is taken, or refused and changes nothing."""

    name = "observe"

    def begin(self, rng: Random) -> None:
        self.session = wk.Session(corpus.worlds()[0], mode=rng.choice(("instant", "real-time")))

    def feed(self, rng: Random) -> str:
        before = self.session.trace.to_dict() if rng.random() < 0.1 else None
        try:
            if rng.random() < 0.2:
                position = {"state": "gate", "flags": ["key"], "used": ["take_key"]}
                self.session.begin(mutate(rng, position))
            else:
                self.session.observe(mutate(rng, rng.choice(corpus.SAMPLES), corpus.SAMPLES))
        except WorldError as error:
            if before is not None and self.session.trace.to_dict() != before:
                raise Broken("a refusal changed the session") from error
            return check_refusal(error)
        self.session.wait(50)
        if rng.random() < 0.02:
            self.session.restart()
        return "taken"


class Widgets(Target):
    """A message of a view gets one reply, that is never ``internal``, and one that is refused changes nothing."""

    name = "widgets"

    def begin(self, rng: Random) -> None:
        world = corpus.worlds()[0]
        kind = rng.choice(("editor", "editor", "player", "player", "report", "compare", "merge"))
        self.sent: list[Json] = []
        self.message = corpus.compare_message
        self.state: Callable[[], Any] = lambda: None
        widget: Any
        if kind == "editor":
            widget, self.message = wk.edit(world), corpus.editor_message
            self.state = lambda: (widget.world.rev, widget.world.to_dict(), dict(widget.layout))
        elif kind == "player":
            widget, self.message = wk.play(world, mode=rng.choice(("instant", "real-time"))), corpus.player_message
            self.state = lambda: widget.session.trace.to_dict()
        elif kind == "report":
            from worldkit.widgets.report import ExplorationReport

            widget, self.message = ExplorationReport(wk.explore(world)), corpus.player_message
            self.state = lambda: widget.session.trace.to_dict()
        elif kind == "compare":
            widget = wk.compare(world, world.apply([{"op": "rename_state", "from": "gate", "to": "door"}]))
        else:
            sides = [
                world.apply([{"op": "set_field", "state": "gate", "field": "base", "value": v}]) for v in ("A.", "B.")
            ]
            widget = wk.compare(world, *sides)
        widget.send = lambda content, buffers=None: self.sent.append(content)
        self.widget = widget

    def feed(self, rng: Random) -> str:
        message = self.message(rng)
        if message.get("base") == "0" and rng.random() < 0.8:
            message["base"] = self.widget.world.rev
        if rng.random() < 0.8:
            message = mutate(rng, message, (corpus.HOUSE, *corpus.SAMPLES, *corpus.traces()))
        looks = rng.random() < 0.05
        before = json.dumps(self.state()) if looks else None
        self.sent.clear()
        self.widget._receive(self.widget, message)
        replies = [one for one in self.sent if one["type"] not in ("changed", "now")]
        if len(replies) != 1:
            raise Broken(f"{len(replies)} replies")
        json.dumps(self.sent, allow_nan=False, ensure_ascii=False).encode()
        [reply] = replies
        if reply["type"] != "rejected":
            return "taken"
        if reply["code"] == "internal":
            raise Broken("an internal failure")
        if len(reply["message"]) > MAX_REFUSAL_LENGTH:
            raise Broken("an endless refusal")
        if looks and json.dumps(self.state()) != before:
            raise Broken("a refusal changed the state")
        return "refused"


SESSION_CALLS = {f"/v1/sessions/{call}" for call in ("connect", "refresh", "track", "end")}


class Server(Target):
    """A request is answered with success or a 4xx, whatever its body; through the real application, in process."""

    name = "server"

    def __init__(self) -> None:
        from worldkit.server.app import create

        self._folder = tempfile.TemporaryDirectory()
        settings = quick(
            Path(self._folder.name) / "worlds.db",
            generator=Scripted(),
            vision=Seer(),
            caps=dict.fromkeys(("generation", "edit", "session", "session_seconds"), 10**9),
        )
        self._app = create(settings)
        self._house = self._app.state.services
        # in a thread of its own: a browser that is open for other tests keeps a loop running in this one
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._life = self._app.router.lifespan_context(self._app)
        self._run(self._life.__aenter__())
        self._key = self._house.apps.create("fuzz", "test").secret

    def close(self) -> None:
        self._run(self._life.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._folder.cleanup()

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def begin(self, rng: Random) -> None:
        self._id = self._json("POST", "/v1/worlds", {"world": corpus.HOUSE})["worldId"]
        self._version = self._json("POST", f"/v1/worlds/{self._id}/versions", {})["versionId"]
        self._token = self._json("POST", "/v1/sessions/token", {"worldId": self._id})["token"]
        self._run_token = self._json("POST", "/v1/sessions/connect", {})["reactorJwt"]

    def feed(self, rng: Random) -> str:
        method, path, body = corpus.request(rng, self._id, self._version)
        if rng.random() < 0.85:
            body = mutate(rng, body, corpus.documents())
        text = json.dumps(body) if rng.random() < 0.8 else text_of(rng, body)
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        status, answer = self.ask(method, path, data)
        if status >= 500:
            raise Broken(f"{method} {path.split('?')[0].replace(self._id, '{id}')}: {status} {answer[:300]!r}")
        if len(answer) > MAX_REFUSAL_LENGTH + 20 * len(data) + 100_000:
            raise Broken(f"an answer of {len(answer):,} bytes to a body of {len(data):,}")
        return "taken" if status < 300 else "refused"

    def ask(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Return the status and the body of an answer."""
        path, _, query = path.partition("?")
        key = self._run_token if path.startswith("/embed") else self._token if path in SESSION_CALLS else self._key
        origin = b"http://localhost" if path.startswith("/embed") else b""
        headers = [
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"authorization", f"Bearer {key}".encode()),
        ]
        headers += [(b"content-length", str(len(body)).encode())]
        headers += [(b"origin", origin), (b"sec-fetch-site", b"same-origin")] if origin else []
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
            "root_path": "",
        }
        messages: list[Any] = []
        events = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return events.pop() if events else await asyncio.Event().wait()

        async def send(message: Any) -> None:
            messages.append(message)

        self._run(self._app(scope, receive, send))
        return messages[0]["status"], b"".join(message.get("body", b"") for message in messages[1:])

    def _json(self, method: str, path: str, body: Any) -> Json:
        status, answer = self.ask(method, path, json.dumps(body).encode())
        if status >= 300:
            raise Broken(f"{method} {path}: {status} {answer[:300]!r}")
        value: Json = json.loads(answer)
        return value


TARGETS: tuple[type[Target], ...] = (Load, Apply, Merge, Replay, Observe, Widgets, Server)
