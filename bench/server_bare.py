"""The least a server of worlds can be: FastAPI over one SQLite table, a document a row, without keys and rules.

    python bench/server_bare.py FILE

``server.py --ratio`` compares ``worldkit serve`` with it. It prints its address.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import Response

from worldkit.server.app_factory import listening_socket


def create_app(file: str) -> FastAPI:
    """Return the application over a file."""
    local = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(file, isolation_level=None, timeout=30)
            local.connection.execute("PRAGMA journal_mode = WAL")
            local.connection.execute("PRAGMA synchronous = FULL")  # as worldkit: on the disk before it is answered
        current: sqlite3.Connection = local.connection
        return current

    connection().execute("CREATE TABLE worlds (id TEXT PRIMARY KEY, rev INTEGER NOT NULL, body TEXT NOT NULL)")
    app = FastAPI()

    @app.get("/worlds/{id}")
    def read(id: str) -> Response:
        row = connection().execute("SELECT rev, body FROM worlds WHERE id = ?", (id,)).fetchone()
        if row is None:
            return Response(status_code=404)
        return Response(row[1], headers={"ETag": f'"{row[0]}"'}, media_type="application/json")

    @app.put("/worlds/{id}")
    def write(id: str, body: dict[str, Any]) -> Response:
        text = json.dumps(body)
        query = "INSERT INTO worlds VALUES (?, 0, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body, rev = rev + 1"
        connection().execute(query, (id, text))
        return Response(text, media_type="application/json")

    return app


if __name__ == "__main__":
    listener = listening_socket("127.0.0.1", 0)
    print(f"at http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    # the same HTTP parser as worldkit serve, so that the ratio is of the applications
    server = uvicorn.Server(uvicorn.Config(create_app(sys.argv[1]), http="h11", log_level="error"))
    server.run(sockets=[listener])
