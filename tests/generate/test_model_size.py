"""How large the model of a server on this machine is, whatever the server answers."""

from __future__ import annotations

import gzip
import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from worldkit.generation.engines import llama_server
from worldkit.model_access.endpoint import endpoint

MODELS = json.dumps({"data": [{"id": "parrot", "meta": {"n_params": 268_098_176}}]}).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
PACKED = HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(MODELS, mtime=0)


def size_from(parts: Iterator[bytes]) -> int | None:
    """Return the size that is read from a server which sends these parts, one after the other."""
    with server_of(parts) as url:
        return llama_server.parameter_count(endpoint(f"{url}#parrot"))


@contextmanager
def server_of(parts: Iterator[bytes]) -> Iterator[str]:
    closed = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.close_connection = True
            for part in parts:
                self.wfile.write(part)
                self.wfile.flush()
                if closed.wait(0.02):
                    return

        def log_message(self, *_: object) -> None:
            pass

    class QuietServer(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:  # a client that hung up is what these tests are about
            pass

    server = QuietServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        closed.set()
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_size_is_read_from_the_list_of_models() -> None:
    assert size_from(iter([HEAD + b"\r\n" + MODELS])) == 268_098_176


@pytest.mark.parametrize("start", [HEAD + b"X-Note: ", HEAD + b"\r\n"], ids=["header", "body"])
def test_an_answer_that_drips_is_given_up_though_every_byte_comes_in_time(
    monkeypatch: pytest.MonkeyPatch, start: bytes
) -> None:
    monkeypatch.setattr(llama_server, "TIMEOUT_S", 0.3)
    assert size_from(itertools.chain([start], itertools.repeat(b" "))) is None


def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llama_server, "MAX_BYTES", 1 << 16)
    endless = itertools.repeat(b" " * (1 << 15))
    assert size_from(itertools.chain([HEAD + b"\r\n"], endless)) is None


def test_a_packed_list_is_not_unpacked() -> None:
    assert size_from(iter([PACKED])) is None


NO_LISTS = [b"", b"[]", b'{"data": []}', b'{"data": [{"meta": {"n_params": 1e400}}]}', b"[" * 9999]


@pytest.mark.parametrize("body", NO_LISTS, ids=range(len(NO_LISTS)))
def test_what_is_no_list_of_models_says_nothing(body: bytes) -> None:
    assert size_from(iter([HEAD + b"\r\n" + body])) is None
