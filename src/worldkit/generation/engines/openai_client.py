"""One exchange with an endpoint: sent, streamed, cut when it runs on, repaired when a server refuses a field."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from worldkit.core.errors import WorldError
from worldkit.generation.engines.endpoint import Endpoint

CONNECT_S, SILENCE_S, ANSWER_S = 10.0, 120.0, 300.0
"""Seconds that a connection, the next piece of an answer and a whole answer may take."""
PAUSES_S = (0.5, 2.0, 6.0)
"""Seconds before an exchange that failed on the way is tried again."""
LONGEST_PAUSE_S = 30.0
MAX_BYTES = 4 << 20
SHOWN = 300

Json = dict[str, Any]


class Refused(WorldError):
    """An endpoint refused a request, and would refuse it again."""


class Broken(WorldError):
    """An endpoint could not be reached, or broke off: trying again may help.

    Attributes:
        wait: Seconds that it asked for.
    """

    def __init__(self, text: str, wait: float = 0.0) -> None:
        self.wait = wait
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer.

    Attributes:
        text: What was said.
        whole: It came to its end, and was not cut.
        tokens: How many pieces it came in, about one a token.
    """

    text: str
    whole: bool
    tokens: int


def _instead_of_a_schema(body: Json) -> None:
    wanted = body.pop("response_format", {}).get("json_schema", {}).get("schema")
    if wanted:
        told = f"Answer with one JSON object and nothing else. It must satisfy this JSON Schema: {json.dumps(wanted)}"
        body["messages"] = [*body["messages"][:-1], {**body["messages"][-1]}]
        body["messages"][-1]["content"] += f"\n\n{told}"


def _renamed(body: Json) -> None:
    body["max_completion_tokens"] = body.pop("max_tokens")


def _in_one_turn(body: Json) -> None:
    first, second, *rest = body["messages"]
    body["messages"] = [{"role": "user", "content": f"{first['content']}\n\n{second['content']}"}, *rest]


def _without(name: str) -> Callable[[Json], None]:
    def repair(body: Json) -> None:
        body.pop(name, None)

    return repair


REPAIRS: dict[str, Callable[[Json], None]] = {
    "response_format": _instead_of_a_schema,
    "json_schema": _instead_of_a_schema,
    "max_tokens": _renamed,
    "max_completion_tokens": _without("max_completion_tokens"),
    "temperature": _without("temperature"),
    "top_p": _without("top_p"),
    "seed": _without("seed"),
    "stream": _without("stream"),
    "system": _in_one_turn,
}
"""What is done when a server names a field in its refusal; what was done once is done to every request after it."""


class Talk:
    """A conversation partner: what it takes is learned from what it refuses.

    Args:
        where: The endpoint.
    """

    def __init__(self, where: Endpoint) -> None:
        self.where = where
        self.repaired: list[str] = []
        self._key = where.key()

    def client(self) -> httpx.AsyncClient:
        """Return a client for the endpoint; whoever takes it closes it."""
        headers = {"Accept-Encoding": "identity", "User-Agent": "worldkit"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key.reveal()}"
        return httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(SILENCE_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=None),
            # a proxy is for the world outside; what is meant for this machine stays on it
            trust_env=not self.where.loopback,
            follow_redirects=False,
            verify=self.where.url.startswith("https:"),  # reading the certificates takes longer than a short answer
        )

    async def ask(self, client: httpx.AsyncClient, body: Json, enough: Callable[[str], bool]) -> Said:
        """Send a request until it is answered, and return the answer.

        Args:
            client: From ``client``.
            body: The request as the protocol has it; ``model`` and ``stream`` are put in.
            enough: Says of what was said so far whether the rest is not wanted; the answer is cut there.

        Raises:
            Refused: The endpoint refuses, and no repair helps.
            Broken: It cannot be reached, or broke off each time.
        """
        failed = 0
        while True:
            try:
                sent = self._body(body)
                async with asyncio.timeout(ANSWER_S):
                    return await self._exchange(client, sent, enough)
            except _Repair as repair:
                if repair.name not in self.repaired:  # else another exchange has learned it in the meantime
                    self.repaired.append(repair.name)
            except (Broken, TimeoutError) as error:
                if failed == len(PAUSES_S):
                    if isinstance(error, Broken):
                        raise
                    raise Broken(f"{self.where.shown} took more than {ANSWER_S:.0f} s for an answer") from None
                await asyncio.sleep(max(PAUSES_S[failed], getattr(error, "wait", 0.0)))
                failed += 1

    def _body(self, body: Json) -> Json:
        made = {"model": self.where.model, "stream": True, **body}
        for name in self.repaired:
            if name in made or name in ("system", "json_schema"):
                REPAIRS[name](made)
        return made

    async def _exchange(self, client: httpx.AsyncClient, sent: Json, enough: Callable[[str], bool]) -> Said:
        shown = self.where.shown
        try:
            async with client.stream("POST", self.where.at("/chat/completions"), json=sent) as response:
                if response.status_code != 200:
                    await self._refused(response, sent)
                if "event-stream" in response.headers.get("content-type", ""):
                    return await self._streamed(response, enough)
                return _at_once(await _read(response, MAX_BYTES), shown)
        except httpx.TimeoutException:
            raise Broken(f"{shown} did not answer in time") from None
        except httpx.ConnectError:
            raise Broken(f"{shown} cannot be reached; is the server running, and is this its address?") from None
        except httpx.InvalidURL:
            raise Refused(f"{shown} is no address that can be asked") from None
        except httpx.HTTPError as error:
            raise Broken(f"the connection to {shown} broke off ({type(error).__name__})") from None

    async def _refused(self, response: httpx.Response, sent: Json) -> None:
        text = (await _read(response, 1 << 16, cut=True)).decode("utf-8", "replace")
        status = response.status_code
        said = self._shown(text)
        if status in (400, 422) and (name := _named_field(text, sent)):
            raise _Repair(name)
        if status == 429 or status >= 500:
            raise Broken(f"{self.where.shown} answered {status}{said}", _pause(response.headers.get("retry-after")))
        hint = ""
        if status in (401, 403):
            sent_one = "the key it was sent is not taken" if self._key else "no key was sent: give key="
            hint = f"; {sent_one}"
        elif status == 404:
            hint = f"; is {self.where.model!r} a model it has, and does the address end as it should, mostly in /v1?"
        elif 300 <= status < 400:
            hint = "; redirects are not followed, give the address it leads to"
        raise Refused(f"{self.where.shown} answered {status}{said}{hint}")

    def _shown(self, text: str) -> str:
        """Return what a server said, on one line, without the key, which some servers repeat."""
        try:
            error = json.loads(text)
            error = error.get("error", error.get("detail", error))
            text = error.get("message", text) if isinstance(error, dict) else str(error)
        except (ValueError, AttributeError):
            pass
        if self._key:
            text = text.replace(self._key.reveal(), "…")
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split())
        return f": {line[:SHOWN]}" if line else ""

    async def _streamed(self, response: httpx.Response, enough: Callable[[str], bool]) -> Said:
        text, pieces, reason = "", 0, ""
        async for data in _events(response):
            if data == "[DONE]":
                break
            try:
                event = json.loads(data)
                if event.get("error"):
                    raise Broken(f"{self.where.shown} broke off{self._shown(json.dumps(event))}")
                for choice in event.get("choices") or ():
                    piece = (choice.get("delta") or {}).get("content")
                    reason = choice.get("finish_reason") or reason
                    if isinstance(piece, str) and piece:
                        text, pieces = text + piece, pieces + 1
            except (ValueError, AttributeError, TypeError):
                raise Broken(f"{self.where.shown} sent what is no event of the protocol") from None
            if not reason and enough(text):
                return Said(text, False, pieces)
        if not reason:
            raise Broken(f"{self.where.shown} broke off in the middle of an answer")
        return Said(text, reason == "stop", pieces)


class _Repair(Exception):
    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def _named_field(text: str, sent: Json) -> str | None:
    """Return the field that a refusal names and that can be done without, the one named first."""
    found = []
    for name in REPAIRS:
        there = name in sent or (name == "json_schema" and "response_format" in sent)
        there = there or (name == "system" and sent["messages"][0]["role"] == "system")
        match = re.search(rf"(?<![a-z_]){name}(?![a-z_])", text, re.IGNORECASE)
        if there and match:
            found.append((match.start(), name))
    return min(found)[1] if found else None


def _pause(text: str | None) -> float:
    try:
        return min(LONGEST_PAUSE_S, max(0.0, float(text or 0)))
    except ValueError:
        return 0.0


async def _read(response: httpx.Response, most: int, cut: bool = False) -> bytes:
    data = b""
    async for piece in response.aiter_bytes():
        data += piece
        if len(data) > most:
            if cut:
                return data[:most]
            raise Broken("the answer is longer than any answer should be")
    return data


async def _events(response: httpx.Response) -> AsyncIterator[str]:
    """Yield the data of server-sent events, and give up on a line or an answer without an end."""
    kept, seen = b"", 0
    async for piece in response.aiter_bytes():
        seen += len(piece)
        if seen > MAX_BYTES:
            raise Broken("the answer is longer than any answer should be")
        *lines, kept = (kept + piece).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].decode("utf-8", "replace").strip()
    if kept.startswith(b"data:"):
        yield kept[5:].decode("utf-8", "replace").strip()


def _at_once(data: bytes, shown: str) -> Said:
    try:
        body = json.loads(data)
        choice = body["choices"][0]
        text = choice["message"]["content"] or ""
        tokens = (body.get("usage") or {}).get("completion_tokens") or len(text.split())
        return Said(str(text), choice.get("finish_reason", "stop") == "stop", int(tokens))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise Broken(f"{shown} sent what is no answer of the protocol") from None
