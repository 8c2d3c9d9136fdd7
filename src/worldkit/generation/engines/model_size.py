"""How many parameters a model has, and from how many on it is asked for plans and whole places."""

from __future__ import annotations

import httpx

from worldkit.model_access.endpoint import Endpoint

CAPABLE = 900_000_000
"""Parameters from which a model is asked for plans and whole places; smaller ones are asked for single sentences."""
PATIENCE_S = 5.0


def parameter_count(where: Endpoint) -> int | None:
    """Return how many parameters the model of an endpoint has; None where its server does not say.

    llama.cpp's server says so in its list of models. Only a server on this machine is asked.

    Args:
        where: The endpoint.
    """
    if not where.loopback:
        return None
    key = where.key()
    headers = {"Authorization": f"Bearer {key.reveal()}"} if key else {}
    verify = where.url.startswith("https:")
    with httpx.Client(trust_env=False, headers=headers, timeout=PATIENCE_S, verify=verify) as client:
        try:
            models = client.get(where.at("/models")).json()["data"]
            model = next((each for each in models if each.get("id") == where.model), models[0])
            return int(model["meta"]["n_params"])
        except (httpx.HTTPError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
            return None
