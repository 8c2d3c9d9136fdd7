"""Where a model answers over HTTP: the address, the model's name there, and a key that is never shown."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from worldkit.core.errors import WorldError
from worldkit.model_access.answer_body import UNCOMPRESSED_HEADERS
from worldkit.model_access.host import is_host_name, is_loopback
from worldkit.model_access.secret_texts import is_key, secret_texts
from worldkit.model_access.server_words import server_words

OPENAI = "api.openai.com"
MAX_QUOTED_LENGTH = 300
"""Characters of what a server says that are repeated at most."""
NO_SUCH_PATH_STATUSES = (404, 405, 501)
"""Statuses of a server that does not know the path that it was asked, or what it was asked with."""


@dataclass(frozen=True, slots=True)
class Service:
    """What an endpoint does, for messages, and where its key is looked for.

    Attributes:
        noun: What answers there, such as ``"a chat model"``.
        form: How its address is written.
        variable: The environment variable with its key.
    """

    noun: str
    form: str
    variable: str


CHAT = Service(
    "a chat model", '"chat:<base url>#<model>", such as "chat:http://localhost:8000/v1#qwen3"', "WORLDKIT_CHAT_KEY"
)
IMAGES = Service(
    "an image model",
    '"images:<base url>#<model>", such as "images:http://localhost:8080/v1#sdxl"',
    "WORLDKIT_IMAGES_KEY",
)


class Key:
    """A secret: only ``reveal`` returns it; it is never printed, and never passed to another process."""

    __slots__ = ("_text", "_variable")

    def __init__(self, text: str, variable: str = "WORLDKIT_CHAT_KEY") -> None:
        if not text or not all("!" <= letter <= "~" for letter in text):
            raise WorldError("the key cannot be sent in a header; expected letters, digits and signs without spaces")
        self._text = text
        self._variable = variable

    def reveal(self) -> str:
        """Return the secret."""
        return self._text

    def __repr__(self) -> str:
        return "Key(…)"

    def __reduce__(self) -> tuple[object, ...]:
        raise WorldError(
            f"a key is not sent to other processes; set {self._variable} in their environment instead of key="
        )


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that speaks OpenAI's protocol.

    Attributes:
        url: Its base, such as ``http://localhost:8000/v1``.
        model: What the model is called there.
        call_key: The key that was given in the call, if one was.
        service: What it does.
    """

    url: str
    model: str
    call_key: Key | None = field(default=None, compare=False)
    service: Service = CHAT

    @property
    def shown(self) -> str:
        """The base without its query, which may hold a secret."""
        return urlunsplit(urlsplit(self.url)._replace(query="", fragment=""))

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine."""
        return is_loopback(urlsplit(self.url).hostname or "")

    def secrets(self) -> frozenset[str]:
        """Return what is never shown, in every form in which a server may repeat it: the key, and all of the query."""
        key = self.key()
        return secret_texts(urlsplit(self.url).query, *(() if key is None else (key.reveal(),)))

    def at(self, path: str) -> str:
        """Return the address of a path under the base."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(path=parts.path.rstrip("/") + path))

    def key(self) -> Key | None:
        """Return the key that may be sent: the one given, else that of the environment, and only where it is safe."""
        if self.call_key is not None:
            return self.call_key
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not self.loopback:
            return None
        text = os.environ.get(self.service.variable, "").strip()
        if not text and parts.hostname == OPENAI:
            text = os.environ.get("OPENAI_API_KEY", "").strip()
        return Key(text, self.service.variable) if text else None

    def with_present_key(self) -> Endpoint:
        """Return it with the key that it has now: another one in the environment would not hide this one."""
        return replace(self, call_key=self.key())

    def client_options(self) -> dict[str, Any]:
        """Return how a client of httpx is made for it, with the key in its headers."""
        key = self.key()
        return {
            "headers": {
                **UNCOMPRESSED_HEADERS,
                "User-Agent": "worldkit",
                **({"Authorization": f"Bearer {key.reveal()}"} if key else {}),
            },
            # a proxy is for the world outside; what is meant for this machine stays on it
            "trust_env": not self.loopback,
            "follow_redirects": False,
            "verify": self.url.startswith("https:"),  # reading the certificates takes longer than a short answer
        }

    def words(self, text: str) -> str:
        """Return what the server said in the body of an error, on one line, behind a colon; empty for none."""
        line = server_words(text, self.secrets(), MAX_QUOTED_LENGTH)
        return f": {line}" if line else ""

    def hint(self, status: int) -> str:
        """Return what to do about a status, to be put behind what the server said; empty where that is not known."""
        if status in (401, 403):
            variable = self.service.variable
            if self.key():
                return f"; it does not accept the key that it was sent: check key=, or {variable} in the environment"
            return f"; no key was sent: give key=, or set {variable} in the environment"
        if status in NO_SUCH_PATH_STATUSES:
            return f"; is {self.model!r} a model it has, and does the address end as it should, mostly in /v1?"
        return "; redirects are not followed, give the address it leads to" if 300 <= status < 400 else ""


def endpoint(text: str, key: str | None = None, service: Service = CHAT) -> Endpoint:
    """Return the endpoint that a model's name means.

    Args:
        text: ``"<base url>#<model>"``.
        key: The key, if it is not in the environment.
        service: What it does.

    Raises:
        WorldError: The text is of another form, or a key would go over an open line. It does not repeat a secret.
    """
    base, _, model = text.partition("#")
    try:
        parts = urlsplit(base)
        has_host = is_host_name(parts.hostname or "") and (parts.port is None or parts.port > 0)
        is_valid = has_host and parts.scheme in ("http", "https")
    except ValueError:
        is_valid = False
    if not is_valid or any(letter.isspace() for letter in base):
        raise WorldError(f"the address of {service.noun} is no http or https one with a host; expected {service.form}")
    if parts.username is not None or parts.password is not None:
        raise WorldError(f"an address must not hold a name or password; give key=, or set {service.variable}")
    if not model.strip():
        raise WorldError(f"the address {_without_secrets(parts)} names no model; expected {service.form}")
    if is_key(model):
        raise WorldError(
            f"behind # stands a key and no model's name; give key=, or set {service.variable}; expected {service.form}"
        )
    if parts.path in ("", "/"):
        parts = parts._replace(path="/v1")
    secret = Key(key.strip(), service.variable) if key is not None else None
    if secret and parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise WorldError(f"a key is not sent over plain http to {parts.hostname}; use https")
    return Endpoint(urlunsplit(parts), model.strip(), secret, service)


def _without_secrets(parts: SplitResult) -> str:
    return urlunsplit(parts._replace(query="", fragment=""))
