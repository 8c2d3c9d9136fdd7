"""The double of xllamacpp: a server over a real loopback socket that wants its key and tells a model's size."""

from __future__ import annotations

import json
import threading
import types
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from tests.generate.server import stream


class CommonParams:
    """What a server is started with."""

    def __init__(self) -> None:
        self.model = types.SimpleNamespace(path="")
        self.cpuparams, self.cpuparams_batch = types.SimpleNamespace(), types.SimpleNamespace()


class Server:
    """A server of one model.

    Attributes:
        running: The servers that were started, the last one last.
        parameters: What it was started with.
        requests: What it was asked.
    """

    running: ClassVar[list[Server]] = []
    count = 1_543_714_304
    text = '{"a": 1}'

    def __init__(self, parameters: CommonParams) -> None:
        if "damaged" in parameters.model.path:
            raise RuntimeError("Failed to init server, please check the input params.")
        self.parameters: Any = parameters
        self.requests: list[dict[str, Any]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            disable_nagle_algorithm = True  # a body would wait for the client to acknowledge the head

            def do_GET(self) -> None:
                self._send(200, "application/json", {"data": [{"meta": {"n_params": server.count}}]})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if self.path == "/tokenize":
                    # one token a word, by its length
                    self._send(200, "application/json", {"tokens": [len(word) for word in body["content"].split()]})
                    return
                server.requests.append(body)
                self._send(200, "text/event-stream", stream(server.answer(server.requests[-1])))

            def _send(self, status: int, kind: str, body: Any) -> None:
                if self.headers.get("authorization") != f"Bearer {server.parameters.api_keys[0]}":
                    status, body = 401, {"error": "Invalid API Key"}
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer((parameters.hostnames[0], 0), Handler)  # type: ignore[attr-defined]
        self.listening_address = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        Server.running.append(self)

    def answer(self, request: dict[str, Any]) -> str:
        """Return what the model says to a request."""
        return self.text

    def stop(self) -> None:
        """Stop it."""
        self._http.shutdown()
        self._http.server_close()
