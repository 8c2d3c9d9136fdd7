"""Calls that are done once: in one transaction, and answered as before when the same key comes again."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection

from worldkit.core.json_values import Json
from worldkit.server.apps import Caller
from worldkit.server.encoding import encode_json
from worldkit.server.idempotency import IdempotentCall, StoredAnswer
from worldkit.server.problems import Refusal
from worldkit.server.services import Services, text_response
from worldkit.server.settings import BYTES
from worldkit.stores.local.precomputed_edit import PrecomputedEdit, WorldChanged
from worldkit.stores.stored_world import StoredWorld

EDIT_ATTEMPTS = 3
"""How often the work of an edit is begun outside of a transaction, while the world changes."""

NO_BODY = sha256(b"").digest()

T = TypeVar("T")


def idempotent_call(request: Request, services: Services, caller: Caller, key: str | None) -> IdempotentCall | None:
    """Return what identifies a call for idempotency, None when it has no idempotency key."""
    if key is None:
        return None
    fingerprint = request.scope["state"].get("fingerprint", NO_BODY)
    return IdempotentCall(
        caller.space, f"{request.method} {request.scope['path']}", key, fingerprint, services.caps(caller)[BYTES]
    )


def run_once(
    request: Request,
    services: Services,
    caller: Caller,
    key: str | None,
    action: Callable[[Connection], tuple[Json, str | None]],
) -> Response:
    """Run an action in one transaction, or return the stored answer of an earlier call with the same key.

    Args:
        request: The request; a key is separate for each method and path.
        services: What the routes share.
        caller: Who calls.
        key: The idempotency key, None to run the action in any case.
        action: Returns the answer and the id of the world it is about.
    """
    return _run_once(services, idempotent_call(request, services, caller, key), action)


def run_edit_once(
    request: Request,
    services: Services,
    caller: Caller,
    key: str | None,
    edit: PrecomputedEdit[T],
    check: Callable[[StoredWorld], None],
    action: Callable[[], tuple[Json, str | None]],
) -> Response:
    """Do as ``run_once`` does with an edit, whose work is done before the transaction: others write meanwhile.

    Where the world has changed since, the work is done again; the last time inside the transaction, so that who edits
    a world that changes all the time gets a turn.

    Args:
        request: The request; a key is separate for each method and path.
        services: What the routes share.
        caller: Who calls.
        key: The idempotency key, None to run the action in any case.
        edit: The edit.
        check: Raises where the work is not to be done for a world as it stands.
        action: Writes the edit; returns the answer and the id of the world it is about.
    """
    call = idempotent_call(request, services, caller, key)
    for attempts_left in reversed(range(EDIT_ATTEMPTS)):
        if (answer := _answer_before(services, call)) is not None:
            return answer
        try:
            edit.prepare(check)
        except Exception:
            # an equal call may have changed the world since, and this one is answered as that one then
            if (answer := _answer_before(services, call)) is not None:
                return answer
            raise
        edit.raises_if_changed = attempts_left > 0
        with suppress(WorldChanged):
            return _run_once(services, call, lambda _: action())
    raise AssertionError("the last attempt does not leave off")


def _answer_before(services: Services, call: IdempotentCall | None) -> Response | None:
    """Return the answer of an earlier call with the same key, None where there is none yet."""
    if call is None:
        return None
    with services.store.database.reading() as connection:
        stored = call.look_up(connection)
    return None if stored is None else _stored_response(stored)


def _stored_response(stored: StoredAnswer) -> Response:
    if stored.job is not None:
        detail = f"this Idempotency-Key made the job {stored.job}; its outcome is at /v1/jobs/{stored.job}"
        raise Refusal(409, detail)
    return text_response(stored.body, stored.status, json.loads(stored.body).get("rev"))


def _run_once(
    services: Services, call: IdempotentCall | None, action: Callable[[Connection], tuple[Json, str | None]]
) -> Response:
    with services.store.database.writing() as connection:
        if call is not None and (stored := call.recall(connection)):
            return _stored_response(stored)
        value, world = action(connection)
        text = encode_json(value)
        if call is not None:
            call.remember(connection, StoredAnswer(text, 200, world))
    return text_response(text, rev=value.get("rev"))
