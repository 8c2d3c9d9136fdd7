"""Files from memory over HTTP on this machine, for the pages that are measured."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TYPES = {"js": "text/javascript", "css": "text/css", "json": "application/json", "html": "text/html"}


@contextmanager
def serving(files: Mapping[str, bytes], answer: Callable[[bytes], bytes] | None = None) -> Iterator[str]:
    """Serve files by name, and answers to what is posted, while the body runs; gives the address they are under."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.partition("?")[0].lstrip("/") or "index.html"
            self._send(files.get(name), TYPES.get(name.rpartition(".")[2], "text/plain"))

        def do_POST(self) -> None:
            request_body = self.rfile.read(int(self.headers["Content-Length"]))
            self._send(answer and answer(request_body), TYPES["json"])

        def _send(self, body: bytes | None, kind: str) -> None:
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
