"""A server over real sockets that speaks OpenAI's protocol for images, or misspeaks it as a test says.

Its pictures are computed from the prompt, so that other words give another picture.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

EXAMPLE_ADDRESS = "http://127.0.0.1:8766"
"""Where the examples find a server; the tests start one elsewhere."""


@dataclass(frozen=True)
class Order:
    """A request.

    Attributes:
        path: Its path.
        fields: Its fields.
        source: The picture that came along, of an edit.
        key: Its ``Authorization`` header.
    """

    path: str
    fields: dict[str, Any]
    source: bytes | None
    key: str | None


@dataclass(frozen=True)
class Answer:
    """What the server says: a status, a body, more headers."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[Order, int], "Answer | Iterator[bytes] | None"]
"""Gets a request and its number; returns the answer, bytes to send as they are, or None to paint."""


class ImagesServer:
    """The server.

    Attributes:
        url: Its base.
        orders: The requests it got.
        fetches: The path and the ``Authorization`` header of each file that was fetched.
    """

    def __init__(self, script: Script) -> None:
        self.orders: list[Order] = []
        self.fetches: list[tuple[str, str | None]] = []
        lock, server = threading.Lock(), self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                order = read_order(self)
                with lock:
                    server.orders.append(order)
                    number = len(server.orders)
                answer = script(order, number)
                if isinstance(answer, Iterator):
                    for part in answer:
                        self.wfile.write(part)
                        self.wfile.flush()
                    return
                self._send(answer or picture_answer(order))

            def do_GET(self) -> None:
                server.fetches.append((self.path, self.headers.get("authorization")))
                self._send(Answer(200, picture("a file", (64, 64)), {"Content-Type": "image/png"}))

            def _send(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: Any) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:  # a client that hung up is what some tests are about
                pass

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._http.server_port}"
        self.url = f"{self.origin}/v1"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        """Stop it."""
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def serving(script: Script = lambda order, number: None) -> Iterator[ImagesServer]:
    """Run a server while a block runs."""
    server = ImagesServer(script)
    try:
        yield server
    finally:
        server.close()


def read_order(handler: BaseHTTPRequestHandler) -> Order:
    """Read a request, as JSON or as a form with a file."""
    body = handler.rfile.read(int(handler.headers["content-length"]))
    kind, key = handler.headers["content-type"], handler.headers.get("authorization")
    if kind.startswith("application/json"):
        return Order(handler.path, json.loads(body), None, key)
    boundary = kind.partition("boundary=")[2].encode()
    fields, source = {}, None
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, data = part.strip(b"\r\n").partition(b"\r\n\r\n")
        match = re.search(rb'name="(\w+)"', head)
        assert match
        if b"filename=" in head:
            source = data
        else:
            fields[match[1].decode()] = data.decode()
    return Order(handler.path, fields, source, key)


def picture_answer(order: Order) -> Answer:
    """Return the picture of an order."""
    width, height = map(int, order.fields["size"].split("x"))
    return data_answer(picture(order.fields["prompt"], (width, height)))


def data_answer(data: bytes) -> Answer:
    """Return an answer with some bytes as its picture."""
    body = json.dumps({"created": 0, "data": [{"b64_json": base64.b64encode(data).decode()}]}).encode()
    return Answer(200, body, {"Content-Type": "application/json"})


def error(status: int, message: str, **headers: str) -> Answer:
    """Return a refusal."""
    return Answer(status, json.dumps({"error": {"message": message}}).encode(), headers)


def picture(prompt: str, size: tuple[int, int]) -> bytes:
    """Return a PNG with two colours that the prompt decides, one fading into the other."""
    from PIL import Image

    digest = hashlib.sha256(prompt.encode()).digest()
    fade = Image.linear_gradient("L").resize(size)
    image = Image.composite(Image.new("RGB", size, tuple(digest[:3])), Image.new("RGB", size, tuple(digest[3:6])), fade)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
