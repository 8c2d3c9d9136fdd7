"""The calls for apps, keys, webhooks and play sessions, each a generator without input or output of its own.

Calls below ``/v1/apps`` carry the credential of an account, those of a play session its token; neither takes an API
key (docs/spec/api-v1.md, "Credentials").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from worldkit.core.argument_ranges import expect_amount
from worldkit.core.errors import ApiError, WrongArgument
from worldkit.core.json_values import Json, quote
from worldkit.stores.api import answers
from worldkit.stores.api.account_results import App, AppKey, Connection, Webhook
from worldkit.stores.api.protocol import Call, Pause, Request
from worldkit.stores.api.retry import perform, request_json
from worldkit.stores.api.secret import Secret
from worldkit.stores.api.wire import present, segment

APP_FIELDS = ("name", "mode_default", "embedding_origins")
"""Fields of an app that can be changed."""

_app_of, _key_of = partial(answers.value_of, App), partial(answers.value_of, AppKey)


class AccountCalls:
    """Each call is described at the method of ``Client`` that runs it."""

    _clock: Callable[[], float]

    def apps(self) -> Call[list[App]]:
        return answers.items_of((yield from request_json(_request("GET"))), "apps", _app_of)

    def create_app(self, name: str) -> Call[App]:
        return _app_of((yield from request_json(_request("POST", body={"name": name}))))

    def update_app(self, app: str, fields: Mapping[str, Any]) -> Call[App]:
        for field in fields:
            if field not in APP_FIELDS:
                raise WrongArgument("fields", " or ".join(APP_FIELDS), quote(field))
        return _app_of((yield from request_json(_request("PATCH", segment(app), body=dict(fields)))))

    def keys(self, app: str) -> Call[list[AppKey]]:
        return answers.items_of((yield from request_json(_request("GET", segment(app), "keys"))), "keys", _key_of)

    def create_key(self, app: str, kind: str, mode: str, name: str | None) -> Call[AppKey]:
        body = {"kind": kind, "mode": mode, **present(name=name)}
        return _key_of((yield from request_json(_request("POST", segment(app), "keys", body=body))))

    def revoke_key(self, app: str, key: str) -> Call[None]:
        yield from perform(_request("POST", segment(app), "keys", segment(key), "revoke", body={}))

    def webhooks(self, app: str) -> Call[list[Webhook]]:
        return answers.items_of(
            (yield from request_json(_request("GET", segment(app), "webhooks"))), "webhooks", _webhook_of
        )

    def create_webhook(self, app: str, url: str, events: Sequence[str] | None) -> Call[Webhook]:
        body = {"url": url, **present(events=None if events is None else list(events))}
        return _webhook_of((yield from request_json(_request("POST", segment(app), "webhooks", body=body))))

    def delete_webhook(self, app: str, webhook: str) -> Call[None]:
        yield from perform(_request("DELETE", segment(app), "webhooks", segment(webhook)))

    # ---- play sessions -------------------------------------------------------------------------

    def connect(self, token: Secret, seconds: float | None, waiting: Callable[[int, int], None]) -> Call[Connection]:
        expect_amount(seconds, "seconds", or_none=True)
        start = self._clock()
        while True:
            answer = yield from request_json(_session("connect", token))
            if "reactorJwt" in answer:
                return connection_of(answer)
            position, depth = (answer.get(name) for name in ("position", "queueDepth"))
            if type(position) is not int:
                raise answers.unexpected("'reactorJwt' or a 'position' in the waiting line", sorted(answer))
            waiting(position, depth if type(depth) is int else position)
            pause = seconds_to_wait(answer)
            now = self._clock()
            if seconds is not None and now - start + pause > seconds:
                raise ApiError(f"no slot became free within {seconds:g} s; place {position} in the waiting line")
            yield Pause(pause)

    def refresh(self, token: Secret) -> Call[Connection]:
        return connection_of((yield from request_json(_session("refresh", token))))

    def track(self, token: Secret, reactor_session: str) -> Call[None]:
        yield from perform(_session("track", token, reactorSessionId=reactor_session))

    def end(self, token: Secret) -> Call[int]:
        answer = yield from request_json(_session("end", token))
        seconds = answers.number(answer.get("seconds"))
        if seconds is None:
            raise answers.unexpected("'seconds', a number", answer.get("seconds"))
        return int(seconds)


def _request(method: str, *parts: str, body: Json | None = None) -> Request:
    return Request(method, "/".join(["/v1/apps", *parts]), body=body, scope="account")


def _session(call: str, token: Secret, **fields: Any) -> Request:
    """Return a call of a play session: ``"connect"``, ``"refresh"``, ``"track"`` or ``"end"``."""
    body = {"token": token.reveal(), **fields}
    return Request("POST", f"/v1/sessions/{call}", body=body, scope="session", credential=token)


# ---- answers -----------------------------------------------------------------------------------


def _webhook_of(answer: Mapping[str, Any]) -> Webhook:
    """Return a webhook."""
    return answers.value_of(Webhook, answer, enabled=answer.get("enabled") is not False)


def connection_of(answer: Mapping[str, Any]) -> Connection:
    """Return an open play session."""
    document = answer.get("world")
    return Connection(
        answers.text(answer, "reactorJwt"),
        answers.number(answer.get("expiresIn")),
        answers.parse_time(answer.get("expiresAt")),
        answers.world_of(document) if isinstance(document, dict) else None,
        answers.optional_text(answer, "worldId"),
    )


def seconds_to_wait(answer: Mapping[str, Any]) -> float:
    """Return how long to wait before asking again for a place in the waiting line."""
    pause = answers.number(answer.get("retryAfterMs"))
    if pause is None:
        return 2.0
    return min(30.0, max(0.3, pause / 1000))
