"""Reads one response of an endpoint, streamed or whole, and keeps what has arrived when it breaks off."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from worldkit.core.errors import WorldError
from worldkit.generation.engines.conversation import Answer, Arriving
from worldkit.generation.engines.replies import spoken, text_of

FIRST_TOKEN_S, SILENCE_S = 600.0, 300.0
"""Seconds after which an answer is given up in which neither a token came nor word of how much of the question was
read: before the first token, since a slow machine reads a long question for minutes and a busy server lets it wait; and
between two, since a server with few cores may stop one answer while it reads another question. Nothing limits the whole
of an answer but its tokens. A server that does not stream gets the first limit for the whole."""
MAX_BYTES = 4 << 20
OFTEN = 0.25
"""Seconds between two calls with what has arrived."""

THOUGHTS = ("reasoning_content", "reasoning", "thinking")
"""Fields in which servers send thoughts."""


class Broken(WorldError):
    """An endpoint could not be reached, or broke off: trying again may help.

    Attributes:
        wait: Seconds that it asked for.
    """

    def __init__(self, text: str, wait: float = 0.0) -> None:
        self.wait = wait
        super().__init__(text)


class Silent(Broken):
    """An endpoint sent nothing for too long; asked again, it would only be waited for again."""


@dataclass(slots=True)
class Arrival:
    """What has arrived of an answer.

    Attributes:
        max_tokens: How many tokens there can be.
        text: The text, with thoughts where a server does not part them.
        thoughts: What was sent as thoughts.
        tokens: How many pieces came, about one a token.
        ended: Why the model ended, in the words of the protocol; empty while it goes on.
        share_read: How much of the question the model has read, 0 to 1, where the server tells.
    """

    max_tokens: int = 0
    text: str = ""
    thoughts: str = ""
    tokens: int = 0
    ended: str = ""
    began: float = field(default_factory=time.monotonic)
    first: float = 0.0
    share_read: float = 0.0

    def add(self, choice: dict[str, Any], name: str) -> bool:
        """Take a choice of the protocol; say whether it brought a token.

        Args:
            choice: The choice.
            name: Where its part of the message stands: ``"delta"`` or ``"message"``.
        """
        message = choice.get(name) or {}
        text = text_of(message.get("content")) + text_of(message.get("refusal"))
        thoughts = "".join(text_of(message.get(key)) for key in THOUGHTS if message.get(key))
        self.ended = choice.get("finish_reason") or self.ended
        self.text += text
        self.thoughts += thoughts
        is_token = bool(text or thoughts or (isinstance(message.get("content"), list) and message["content"]))
        if is_token:
            self.tokens += 1
            self.first = self.first or time.monotonic()
        return is_token

    def arriving(self) -> Arriving:
        """Return it as it is shown to the caller."""
        now = time.monotonic()
        first = (self.first or now) - self.began
        return Arriving(spoken(self.text), self.tokens, now - self.began, first, self.max_tokens, self.share_read)

    def answer(self, lost: str = "") -> Answer:
        """Return it as an answer.

        Args:
            lost: Why the rest did not come, if it did not.
        """
        text = spoken(self.text)
        # some servers file an answer under the thoughts when its model did not think (vLLM issues 19222 and 48863)
        if not text and self.thoughts.lstrip().startswith(("{", "[")):
            text = self.thoughts
        if not lost and self.ended == "length":
            lost = f"it was longer than {self.max_tokens} tokens"
            if not text and (self.thoughts or self.text):
                lost = f"the model's thoughts took all {self.max_tokens} tokens"
        elif not lost and self.ended == "content_filter":
            lost = "the endpoint's filter ended it"
        return Answer(text, not lost, self.tokens, time.monotonic() - self.began, lost)

    def restart(self) -> None:
        """Forget what came, because the question is asked again."""
        self.text = self.thoughts = self.ended = ""

    @property
    def only_thoughts(self) -> bool:
        """Whether the model has thought until there was no room left for the answer."""
        return self.ended == "length" and not self.answer().text


Enough = Callable[[str], bool]
Words = Callable[[str], str]
"""Returns what a server said, fit to be shown: on one line, and without a key."""


async def read(response: httpx.Response, arrival: Arrival, shown: str, words: Words, enough: Enough) -> bool:
    """Read a response; say whether it came to its end, or was cut because enough had come.

    Args:
        response: A response with status 200.
        arrival: Gets what arrives.
        shown: The endpoint, for errors.
        words: Makes what a server said fit to be shown.
        enough: Says of what was said so far whether the rest is not wanted.

    Raises:
        Broken: It fell silent, or is no answer of the protocol.
    """
    if "event-stream" not in response.headers.get("content-type", ""):
        await _whole(response, arrival, shown)
        return True
    loop, looked_at = asyncio.get_running_loop(), 0
    try:
        async with asyncio.timeout(FIRST_TOKEN_S) as limit:
            async for data in _events(response):
                if data == "[DONE]":
                    break
                if _take(data, arrival, shown, words):
                    limit.reschedule(loop.time() + SILENCE_S)
                # all that was said is looked at each time, so a long answer is looked at less often
                if len(arrival.text) - looked_at > looked_at // 16:
                    looked_at = len(arrival.text) if len(arrival.text) > 2000 else 0
                    if not arrival.ended and enough(arrival.text):
                        return False
    except TimeoutError:
        raise Silent(silence(arrival, shown)) from None
    if not arrival.ended:
        raise Broken(f"{shown} broke off in the middle of an answer")
    return True


def silence(arrival: Arrival, shown: str) -> str:
    """Say that nothing came for too long."""
    if arrival.tokens:
        return f"{shown} sent nothing more for {SILENCE_S:.0f} s, after {arrival.tokens} tokens"
    return f"{shown} sent no token within {FIRST_TOKEN_S:.0f} s"


def _take(data: str, arrival: Arrival, shown: str, words: Words) -> bool:
    try:
        event = json.loads(data)
        if event.get("error"):
            raise Broken(f"{shown} broke off{words(json.dumps(event))}")
        tokens = [arrival.add(choice, "delta") for choice in event.get("choices") or ()]
        share = _share_read(event.get("prompt_progress"))
        is_read_on = share > arrival.share_read
        arrival.share_read = max(share, arrival.share_read)
        return is_read_on or any(tokens)
    except (ValueError, AttributeError, TypeError):
        raise Broken(f"{shown} sent what is no event of the protocol") from None


def _share_read(progress: Any) -> float:
    """Return how much of the question was read, as llama.cpp tells it."""
    if not isinstance(progress, dict):
        return 0.0
    return min(1.0, float(progress.get("processed") or 0) / max(1.0, float(progress.get("total") or 0)))


async def _whole(response: httpx.Response, arrival: Arrival, shown: str) -> None:
    data = await read_bytes(response, MAX_BYTES)
    try:
        body = json.loads(data)
        choice = body["choices"][0]
        if not isinstance(choice["message"], dict):
            raise TypeError
        arrival.add(choice, "message")
        arrival.ended = arrival.ended or "stop"
        used = (body.get("usage") or {}).get("completion_tokens")
        arrival.tokens = used if isinstance(used, int) else len(arrival.text.split())
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise Broken(f"{shown} sent what is no answer of the protocol") from None


async def read_bytes(response: httpx.Response, most: int, cut: bool = False) -> bytes:
    """Return the body of a response.

    Args:
        response: The response.
        most: Bytes that are read at most.
        cut: Return the beginning of a longer one.

    Raises:
        Broken: It is longer.
    """
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
    rest, seen = b"", 0
    async for piece in response.aiter_bytes():
        seen += len(piece)
        if seen > MAX_BYTES:
            raise Broken("the answer is longer than any answer should be")
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].decode("utf-8", "replace").strip()
    if rest.startswith(b"data:"):
        yield rest[5:].decode("utf-8", "replace").strip()


async def report(arrival: Arrival, tell: Callable[[Arriving], None]) -> None:
    """Tell what has arrived, again and again, until it is cancelled.

    Args:
        arrival: What arrives.
        tell: Gets it.
    """
    told, told_at = (-1, 0.0), 0.0
    while True:
        now = time.monotonic()
        state = arrival.tokens, arrival.share_read
        # while nothing comes, a second that passes is news enough
        if state != told or now - told_at > 1:
            told, told_at = state, now
            tell(arrival.arriving())
        await asyncio.sleep(OFTEN)
