"""Times on the wire: one form, whatever tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.server.running import Scripted, bench, quick, running, wait_for
from tests.server.test_webhooks import receiving

TOKEN = "the-user-session-of-the-tests"
TIME_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
ANY_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")


def times_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from ANY_TIME.findall(value)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from times_in(item)


def test_every_time_that_the_server_tells_has_one_form(tmp_path: Path) -> None:
    settings = quick(
        tmp_path / "w.db", admin_token=TOKEN, generator=Scripted(), webhooks_private=True, vision=None, workers=1
    )
    with running(settings) as here, receiving() as receiver:
        user = here.client(TOKEN)
        answers = [user.post("/v1/apps", json={"name": "x"})]
        app = f"/v1/apps/{answers[0].json()['id']}"
        answers += [
            user.post(f"{app}/webhooks", json={"url": receiver.url}),
            user.get(f"{app}/webhooks"),
            user.get("/v1/apps"),
            key := user.post(f"{app}/keys", json={"kind": "secret"}),
        ]
        client = here.client(key.json()["key"])
        id = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        world = f"/v1/worlds/{id}"
        answers += [
            client.patch(world, json={"name": "y"}),
            client.get("/v1/worlds"),
            client.post(f"{world}/versions"),
            client.get(f"{world}/versions"),
            client.get("/v1/usage"),
            token := client.post("/v1/sessions/token", json={"worldId": id}),
            httpx.post(f"{here.url}/v1/sessions/connect", json={"token": token.json()["token"]}),
        ]
        client.post("/v1/worlds", json={"premise": "a lane", "async": True})
        wait_for("the webhook", lambda: receiver.requests or None)
        revoked = user.post(f"{app}/keys", json={"kind": "secret"}).json()["id"]
        answers += [user.post(f"{app}/keys/{revoked}/revoke"), user.get(f"{app}/keys")]
        bodies = [answer.json() for answer in answers] + receiver.events()
    times = [time for body in bodies for time in times_in(body)]
    assert len(times) > 15 and not [time for time in times if not TIME_FORM.fullmatch(time)]
