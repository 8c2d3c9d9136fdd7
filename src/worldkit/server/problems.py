"""Errors as problem details (RFC 9457): one shape for everything that is refused, with ``detail`` in words."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException
from fastapi.responses import Response
from starlette.types import Send

from worldkit.core import json_values
from worldkit.core.errors import (
    Conflict,
    CorruptStore,
    DiskFull,
    HeadVersion,
    InvalidWorld,
    NotFound,
    OpError,
    RuleViolation,
    StoreError,
    UnsupportedVersion,
    WorldError,
)
from worldkit.core.json_values import Json
from worldkit.core.schema import CURRENT_VERSION
from worldkit.server import request_work
from worldkit.server.quota import OverQuota, OverStorage
from worldkit.server.settings import BYTES

log = logging.getLogger("worldkit.server")

MEDIA_TYPE = "application/problem+json"
DAMAGED_STORE_MESSAGE = (
    "the store behind this server is damaged: nothing can be written, and not everything can be read; nothing was "
    "changed. Whoever runs the server finds in its log what to do"
)


class Refusal(HTTPException):
    """A request is refused.

    Attributes:
        body: The problem.
    """

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> None:
        self.body = body(status, detail, **more)
        super().__init__(status, detail, headers)


def body(status: int, detail: str, **more: Any) -> Json:
    """Return a problem as JSON values.

    Args:
        status: The HTTP status.
        detail: What was found, what was expected and what to do.
        **more: What programs read: ``errors``, ``diagnostics``, ``rev``, ``scope``, ``quota``.
    """
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}


def of_create(problem: Json) -> Json:
    """Return a problem as a create answers it: its 422 names the version of the format."""
    return {**problem, "schemaVersion": CURRENT_VERSION} if problem["status"] == 422 else problem


def problem_of(error: Exception) -> Json | None:
    """Return the problem of an error that worldkit raises on purpose; None for any other."""
    match error:
        case Refusal():
            return error.body
        case OverQuota():
            quota = {"kind": error.kind, "used": error.used, "cap": error.cap, "day": error.day}
            detail = f"daily {error.kind} quota exceeded"
            return body(402, detail, quota=quota, schemaVersion=CURRENT_VERSION)
        case OverStorage():
            quota = {"kind": BYTES, "used": error.used, "cap": error.cap}
            return body(402, str(error), quota=quota, schemaVersion=CURRENT_VERSION)
        case NotFound():
            return body(404, str(error))
        case Conflict():
            return body(409, str(error), rev=error.current)
        case HeadVersion():
            return body(409, str(error))
        case OpError():
            entry = {"index": error.index, "op": error.op, "path": f"ops[{error.index}]", "message": error.reason}
            return body(422, str(error), errors=[entry])
        case RuleViolation():
            return body(422, str(error), diagnostics=error.diagnostics.to_list())
        case InvalidWorld():
            return body(422, str(error), errors=[str(problem) for problem in error.problems])
        case UnsupportedVersion():
            return body(422, str(error), errors=[f"schemaVersion: {error}"])
        case DiskFull():  # also of a commit: then the database has taken back what it could not write
            return body(507, "the server's disk is full, nothing was written; deleting still works")
        case StoreError() if request_work.may_have_written():  # a 503 is repeated, whatever the call does
            return body(500, "the database failed; read the world before trying again, it may have been written")
        case CorruptStore():
            return body(503, DAMAGED_STORE_MESSAGE)
        case StoreError():
            return body(503, "the database is busy or away, nothing was done; try again")
        case WorldError():
            return body(422, str(error))
    return None


def log_failure(error: WorldError) -> None:
    """Log what whoever runs the server has to know: that the store fails. Answers say less, and not everybody tells."""
    if isinstance(error, StoreError):
        log.error("%s", error)


def headers_of(problem: Json) -> dict[str, str]:
    """Return the headers that go with the problem of an error."""
    return {"Retry-After": "1"} if problem["status"] == 503 else {}


async def send(problem: Json, headers: Mapping[str, str], out: Send) -> None:
    """Answer an ASGI request with a problem."""
    content = text(problem)
    raw_headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    raw_headers += [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(content)).encode())]
    await out({"type": "http.response.start", "status": problem["status"], "headers": raw_headers})
    await out({"type": "http.response.body", "body": content})


def response(problem: Json, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem as an answer."""
    return Response(text(problem), int(problem["status"]), headers, MEDIA_TYPE)


def text(problem: Json) -> bytes:
    """Return a problem as it goes out."""
    return json_values.dumps(problem, None).encode("utf-8", "replace")
