"""Calls with a stranger's text in one of their parts: a header, a query field, a part of the path, the body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from tests.server.conformance import ADMIN_TOKEN
from tests.server.running import Json, bench

HERE = "\u2020"
"""Stands where the text goes."""

TEXTS = ("a\0b", "https://[x", "https://[::::]", "http://a\u2100b", "?#%'\"\\;", "9" * 30, "2026-99-99")
"""Texts at which a parser or a database stumbles."""

PIECES = (*TEXTS, "\0", "[", "//", ":\u0661", ":99999", "\ufffe\U0010ffff", "\r\n", "-1", "{" * 300, "x" * 500)
"""Parts of such texts."""

HEADERS = (
    "Accept",
    "Authorization",
    "Content-Type",
    "Cookie",
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "Origin",
    "Referer",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Site",
    "X-Request-Id",
    "X-Worldkit-Dialect",
)

WORLD = "/v1/worlds/WORLD"
EVENT = {"name": HERE, "kind": "transition", "from": "lane", "to": "bench", "base": HERE, "grants": [HERE]}
KEYED: tuple[tuple[str, str, Json | None], ...] = (
    ("POST", "/v1/worlds", {"premise": HERE, "name": HERE, "pov": HERE}),
    ("POST", "/v1/worlds", {"world": {**bench(), "name": HERE, "description": HERE}, "name": HERE}),
    ("GET", f"/v1/worlds?name={HERE}", None),
    ("GET", f"/v1/worlds?cursor={HERE}", None),
    ("GET", f"/v1/worlds?limit={HERE}", None),
    ("GET", f"/v1/worlds/{HERE}", None),
    ("PATCH", f"/v1/worlds/{HERE}", {"name": "n"}),
    ("PATCH", WORLD, {"name": HERE, "description": HERE, "cover": HERE, "visibility": HERE}),
    ("DELETE", f"/v1/worlds/{HERE}", None),
    ("POST", f"/v1/worlds/{HERE}/forks", {}),
    ("POST", f"{WORLD}/forks", {"name": HERE}),
    ("POST", f"{WORLD}/forks", {"versionId": HERE}),
    ("GET", f"/v1/worlds/{HERE}/scene", None),
    ("GET", f"{WORLD}/states/{HERE}", None),
    ("PATCH", f"{WORLD}/states/{HERE}", {"base": "b"}),
    ("DELETE", f"{WORLD}/states/{HERE}", {"expectedRev": HERE}),
    ("PATCH", f"{WORLD}/states/lane", {HERE: HERE, "expectedRev": HERE}),
    ("POST", f"{WORLD}/states", {"id": HERE, "base": HERE}),
    ("GET", f"{WORLD}/events/{HERE}", None),
    ("PATCH", f"{WORLD}/events/{HERE}", {"base": HERE}),
    ("DELETE", f"{WORLD}/events/{HERE}", None),
    ("POST", f"{WORLD}/events", EVENT),
    ("POST", f"{WORLD}/ops", {"ops": [{"op": HERE}, {"op": "set_field", "state": HERE, "field": HERE, "value": HERE}]}),
    ("PATCH", f"{WORLD}/entrance", {"state": HERE}),
    ("POST", f"{WORLD}/validate", {"world": {**bench(), "name": HERE, HERE: HERE}}),
    ("POST", f"{WORLD}/lint", {"data": {"name": HERE, "scene": HERE}}),
    ("POST", f"/v1/worlds/{HERE}/lint", None),
    ("POST", f"{WORLD}/edit", {"instruction": HERE, "verifiedObjects": [HERE]}),
    ("POST", f"{WORLD}/versions", {"title": HERE}),
    ("POST", f"{WORLD}/versions", {"parentVersionId": HERE, "source": HERE}),
    ("GET", f"/v1/worlds/{HERE}/versions", None),
    ("GET", f"{WORLD}/versions/{HERE}", None),
    ("PATCH", f"{WORLD}/versions/{HERE}", {"title": HERE}),
    ("DELETE", f"{WORLD}/versions/{HERE}", None),
    ("DELETE", f"/v1/worlds/{HERE}/versions/{HERE}", None),
    ("GET", f"{WORLD}/versions/{HERE}/diff/{HERE}", None),
    ("POST", f"{WORLD}/checkout", {"versionId": HERE}),
    ("GET", f"/v1/jobs/{HERE}", None),
    ("DELETE", f"/v1/jobs/{HERE}", None),
    ("GET", f"/v1/usage?day={HERE}", None),
    ("POST", "/v1/sessions/token", {"worldId": HERE}),
    ("POST", "/v1/sessions/token", {"worldId": "WORLD", "playerIdentity": HERE}),
    ("POST", "/v1/sessions/token", {"worldId": "WORLD", "origin": HERE}),
    ("POST", "/v1/sessions/revoke", {"jti": HERE}),
    ("POST", "/v1/perceive", {"frame_b64": HERE, "room_name": HERE, "room_description": HERE}),
    ("POST", "/v1/ground/objects", {"frame_b64": HERE, "labels": [HERE]}),
    ("POST", "/v1/seed-frame", {"prompt": HERE, "pov": HERE}),
    ("POST", f"/v1/{HERE}", {HERE: HERE}),
)
ADMIN: tuple[tuple[str, str, Json | None], ...] = (
    ("POST", "/v1/apps", {"name": HERE}),
    ("PATCH", f"/v1/apps/{HERE}", {"name": HERE}),
    ("PATCH", "/v1/apps/APP", {"name": HERE}),
    ("PATCH", "/v1/apps/APP", {"mode_default": HERE}),
    ("PATCH", "/v1/apps/APP", {"embedding_origins": [HERE]}),
    ("POST", f"/v1/apps/{HERE}/keys", {}),
    ("POST", "/v1/apps/APP/keys", {"name": HERE}),
    ("POST", "/v1/apps/APP/keys", {"kind": "secret", "scopes": [HERE]}),
    ("GET", f"/v1/apps/{HERE}/keys", None),
    ("POST", f"/v1/apps/APP/keys/{HERE}/revoke", None),
    ("POST", f"/v1/apps/{HERE}/webhooks", {"url": "https://game.example/"}),
    ("POST", "/v1/apps/APP/webhooks", {"url": HERE}),
    ("GET", f"/v1/apps/{HERE}/webhooks", None),
    ("DELETE", f"/v1/apps/APP/webhooks/{HERE}", None),
    ("POST", f"/v1/apps/APP/webhooks/{HERE}/delete", None),
)
OPEN: tuple[tuple[str, str, Json | None], ...] = (
    ("POST", "/v1/sessions/connect", {"token": HERE}),
    ("POST", "/v1/sessions/connect", {"token": "TOKEN", HERE: HERE}),
    ("POST", "/v1/sessions/refresh", {"token": "TOKEN", "reactorJwt": HERE}),
    ("POST", "/v1/sessions/track", {"token": "TOKEN", "reactorSessionId": HERE}),
    ("POST", "/v1/sessions/end", {"token": "OTHER", "reactorJwt": HERE}),
    ("GET", f"/embed.html?token={HERE}", None),
    ("GET", f"/embed.html?token=TOKEN&parentOrigin={HERE}", None),
    ("GET", f"/embed.html?token=TOKEN&theme={HERE}&{HERE}={HERE}", None),
    ("GET", "/embed.html?token=TOKEN" + f"&{HERE}" * 12, None),
    ("GET", f"/embed/{HERE}", None),
    ("GET", f"/{HERE}.js", None),
    ("GET", f"/{HERE}", None),
)
PLAYING: tuple[tuple[str, str, Json | None], ...] = (
    ("POST", "/embed/messages", {"run": HERE, "message": None}),
    ("POST", "/embed/messages", {"message": {"type": HERE, "id": HERE, "view": HERE}}),
    ("POST", "/embed/messages", {"message": {"type": "act", "id": "1", "view": "v", "action": "fire", "event": HERE}}),
    ("POST", "/embed/messages", {"message": {"type": "act", "id": "1", "view": "v", "action": "open", "text": HERE}}),
)


@dataclass(frozen=True)
class Stranger:
    """Whoever sends hostile texts: with every credential there is.

    Attributes:
        url: The server.
        names: What the words in capitals of the calls stand for.
        key, run: The credentials.
    """

    url: str
    names: dict[str, str]
    key: str
    run: str

    def calls(self, text: str) -> Iterator[tuple[str, str, dict[str, bytes], Json | None]]:
        """Yield every call with a text in the parts that are a caller's to choose."""
        for credential, calls in ((self.key, KEYED), (ADMIN_TOKEN, ADMIN), ("", OPEN), (self.run, PLAYING)):
            headers = {"Authorization": f"Bearer {credential}".encode()} if credential else {}
            for method, path, body in calls:
                yield method, self._named(path, quote(text, safe="")), headers, self._named(body, text)

    def calls_with_headers(self, text: str) -> Iterator[tuple[str, str, dict[str, bytes], Json | None]]:
        """Yield one call of every kind of credential for every header, with a text in the header."""
        value = "".join(char for char in text if char.isprintable()).strip().encode() or b"x"
        for credential, method, path, body in (
            (self.key, "PATCH", f"{WORLD}/states/lane", {"narration": "n"}),
            ("", "GET", "/embed.html?token=TOKEN", None),
            ("", "POST", "/v1/sessions/connect", {"token": "TOKEN"}),
            (self.run, "POST", "/embed/messages", {}),
        ):
            for name in HEADERS:
                headers = {"Authorization": f"Bearer {credential}".encode()} if credential else {}
                headers[name] = b"Bearer " + value if name == "Authorization" else value
                yield method, self._named(path, ""), headers, self._named(body, "")

    def failures(self, text: str, nth: int | None = None) -> list[str]:
        """Return the calls with a text, or of those the nth, that the server answers as if it had failed itself."""
        calls = [*self.calls(text), *self.calls_with_headers(text)]
        failures = []
        with httpx.Client(base_url=self.url, timeout=60) as client:
            for method, path, headers, body in calls if nth is None else [calls[nth % len(calls)]]:
                content: Json = {} if body is None else {"json": body}
                answer = client.request(method, path, headers=headers, **content)
                if answer.status_code >= 500:
                    failures.append(f"{answer.status_code} {method} {path} {headers} {body}")
        return failures

    def _named(self, part: Any, text: str) -> Any:
        if isinstance(part, dict):
            return {self._named(name, text): self._named(value, text) for name, value in part.items()}
        if isinstance(part, list):
            return [self._named(value, text) for value in part]
        if not isinstance(part, str):
            return part
        for name, value in self.names.items():
            part = part.replace(name, value)
        return part.replace(HERE, text)


def stranger(url: str, key: str) -> Stranger:
    """Return a stranger with a world, an app with origins, and a session that plays."""
    user = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        app = client.post("/v1/apps", json={"name": "other"}, headers=user).json()["id"]
        for id in [app, *(one["id"] for one in client.get("/v1/apps", headers=user).json()["apps"])]:
            client.patch(f"/v1/apps/{id}", json={"embedding_origins": ["https://game.example"]}, headers=user)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        mint = {"worldId": world, "ttlSeconds": 3600}
        token, other = (client.post("/v1/sessions/token", json=mint).json()["token"] for _ in range(2))
        run = httpx.post(f"{url}/v1/sessions/connect", json={"token": token}, timeout=60).json()["reactorJwt"]
    return Stranger(url, {"WORLD": world, "APP": app, "TOKEN": token, "OTHER": other}, key, run)
