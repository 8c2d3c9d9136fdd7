"""How many parameters a model has, and from how many on it is asked for plans and whole places."""

from __future__ import annotations

import json
import time

import httpx

from worldkit.model_access.answer_deadline import AnswerDeadline
from worldkit.model_access.endpoint import Endpoint
from worldkit.model_access.packed import AS_IT_IS, is_packed

CAPABLE = 900_000_000
"""Parameters from which a model is asked for plans and whole places; smaller ones are asked for single sentences."""
PATIENCE_S = 5.0
"""Seconds that the whole answer may take."""
MAX_BYTES = 1 << 20

_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError)
_FAILURES = (httpx.HTTPError, TimeoutError, *_UNREADABLE)


def parameter_count(where: Endpoint) -> int | None:
    """Return how many parameters the model of an endpoint has; None where its server does not say.

    llama.cpp's server says so in its list of models. Only a server on this machine is asked.

    Args:
        where: The endpoint.
    """
    if not where.loopback:
        return None
    try:
        models = json.loads(_list_of_models(where))["data"]
        model = next((each for each in models if each.get("id") == where.model), models[0])
        return int(model["meta"]["n_params"])
    except _FAILURES:
        return None


def _list_of_models(where: Endpoint) -> bytes:
    """Return what a server answers to the question which models it has."""
    key = where.key()
    headers = {**AS_IT_IS, **({"Authorization": f"Bearer {key.reveal()}"} if key else {})}
    verify = where.url.startswith("https:")
    deadline = AnswerDeadline(time.monotonic)
    with (
        deadline.watch(httpx.Client(trust_env=False, headers=headers, timeout=PATIENCE_S, verify=verify)) as client,
        deadline.within(PATIENCE_S),
        client.stream("GET", where.at("/models")) as response,
    ):
        if is_packed(response.headers):
            raise ValueError("the answer is packed, which was not asked for")
        data = bytearray()
        for part in response.iter_raw():
            data += part
            if len(data) > MAX_BYTES:
                raise ValueError("the answer is longer than a list of models should be")
        return bytes(data)
