"""The calls for apps, keys, webhooks and play sessions, each a generator without input or output of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from worldkit.core.errors import ApiError
from worldkit.stores.api import account_wire as wire
from worldkit.stores.api import answers
from worldkit.stores.api.account_results import App, AppKey, Connection, Webhook
from worldkit.stores.api.protocol import Call, Clock, Pause
from worldkit.stores.api.retry import perform, request_json
from worldkit.stores.api.secret import Secret


class AccountCalls:
    """Each call is described at the method of ``Client`` that runs it."""

    def apps(self) -> Call[list[App]]:
        return wire.items_of((yield from request_json(wire.apps())), "apps", wire.app_of)

    def create_app(self, name: str) -> Call[App]:
        return wire.app_of((yield from request_json(wire.create_app(name))))

    def update_app(self, app: str, fields: Mapping[str, Any]) -> Call[App]:
        return wire.app_of((yield from request_json(wire.update_app(app, fields))))

    def keys(self, app: str) -> Call[list[AppKey]]:
        return wire.items_of((yield from request_json(wire.keys(app))), "keys", wire.key_of)

    def create_key(self, app: str, kind: str, mode: str, name: str | None) -> Call[AppKey]:
        return wire.key_of((yield from request_json(wire.create_key(app, kind, mode, name))))

    def revoke_key(self, app: str, key: str) -> Call[None]:
        yield from perform(wire.revoke_key(app, key))

    def webhooks(self, app: str) -> Call[list[Webhook]]:
        return wire.items_of((yield from request_json(wire.webhooks(app))), "webhooks", wire.webhook_of)

    def create_webhook(self, app: str, url: str, events: Sequence[str] | None) -> Call[Webhook]:
        return wire.webhook_of((yield from request_json(wire.create_webhook(app, url, events))))

    def delete_webhook(self, app: str, webhook: str) -> Call[None]:
        yield from perform(wire.delete_webhook(app, webhook))

    # ---- play sessions -------------------------------------------------------------------------

    def connect(self, token: Secret, seconds: float | None, waiting: Callable[[int, int], None]) -> Call[Connection]:
        start: float = yield Clock()
        while True:
            answer = yield from request_json(wire.session("connect", token))
            if "reactorJwt" in answer:
                return wire.connection_of(answer)
            position, depth = (answer.get(name) for name in ("position", "queueDepth"))
            if type(position) is not int:
                raise answers.unexpected("'reactorJwt' or a 'position' in the waiting line", sorted(answer))
            waiting(position, depth if type(depth) is int else position)
            pause = wire.seconds_to_wait(answer)
            now: float = yield Clock()
            if seconds is not None and now - start + pause > seconds:
                raise ApiError(f"no slot became free within {seconds:g} s; place {position} in the waiting line")
            yield Pause(pause)

    def refresh(self, token: Secret) -> Call[Connection]:
        return wire.connection_of((yield from request_json(wire.session("refresh", token))))

    def track(self, token: Secret, reactor_session: str) -> Call[None]:
        yield from perform(wire.session("track", token, reactorSessionId=reactor_session))

    def end(self, token: Secret) -> Call[int]:
        answer = yield from request_json(wire.session("end", token))
        seconds = answers.number(answer.get("seconds"))
        if seconds is None:
            raise answers.unexpected("'seconds', a number", answer.get("seconds"))
        return int(seconds)
