"""The models that a view offers for a generation: those that can be used here as they are."""

from __future__ import annotations

import os

from worldkit.core.json_values import Json
from worldkit.generation.engines import weights
from worldkit.stores.api.secret import KEY_VARIABLE


def model_offers() -> list[Json]:
    """Return the models that can be used here, the one to begin with first, as JSON values."""
    offers = []
    if not weights.missing() and weights.weights_file() is not None:
        about = "Runs here, without a network. It writes simple sentences and takes a minute or more."
        offers.append({"id": "tiny", "label": "The small model on this machine", "about": about})
    offers.append(
        {"id": "templates", "label": "No model: ready-made sentences", "about": "Ready at once. Good for a first try."}
    )
    if os.environ.get(KEY_VARIABLE):
        about = "Plans and writes freely; it counts against your quota there."
        offers.append({"id": "hosted", "label": "The hosted service", "about": about})
    return offers
