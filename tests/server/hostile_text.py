"""Calls with a stranger's text in one of their parts: a header, a query field, a part of the path, the body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from tests.server.conformance import ADMIN_TOKEN
from tests.server.running import Json, bench

PLACEHOLDER = "\u2020"
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
EVENT = {
    "name": PLACEHOLDER,
    "kind": "transition",
    "from": "lane",
    "to": "bench",
    "base": PLACEHOLDER,
    "grants": [PLACEHOLDER],
}
KEYED_CALLS: tuple[tuple[str, str, Json | None], ...] = (
    ("POST", "/v1/worlds", {"premise": PLACEHOLDER, "name": PLACEHOLDER, "pov": PLACEHOLDER}),
    (
        "POST",
        "/v1/worlds",
        {"world": {**bench(), "name": PLACEHOLDER, "description": PLACEHOLDER}, "name": PLACEHOLDER},
    ),
    ("GET", f"/v1/worlds?name={PLACEHOLDER}", None),
    ("GET", f"/v1/worlds?cursor={PLACEHOLDER}", None),
    ("GET", f"/v1/worlds?limit={PLACEHOLDER}", None),
    ("GET", f"/v1/worlds/{PLACEHOLDER}", None),
    ("PATCH", f"/v1/worlds/{PLACEHOLDER}", {"name": "n"}),
    (
        "PATCH",
        WORLD,
        {"name": PLACEHOLDER, "description": PLACEHOLDER, "cover": PLACEHOLDER, "visibility": PLACEHOLDER},
    ),
    ("DELETE", f"/v1/worlds/{PLACEHOLDER}", None),
    ("POST", f"/v1/worlds/{PLACEHOLDER}/forks", {}),
    ("POST", f"{WORLD}/forks", {"name": PLACEHOLDER}),
    ("POST", f"{WORLD}/forks", {"versionId": PLACEHOLDER}),
    ("GET", f"/v1/worlds/{PLACEHOLDER}/scene", None),
    ("GET", f"{WORLD}/states/{PLACEHOLDER}", None),
    ("PATCH", f"{WORLD}/states/{PLACEHOLDER}", {"base": "b"}),
    ("DELETE", f"{WORLD}/states/{PLACEHOLDER}", {"expectedRev": PLACEHOLDER}),
    ("PATCH", f"{WORLD}/states/lane", {PLACEHOLDER: PLACEHOLDER, "expectedRev": PLACEHOLDER}),
    ("POST", f"{WORLD}/states", {"id": PLACEHOLDER, "base": PLACEHOLDER}),
    ("GET", f"{WORLD}/events/{PLACEHOLDER}", None),
    ("PATCH", f"{WORLD}/events/{PLACEHOLDER}", {"base": PLACEHOLDER}),
    ("DELETE", f"{WORLD}/events/{PLACEHOLDER}", None),
    ("POST", f"{WORLD}/events", EVENT),
    (
        "POST",
        f"{WORLD}/ops",
        {
            "ops": [
                {"op": PLACEHOLDER},
                {"op": "set_field", "state": PLACEHOLDER, "field": PLACEHOLDER, "value": PLACEHOLDER},
            ]
        },
    ),
    ("PATCH", f"{WORLD}/entrance", {"state": PLACEHOLDER}),
    ("POST", f"{WORLD}/validate", {"world": {**bench(), "name": PLACEHOLDER, PLACEHOLDER: PLACEHOLDER}}),
    ("POST", f"{WORLD}/lint", {"data": {"name": PLACEHOLDER, "scene": PLACEHOLDER}}),
    ("POST", f"/v1/worlds/{PLACEHOLDER}/lint", None),
    ("POST", f"{WORLD}/edit", {"instruction": PLACEHOLDER, "verifiedObjects": [PLACEHOLDER]}),
    ("POST", f"{WORLD}/versions", {"title": PLACEHOLDER}),
    ("POST", f"{WORLD}/versions", {"parentVersionId": PLACEHOLDER, "source": PLACEHOLDER}),
    ("GET", f"/v1/worlds/{PLACEHOLDER}/versions", None),
    ("GET", f"{WORLD}/versions/{PLACEHOLDER}", None),
    ("PATCH", f"{WORLD}/versions/{PLACEHOLDER}", {"title": PLACEHOLDER}),
    ("DELETE", f"{WORLD}/versions/{PLACEHOLDER}", None),
    ("DELETE", f"/v1/worlds/{PLACEHOLDER}/versions/{PLACEHOLDER}", None),
    ("GET", f"{WORLD}/versions/{PLACEHOLDER}/diff/{PLACEHOLDER}", None),
    ("POST", f"{WORLD}/checkout", {"versionId": PLACEHOLDER}),
    ("GET", f"/v1/jobs/{PLACEHOLDER}", None),
    ("DELETE", f"/v1/jobs/{PLACEHOLDER}", None),
    ("GET", f"/v1/usage?day={PLACEHOLDER}", None),
    ("POST", "/v1/sessions/token", {"worldId": PLACEHOLDER}),
    ("POST", "/v1/sessions/token", {"worldId": "WORLD", "playerIdentity": PLACEHOLDER}),
    ("POST", "/v1/sessions/token", {"worldId": "WORLD", "origin": PLACEHOLDER}),
    ("POST", "/v1/sessions/revoke", {"jti": PLACEHOLDER}),
    ("POST", "/v1/perceive", {"frame_b64": PLACEHOLDER, "room_name": PLACEHOLDER, "room_description": PLACEHOLDER}),
    ("POST", "/v1/ground/objects", {"frame_b64": PLACEHOLDER, "labels": [PLACEHOLDER]}),
    ("POST", "/v1/seed-frame", {"prompt": PLACEHOLDER, "pov": PLACEHOLDER}),
    ("POST", f"/v1/{PLACEHOLDER}", {PLACEHOLDER: PLACEHOLDER}),
)
ADMIN_CALLS: tuple[tuple[str, str, Json | None], ...] = (
    ("POST", "/v1/apps", {"name": PLACEHOLDER}),
    ("PATCH", f"/v1/apps/{PLACEHOLDER}", {"name": PLACEHOLDER}),
    ("PATCH", "/v1/apps/APP", {"name": PLACEHOLDER}),
    ("PATCH", "/v1/apps/APP", {"mode_default": PLACEHOLDER}),
    ("PATCH", "/v1/apps/APP", {"embedding_origins": [PLACEHOLDER]}),
    ("POST", f"/v1/apps/{PLACEHOLDER}/keys", {}),
    ("POST", "/v1/apps/APP/keys", {"name": PLACEHOLDER}),
    ("POST", "/v1/apps/APP/keys", {"kind": "secret", "scopes": [PLACEHOLDER]}),
    ("GET", f"/v1/apps/{PLACEHOLDER}/keys", None),
    ("POST", f"/v1/apps/APP/keys/{PLACEHOLDER}/revoke", None),
    ("POST", f"/v1/apps/{PLACEHOLDER}/webhooks", {"url": "https://game.example/"}),
    ("POST", "/v1/apps/APP/webhooks", {"url": PLACEHOLDER}),
    ("GET", f"/v1/apps/{PLACEHOLDER}/webhooks", None),
    ("DELETE", f"/v1/apps/APP/webhooks/{PLACEHOLDER}", None),
    ("POST", f"/v1/apps/APP/webhooks/{PLACEHOLDER}/delete", None),
)
OPEN_CALLS: tuple[tuple[str, str, Json | None], ...] = (
    ("POST", "/v1/sessions/connect", {"token": PLACEHOLDER}),
    ("POST", "/v1/sessions/connect", {"token": "TOKEN", PLACEHOLDER: PLACEHOLDER}),
    ("POST", "/v1/sessions/refresh", {"token": "TOKEN", "reactorJwt": PLACEHOLDER}),
    ("POST", "/v1/sessions/track", {"token": "TOKEN", "reactorSessionId": PLACEHOLDER}),
    ("POST", "/v1/sessions/end", {"token": "OTHER", "reactorJwt": PLACEHOLDER}),
    ("GET", f"/embed.html?token={PLACEHOLDER}", None),
    ("GET", f"/embed.html?token=TOKEN&parentOrigin={PLACEHOLDER}", None),
    ("GET", f"/embed.html?token=TOKEN&theme={PLACEHOLDER}&{PLACEHOLDER}={PLACEHOLDER}", None),
    ("GET", "/embed.html?token=TOKEN" + f"&{PLACEHOLDER}" * 12, None),
    ("GET", f"/embed/{PLACEHOLDER}", None),
    ("GET", f"/{PLACEHOLDER}.js", None),
    ("GET", f"/{PLACEHOLDER}", None),
)
PLAYER_CALLS: tuple[tuple[str, str, Json | None], ...] = (
    ("POST", "/embed/messages", {"run": PLACEHOLDER, "message": None}),
    ("POST", "/embed/messages", {"message": {"type": PLACEHOLDER, "id": PLACEHOLDER, "view": PLACEHOLDER}}),
    (
        "POST",
        "/embed/messages",
        {"message": {"type": "act", "id": "1", "view": "v", "action": "fire", "event": PLACEHOLDER}},
    ),
    (
        "POST",
        "/embed/messages",
        {"message": {"type": "act", "id": "1", "view": "v", "action": "open", "text": PLACEHOLDER}},
    ),
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
        for credential, calls in (
            (self.key, KEYED_CALLS),
            (ADMIN_TOKEN, ADMIN_CALLS),
            ("", OPEN_CALLS),
            (self.run, PLAYER_CALLS),
        ):
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
        return part.replace(PLACEHOLDER, text)


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
