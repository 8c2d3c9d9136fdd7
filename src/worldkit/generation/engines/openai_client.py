"""One question to an endpoint: sent, tried again on the way, repaired when a server refuses a field."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from operator import methodcaller
from typing import Any

import httpx

from worldkit.generation.engines import chat_stream
from worldkit.generation.engines.base import ModelAnswer, in_one_turn
from worldkit.generation.engines.chat_stream import Enough, StreamedAnswer
from worldkit.model_access.answer_body import is_packed
from worldkit.model_access.endpoint import Endpoint
from worldkit.model_access.exchange import (
    Broken,
    EndpointError,
    Retries,
    failures_in_words,
    named_field,
    refusal_error,
    refusal_text,
)
from worldkit.model_access.network_settings import client_for

CONNECT_TIMEOUT_S = 10.0
"""Seconds that a connection may take."""
PAUSES_S = (0.5, 2.0, 6.0)
"""Seconds before an exchange that failed on the way is tried again."""
MAX_PAUSE_S = 30.0
LOADING_S, LOADING_PAUSE_S = 300.0, 1.0
"""Seconds that a server may take to load its model, and between two questions whether it has."""
THINKING_ROOM = 4096
"""Tokens that a model gets on top once it has thought until there was no room left for its answer."""

Json = dict[str, Any]


def _instead_of_a_schema(body: Json) -> None:
    body.pop("grammar", None)
    schema = body.pop("response_format", {}).get("json_schema", {}).get("schema")
    if schema:
        instruction = (
            f"Answer with one JSON object and nothing else. It must satisfy this JSON Schema: {json.dumps(schema)}"
        )
        body["messages"] = [*body["messages"][:-1], {**body["messages"][-1]}]
        body["messages"][-1]["content"] += f"\n\n{instruction}"


SCHEMA_REPAIRS = ("response_format", "json_schema", "grammar")
_DISPENSABLE_FIELDS = (
    "max_completion_tokens",
    "temperature",
    "frequency_penalty",
    "seed",
    "stream",
    "return_progress",
    "logit_bias",
    "chat_template_kwargs",
)
REPAIRS: dict[str, Callable[[Json], None]] = {
    **dict.fromkeys(SCHEMA_REPAIRS, _instead_of_a_schema),
    "max_tokens": lambda body: body.update(max_completion_tokens=body.pop("max_tokens")),
    **{name: methodcaller("pop", name, None) for name in _DISPENSABLE_FIELDS},
    "system": lambda body: body.update(messages=in_one_turn(body["messages"])),
}
"""What is done when a server names a field in its refusal; what was done once is done to every request after it."""


LENGTH_ERROR_PHRASES = ("too large", "context length", "context_length", "maximum context")
"""What servers say where a question and the room for its answer are more than the model can hold."""


class OpenAIClient:
    """An endpoint; what it takes is learned from what it refuses.

    Attributes:
        repaired: The fields that it refused.
        room: Tokens that a model gets on top, because it thinks.
        is_lost: Whether the question that ended last was given up, since the endpoint was out of reach or silent.
    """

    def __init__(self, where: Endpoint) -> None:
        self.where = where.with_present_key()
        self.repaired: list[str] = []
        self.room = 0
        self.is_lost = False

    def client(self) -> httpx.AsyncClient:
        """Return a client for the endpoint; the caller closes it."""
        return client_for(
            self.where,
            timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT_S),  # each question has a limit of its own
            limits=httpx.Limits(max_connections=None),
        )

    async def ask(
        self,
        client: httpx.AsyncClient,
        body: Json,
        enough: Enough,
        arrival: StreamedAnswer | None = None,
        *,
        keeps_parts: bool = False,
    ) -> ModelAnswer:
        """Send a request until it is answered, and return the answer.

        Args:
            client: From ``client``.
            body: The request as the protocol has it; ``model`` and ``stream`` are put in.
            enough: Says of what was said so far whether the rest is not wanted; the answer is cut there.
            arrival: Gets what arrives.
            keeps_parts: Return an answer that breaks off as far as it came, and do not ask for it again.

        Raises:
            EndpointError: The endpoint refuses, and no repair helps.
            Broken: It cannot be reached, broke off each time, or sent nothing for too long.
        """
        retries, arrival = Retries(PAUSES_S, MAX_PAUSE_S), arrival or StreamedAnswer()
        loading_deadline = time.monotonic() + LOADING_S
        while True:
            arrival.restart()
            room = self.room
            request = self._body(body)
            arrival.max_tokens = request.get("max_tokens") or request.get("max_completion_tokens") or 0
            arrival.patience_s = chat_stream.patience_s(request["messages"], self.where.loopback)
            try:
                is_complete = await self._exchange(client, request, enough, arrival)
            except _Repair as repair:
                [name] = repair.args
                if name not in self.repaired:  # else another exchange has learned it in the meantime
                    self.repaired.append(name)
                continue
            except _Loading:
                if time.monotonic() > loading_deadline:
                    self.is_lost = True
                    raise
                await asyncio.sleep(LOADING_PAUSE_S)
                continue
            except Broken as error:
                if keeps_parts and (part := arrival.answer(str(error))).text:
                    return part
                pause_s = retries.pause_s(error)
                if pause_s is None:
                    self.is_lost = True
                    raise
                await asyncio.sleep(pause_s)
                continue
            self.is_lost = False
            answer = arrival.answer("" if is_complete else "it was cut, because enough had come")
            if answer.text or not answer.is_at_limit or room == THINKING_ROOM:
                return answer
            self.room = THINKING_ROOM

    def _body(self, body: Json) -> Json:
        request = {"model": self.where.model, "stream": True, **body}
        if self.where.loopback:
            request["return_progress"] = True  # llama.cpp tells then how far it has read; others do not know the field
        if self.room and "max_tokens" in request:
            request["max_tokens"] += self.room
        for name in self.repaired:
            if name in request or name in ("system", "json_schema", "grammar"):
                REPAIRS[name](request)
        return request

    async def _exchange(
        self, client: httpx.AsyncClient, request: Json, enough: Enough, arrival: StreamedAnswer
    ) -> bool:
        endpoint = self.where.shown

        async def note_step(name: str, _: object) -> None:
            arrival.is_sent |= name.endswith("send_request_headers.started")

        address = self.where.at("/chat/completions")
        # httpx would hold the whole answer to the first limit of a read; how long a part may take changes
        limits = httpx.Timeout(arrival.patience_s, connect=CONNECT_TIMEOUT_S, read=None)
        try:
            with failures_in_words(self.where):
                question = client.build_request("POST", address, json=request, timeout=limits)
                question.extensions["trace"] = note_step
                async with asyncio.timeout(arrival.patience_s):
                    response = await client.send(question, stream=True)
                async with contextlib.aclosing(response):
                    if is_packed(response.headers):
                        raise EndpointError(f"{endpoint} packed its answer, though it was asked for it as it is")
                    if response.status_code != 200:
                        await self._raise_refusal(response, request)
                    return await chat_stream.read(response, arrival, self.where, enough)
        except TimeoutError:
            raise Broken(chat_stream.silence(arrival, endpoint), is_final=True) from None

    async def _raise_refusal(self, response: httpx.Response, body: Json) -> None:
        text = await refusal_text(response)
        status = response.status_code
        # llama.cpp answers 500 where it cannot make a grammar of a schema; any other 500 is of this moment alone
        repairs = REPAIRS if status in (400, 422) else SCHEMA_REPAIRS if status == 500 else ()
        present = {*body, body["messages"][0]["role"]}
        if "response_format" in body:
            present |= {"json_schema", "grammar"}
        # a question that does not fit is no reason to ask all later ones without a limit
        is_too_long = any(part in text.casefold() for part in LENGTH_ERROR_PHRASES)
        if not is_too_long and (name := named_field(text, present.intersection(repairs))):
            raise _Repair(name)
        error = refusal_error(response, self.where, text)
        if status == 503 and "loading" in self.where.words(text).casefold():
            raise _Loading(str(error))
        raise error


class _Loading(Broken):
    """A server that loads its model; llama.cpp says so."""


class _Repair(Exception):
    """A refusal that names a field."""
