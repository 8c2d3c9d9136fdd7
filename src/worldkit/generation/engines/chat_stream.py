"""Reads one response of an endpoint, streamed or whole, and keeps what has arrived when it breaks off."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from worldkit.generation.engines.base import ModelAnswer, OnText
from worldkit.generation.engines.replies import spoken, text_of
from worldkit.model_access.answer_body import read_body
from worldkit.model_access.endpoint import Endpoint
from worldkit.model_access.exchange import Broken

FIRST_TOKEN_S, SILENCE_S = 600.0, 300.0
"""Seconds after which an answer is given up in which neither a token came nor word of how much of the question was
read: before the first token, since a busy server lets a question wait; and between two, since a server with few cores
may stop one answer while it reads another question. Nothing limits the whole of an answer but its tokens. A server that
does not stream gets the first limit for the whole."""
MIN_READING_CHARACTERS_PER_S = 12.0
"""Characters a second, about three tokens, that a slow and busy machine reads of a question at least; a server on this
machine has as much longer for its first token as it takes to read the question so slowly."""
MAX_BYTES = 4 << 20
REPORT_INTERVAL_S = 0.25
"""Seconds between two calls with what has arrived."""
MIN_MEASURED_TOKENS = 6
"""Tokens from which on their pace tells how long the rest can take."""

THOUGHT_FIELDS = ("reasoning_content", "reasoning", "thinking")
"""Fields in which servers send thoughts."""


@dataclass(slots=True)
class StreamedAnswer:
    """What has arrived of an answer; as text it says how fast it comes and how long it can still take.

    Until something comes, it says only what is known: nothing can be said of the speed.

    Attributes:
        max_tokens, tokens: How many tokens there can be, and how many have come.
        patience_s: Seconds that the next token, or word of how much was read, may take.
        text: The text, with thoughts where a server does not part them.
        thoughts: What was sent as thoughts.
        finish_reason: Why the model ended, in the words of the protocol; empty while it goes on.
        start_time, first_token_time: When the question was sent, and the first token came, on ``time.monotonic``.
        share_read: How much of the question the model has read, 0 to 1, where the server tells.
        is_sent: Whether there is a connection, and the question is on its way.
    """

    max_tokens: int = 0
    patience_s: float = FIRST_TOKEN_S
    text: str = ""
    thoughts: str = ""
    tokens: int = 0
    finish_reason: str = ""
    start_time: float = field(default_factory=time.monotonic)
    first_token_time: float = 0.0
    share_read: float = 0.0
    is_sent: bool = True
    _report_time: float = float("-inf")

    def add(self, choice: dict[str, Any], name: str) -> bool:
        """Take a choice, whose message is named ``"delta"`` or ``"message"``; say whether it brought a token."""
        message = choice.get(name) or {}
        text = text_of(message.get("content")) + text_of(message.get("refusal"))
        # some servers send the same thoughts in two fields
        thoughts = next((text_of(message[key]) for key in THOUGHT_FIELDS if message.get(key)), "")
        self.finish_reason = choice.get("finish_reason") or self.finish_reason
        self.text += text
        self.thoughts += thoughts
        is_token = bool(text or thoughts or (isinstance(message.get("content"), list) and message["content"]))
        if is_token:
            self.tokens += 1
            self.first_token_time = self.first_token_time or time.monotonic()
        return is_token

    def count_tokens(self, tokens: int, on_text: OnText) -> None:
        """Note how many tokens a model that runs here has decoded by now, and report it, though not at every token."""
        now = time.monotonic()
        self.tokens = tokens
        self.first_token_time = self.first_token_time or now
        if now - self._report_time >= REPORT_INTERVAL_S:
            self._report_time = now
            on_text(self)

    def __str__(self) -> str:
        now = time.monotonic()
        seconds = now - self.start_time
        if 0 < self.tokens < MIN_MEASURED_TOKENS:
            return f"the answer begins, {seconds:.0f} s"
        if not self.tokens and self.share_read:
            return f"the model reads the question ({self.share_read:.0%}), {seconds:.0f} s"
        if not self.tokens:
            return f"no answer yet ({seconds:.0f} s)" if self.is_sent else f"connecting ({seconds:.0f} s)"
        per_second = (self.tokens - 1) / max(1e-3, now - self.first_token_time)
        left = max(0, self.max_tokens - self.tokens) / per_second
        duration = f"{left:.0f} s" if left < 120 else f"{left / 60:.0f} min"
        return f"{per_second:.1f} tokens/s, at most {duration} left"

    def answer(self, interruption: str = "") -> ModelAnswer:
        """Return it as an answer, with why the rest did not come, if it did not."""
        text = spoken(self.text)
        # some servers file an answer under the thoughts when its model did not think (vLLM issues 19222 and 48863)
        if not text and self.thoughts.lstrip().startswith(("{", "[", "```")):
            text = self.thoughts
        is_at_limit = not interruption and self.finish_reason == "length"
        if is_at_limit:
            interruption = f"it was longer than {self.max_tokens} tokens"
            if not text and (self.thoughts or self.text):
                interruption = f"the model's thoughts took all {self.max_tokens} tokens"
        elif not interruption and self.finish_reason == "content_filter":
            interruption = "the endpoint's filter ended it"
        seconds = time.monotonic() - self.start_time
        return ModelAnswer(sendable(text), not interruption, self.tokens, seconds, interruption, is_at_limit)

    def restart(self) -> None:
        """Forget what came, because the question is to be sent; the time since it was first sent runs on."""
        self.text = self.thoughts = self.finish_reason = ""
        self.tokens, self.first_token_time, self.share_read, self.is_sent = 0, 0.0, 0.0, False


def sendable(text: str) -> str:
    """Return a text with the halves of letters joined, which servers send one by one, and those left alone replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


Enough = Callable[[str], bool]
"""Says of what was said so far whether the rest is not wanted."""


async def read(response: httpx.Response, arrival: StreamedAnswer, where: Endpoint, enough: Enough) -> bool:
    """Read a response of status 200; say whether it came to its end, or was cut because enough had come.

    Raises:
        Broken: It is no answer of the protocol, or was not sent whole in time.
        TimeoutError: It fell silent as it was streamed.
    """
    if "event-stream" not in response.headers.get("content-type", ""):
        try:
            async with asyncio.timeout(arrival.patience_s):
                await _read_whole(response, arrival, where)
        except TimeoutError:
            message = f"{where.shown} sent no whole answer within {arrival.patience_s:.0f} s"
            raise Broken(message, is_final=True) from None
        return True
    loop, checked_length = asyncio.get_running_loop(), 0
    last_sign_s = loop.time()
    async with asyncio.timeout(arrival.patience_s) as limit:
        async for data in _events(response):
            if data == "[DONE]":
                if arrival.text or arrival.thoughts:  # some servers say in no other way that they are done
                    arrival.finish_reason = arrival.finish_reason or "stop"
                break
            if _take(data, arrival, where):
                # a part of the question took so long to read: the next may take as long again, and more
                read_s = 0.0 if arrival.tokens else loop.time() - last_sign_s
                last_sign_s = loop.time()
                arrival.patience_s = max(SILENCE_S, 2 * read_s)
                limit.reschedule(last_sign_s + arrival.patience_s)
            # all that was said is looked at each time, so a long answer is looked at less often
            if len(arrival.text) - checked_length > checked_length // 16:
                checked_length = len(arrival.text) if len(arrival.text) > 2000 else 0
                if not arrival.finish_reason and enough(arrival.text):
                    return False
    if not arrival.finish_reason:
        raise Broken(f"{where.shown} broke off in the middle of an answer")
    return True


def patience_s(messages: list[dict[str, str]], is_here: bool) -> float:
    """Return how many seconds the first token may take; with ``is_here``, longer questions have more."""
    characters = sum(len(message["content"]) for message in messages) if is_here else 0
    return FIRST_TOKEN_S + characters / MIN_READING_CHARACTERS_PER_S


def silence(arrival: StreamedAnswer, endpoint: str) -> str:
    """Say that nothing came for too long."""
    if arrival.tokens:
        return f"{endpoint} sent nothing more for {arrival.patience_s:.0f} s, after {arrival.tokens} tokens"
    part = f"; it had read {arrival.share_read:.0%} of the question" if arrival.share_read else ""
    return f"{endpoint} sent no token within {arrival.patience_s:.0f} s{part}"


def _take(data: str, arrival: StreamedAnswer, where: Endpoint) -> bool:
    try:
        event = json.loads(data)
        _refuse_error(event, where)
        tokens = [arrival.add(choice, "delta") for choice in event.get("choices") or ()]
        share = _share_read(event.get("prompt_progress"))
        is_read_on = share > arrival.share_read
        arrival.share_read = max(share, arrival.share_read)
        return is_read_on or any(tokens)
    except (ValueError, AttributeError, TypeError, OverflowError, RecursionError):
        raise Broken(f"{where.shown} sent what is no event of the protocol") from None


def _refuse_error(event: Any, where: Endpoint) -> None:
    """Raise what a server says in place of an answer, though its status was that of success."""
    if event.get("error"):
        raise Broken(f"{where.shown} broke off{where.words(json.dumps(event))}")


def _share_read(progress: Any) -> float:
    """Return how much of the question was read, as llama.cpp tells it."""
    if not isinstance(progress, dict):
        return 0.0
    return min(1.0, float(progress.get("processed") or 0) / max(1.0, float(progress.get("total") or 0)))


async def _read_whole(response: httpx.Response, arrival: StreamedAnswer, where: Endpoint) -> None:
    try:
        body = json.loads(await read_body(response, MAX_BYTES))
        _refuse_error(body, where)
        choice = body["choices"][0]
        if not isinstance(choice["message"], dict):
            raise TypeError
        arrival.add(choice, "message")
        arrival.finish_reason = arrival.finish_reason or "stop"
        token_count = (body.get("usage") or {}).get("completion_tokens")
        arrival.tokens = token_count if isinstance(token_count, int) else len(arrival.text.split())
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise Broken(f"{where.shown} sent what is no answer of the protocol") from None


async def _events(response: httpx.Response) -> AsyncIterator[str]:
    """Yield the data of server-sent events, and give up on a line or an answer without an end."""
    parts, byte_count = list[bytes](), 0  # of the line that has not ended
    async for chunk in response.aiter_raw():
        byte_count += len(chunk)
        if byte_count > MAX_BYTES:
            raise Broken("the answer is longer than any answer should be")
        parts.append(chunk)
        if b"\n" not in chunk:
            continue
        *lines, remainder = b"".join(parts).split(b"\n")
        parts = [remainder]
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].decode("utf-8", "replace").strip()
    remainder = b"".join(parts)
    last = remainder[5:].decode("utf-8", "replace").strip() if remainder.startswith(b"data:") else ""
    if last == "[DONE]" or _is_json(last):  # else the stream was cut within it
        yield last


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


async def report(arrival: StreamedAnswer, on_arrival: OnText) -> None:
    """Tell what has arrived, again and again, until it is cancelled."""
    last_state, last_time = (-1, 0.0, False), 0.0
    while True:
        now = time.monotonic()
        state = arrival.tokens, arrival.share_read, arrival.is_sent
        # while nothing comes, a second that passes is news enough
        if state != last_state or now - last_time > 1:
            last_state, last_time = state, now
            on_arrival(copy.copy(arrival))  # which the caller's thread reads later
        await asyncio.sleep(REPORT_INTERVAL_S)
