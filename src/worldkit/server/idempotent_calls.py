"""Calls that are done once: in one transaction, and answered as before when the same key comes again."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from worldkit.core.json_values import Json
from worldkit.server.apps import Caller
from worldkit.server.encoding import encode_json
from worldkit.server.idempotency import IdempotentCall, StoredAnswer
from worldkit.server.problems import Refusal
from worldkit.server.services import IdempotencyKey, Services, ServicesDep, WriteAccess, text_response
from worldkit.server.settings import BYTES
from worldkit.stores.local.precomputed_edit import PrecomputedEdit, WorldChanged
from worldkit.stores.stored_world import StoredWorld

EDIT_ATTEMPTS = 3
"""How often the work of an edit is begun outside of a transaction, while the world changes."""

EMPTY_BODY_DIGEST = sha256(b"").digest()

Action = Callable[[Connection], tuple[Json, str | None]]
"""Does a call in a transaction; returns the answer and the id of the world that it is about."""


@dataclass(frozen=True, slots=True)
class KeyedCall:
    """A call that may come with an idempotency key.

    Attributes:
        request: The request; a key is separate for each method and path.
        services: What the routes share.
        caller: Who calls.
        key: The idempotency key; without one the call is done in any case.
    """

    request: Request
    services: Services
    caller: Caller
    key: str | None

    @property
    def identity(self) -> IdempotentCall | None:
        """What identifies the call for idempotency, None when it has no key."""
        if self.key is None:
            return None
        scope, caller = self.request.scope, self.caller
        fingerprint = scope["state"].get("fingerprint", EMPTY_BODY_DIGEST)
        name = f"{self.request.method} {scope['path']}"
        return IdempotentCall(caller.space, name, self.key, fingerprint, self.services.caps(caller)[BYTES])

    def run_once(self, action: Action) -> Response:
        """Run an action in one transaction, or return the stored answer of an earlier call with the same key."""
        identity = self.identity
        with self.services.store.database.writing() as connection:
            if identity is not None and (earlier_answer := identity.recall(connection)):
                return _stored_response(earlier_answer)
            value, world = action(connection)
            text = encode_json(value)
            if identity is not None:
                identity.remember(connection, StoredAnswer(text, 200, world))
        return text_response(text, rev=value.get("rev"))

    def run_edit_once(
        self, edit: PrecomputedEdit[Any], check: Callable[[StoredWorld], None], action: Action
    ) -> Response:
        """Do as ``run_once`` does with an edit, whose work is done before the transaction: others write meanwhile.

        Where the world has changed since, the work is done again; the last time inside the transaction, so that who
        edits a world that changes all the time gets a turn.

        Args:
            check: Raises where the work is not to be done for a world as it stands.
            action: Writes the edit.
        """
        for attempts_left in reversed(range(EDIT_ATTEMPTS)):
            if (answer := self._answer_before()) is not None:
                return answer
            try:
                edit.prepare(check)
            except Exception:
                # an equal call may have changed the world since, and this one is answered as that one then
                if (answer := self._answer_before()) is not None:
                    return answer
                raise
            edit.raises_if_changed = attempts_left > 0
            with suppress(WorldChanged):
                return self.run_once(action)
        raise AssertionError("the last attempt does not leave off")

    def _answer_before(self) -> Response | None:
        """Return the answer of an earlier call with the same key, None where there is none yet."""
        identity = self.identity
        if identity is None:
            return None
        with self.services.store.database.reading() as connection:
            earlier_answer = identity.look_up(connection)
        return None if earlier_answer is None else _stored_response(earlier_answer)


async def keyed_call(
    request: Request, services: ServicesDep, caller: WriteAccess, key: IdempotencyKey = None
) -> KeyedCall:
    """Return a call that writes, as a FastAPI dependency."""
    return KeyedCall(request, services, caller, key)


WriteCall = Annotated[KeyedCall, Depends(keyed_call)]


def _stored_response(earlier_answer: StoredAnswer) -> Response:
    if earlier_answer.job is not None:
        detail = (
            f"this Idempotency-Key made the job {earlier_answer.job}; its outcome is at /v1/jobs/{earlier_answer.job}"
        )
        raise Refusal(409, detail)
    return text_response(earlier_answer.body, earlier_answer.status, json.loads(earlier_answer.body).get("rev"))
