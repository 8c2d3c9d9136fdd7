"""An endpoint that speaks OpenAI's protocol for images: ``/images/generations``, and ``/images/edits`` where it has it.

The server is not trusted: an answer is read up to a limit in bytes and in seconds, no redirect is followed, an address
in an answer is fetched only from the same server, and what it says is shown on one line without the key.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import json
import time
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx

from worldkit.core.json_values import Json
from worldkit.core.prompt_parts import MAX_PROMPT_LENGTH, cut_prompt
from worldkit.core.state_prompt import state_prompt
from worldkit.model_access import background_loop
from worldkit.model_access.answer_body import read_body
from worldkit.model_access.endpoint import NO_SUCH_PATH_STATUSES, Endpoint
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
from worldkit.painting.text_to_image.still_model import (
    ModelPicture,
    ModelUnavailable,
    OnStep,
    StillRefused,
    StillRequest,
)

CONNECT_TIMEOUT_S = 10.0
REQUEST_TIMEOUT_S = 600.0
"""Seconds that a request and its answer may take as a whole; a picture is painted before the answer begins."""
PAUSES_S = (1.0, 4.0, 15.0)
"""Seconds before a request is sent again that failed on the way, or that the server had no time for."""
MAX_PAUSE_S = 120.0
"""Seconds that a server may ask us to wait."""
MAX_BYTES = 48 << 20
"""Bytes of an answer: a large picture in base64."""
DEFAULT_SIZE = (1024, 1024)
"""The one size that every model of the protocol takes."""
OPTIONAL_FIELDS = ("response_format", "seed")
"""Fields that some servers refuse; one without which a request was answered is left out from then on."""
DEFAULT_PORTS = {"http": 80, "https": 443}

_NO_EDITS_STATUSES = (*NO_SUCH_PATH_STATUSES, 415)
_REFUSAL_STATUSES = (400, 422)


class _FieldRefused(Exception):
    """A server refused a field that can be left out."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


class _NoEdits(Exception):
    """A server does not change pictures."""


class _EditRefused(Exception):
    """A server did not make a picture from another one: it makes none, or its filter refused this one."""


class ImagesEndpoint:
    """A model behind an endpoint."""

    def __init__(self, where: Endpoint) -> None:
        self._address = where.with_present_key()
        self._refused_fields: set[str] = set()
        self._has_edits = True
        self._has_edited = False
        self._client = client_for(self._address, timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT_S))

    def paint(self, request: StillRequest, on_step: OnStep) -> ModelPicture:
        """Paint a picture; see ``StillModel``."""
        size = request.size or DEFAULT_SIZE
        fields: Json = {
            "model": self._address.model,
            "prompt": cut_prompt(state_prompt(request.document, request.state), MAX_PROMPT_LENGTH),
            "n": 1,
            "size": f"{size[0]}x{size[1]}",
            "response_format": "b64_json",
            "seed": request.seed,
        }
        if request.source is not None and self._has_edits:
            try:
                data = self._ask("/images/edits", fields, request.source)
                self._has_edited = True
                return ModelPicture(data, size, True)
            except _NoEdits:
                self._has_edits = False
            except _EditRefused:
                data = self._ask("/images/generations", fields)
                # that was no filter then, unless edits came out before
                self._has_edits = self._has_edited
                return ModelPicture(data, size)
        return ModelPicture(self._ask("/images/generations", fields), size)

    def close(self) -> None:
        """Close the connections."""
        background_loop.run(self._client.aclose)

    def _ask(self, path: str, fields: Json, source: bytes | None = None) -> bytes:
        retries = Retries(PAUSES_S, MAX_PAUSE_S)
        refused_fields = set(self._refused_fields)
        while True:
            body = {name: value for name, value in fields.items() if name not in refused_fields}
            try:
                answer = background_loop.run(self._exchange, path, body, source)
            except _FieldRefused as refusal:
                refused_fields.add(refusal.name)
            except Broken as failure:
                pause_s = retries.pause_s(failure)
                if pause_s is None:
                    count = retries.failure_count
                    tries_note = f"; it was asked {count} times" if count > 1 else ""
                    raise ModelUnavailable(f"{failure}{tries_note}") from None
                time.sleep(pause_s)
            else:
                self._refused_fields |= refused_fields  # not before: the words of a filter may name a field too
                return self._picture(answer)

    async def _exchange(self, path: str, fields: Json, source: bytes | None) -> Json:
        place = self._address.shown
        if source is None:
            body: dict[str, Any] = {"json": fields}
        else:
            texts = {name: str(value) for name, value in fields.items()}
            body = {"data": texts, "files": {"image": ("source.jpg", source, "image/jpeg")}}
        try:
            with failures_in_words(self._address):
                async with (
                    asyncio.timeout(REQUEST_TIMEOUT_S),
                    self._client.stream("POST", self._address.at(path), **body) as response,
                ):
                    if response.status_code != 200:
                        await self._refuse(response, fields, is_edit=source is not None)
                    data = await _read(response, place)
        except TimeoutError:
            raise ModelUnavailable(f"{place} was not done with its answer after {REQUEST_TIMEOUT_S:.0f} s") from None
        except EndpointError as error:
            raise ModelUnavailable(str(error)) from None
        try:
            answer = json.loads(data)
        except (ValueError, RecursionError):
            raise StillRefused(
                f"{place} did not answer with JSON; does the address end as it should, mostly in /v1?"
            ) from None
        return answer if isinstance(answer, dict) else {}

    def _picture(self, answer: Json) -> bytes:
        entries = answer.get("data")
        entry = entries[0] if isinstance(entries, list) and entries and isinstance(entries[0], dict) else {}
        text, address = entry.get("b64_json"), entry.get("url")
        if isinstance(text, str) and text:
            try:
                return base64.b64decode(text.partition(",")[2] if text.startswith("data:") else text)
            except (binascii.Error, ValueError):
                raise StillRefused(f"{self._address.shown} sent a picture that is no base64") from None
        if isinstance(address, str) and address:
            return background_loop.run(self._fetch, address)
        raise StillRefused(f"{self._address.shown} answered without a picture")

    async def _fetch(self, address: str) -> bytes:
        place = self._address.shown
        if address.startswith("data:"):
            return self._picture({"data": [{"b64_json": address}]})
        if origin_of(address) != origin_of(self._address.url):
            raise StillRefused(f"{place} sent the address of another server in place of a picture; it is not fetched")
        try:
            request = self._client.build_request("GET", address)
            request.headers.pop("Authorization", None)  # files are open; the key is for the API
            async with (
                asyncio.timeout(REQUEST_TIMEOUT_S),
                contextlib.aclosing(await self._client.send(request, stream=True)) as response,
            ):
                if response.status_code != 200:
                    raise StillRefused(f"{place} answered {response.status_code} for the picture that it named")
                return await _read(response, place)
        except (TimeoutError, UnicodeError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise StillRefused(f"the picture at {place} cannot be fetched ({type(error).__name__})") from None

    async def _refuse(self, response: httpx.Response, fields: Json, *, is_edit: bool) -> NoReturn:
        status, text = response.status_code, await refusal_text(response)
        if status in _REFUSAL_STATUSES and (name := named_field(text, fields.keys() & OPTIONAL_FIELDS)):
            raise _FieldRefused(name)
        if is_edit and status in _NO_EDITS_STATUSES:
            raise _NoEdits
        if is_edit and status in _REFUSAL_STATUSES:
            raise _EditRefused
        error = refusal_error(response, self._address, text)
        if status == 402:
            raise ModelUnavailable(f"{error}; the account has nothing left to pay with")
        if isinstance(error, EndpointError) and not self._address.hint(status):
            raise StillRefused(str(error))  # such as a filter that does not let a prompt pass
        raise error


async def _read(response: httpx.Response, place: str) -> bytes:
    """Return the bytes of an answer."""
    try:
        return await read_body(response, MAX_BYTES)
    except ValueError as error:
        raise ModelUnavailable(f"{place} {error}") from None


def origin_of(address: str) -> tuple[str, str, int | None]:
    """Return the scheme, host and port of an address; the port of its scheme where it names none."""
    try:
        parts = urlsplit(address)
        port = DEFAULT_PORTS.get(parts.scheme) if parts.port is None else parts.port
        return parts.scheme, parts.hostname or "", port
    except ValueError:
        return "", "", None
