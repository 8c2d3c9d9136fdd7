"""Which model a name means; nothing is loaded for that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.model_access.endpoint import IMAGES, endpoint
from worldkit.model_access.secret_texts import public_part
from worldkit.model_access.weights import weights_path
from worldkit.painting.text_to_image.diffusers_model import DiffusersModel
from worldkit.painting.text_to_image.images_endpoint import ImagesEndpoint
from worldkit.painting.text_to_image.still_model import StillModel

FORMS = '"diffusers:<id or folder>", or "images:<base url>#<model>" for an endpoint that speaks OpenAI\'s protocol'


@dataclass(frozen=True, slots=True)
class ModelName:
    """A model's name, taken apart.

    Attributes:
        safe_name: The name without what may be secret, as it is stored.
        load: Loads the model, or opens a connection.
    """

    safe_name: str
    load: Callable[[], StillModel]


def parse_model(name: str, *, key: str | None, steps: int | None, guidance: float | None) -> ModelName:
    """Return what a model's name means; nothing is loaded.

    Args:
        name: ``"diffusers:<id or folder>"`` or ``"images:<base url>#<model>"``.
        key: The key of an endpoint, if it is not in the environment.
        steps: Steps of a diffusers model for one picture; None for what its pipeline does.
        guidance: How closely a diffusers model keeps to the prompt; None for what its pipeline does.

    Raises:
        WorldError: It means no model.
    """
    kind, _, rest = name.partition(":")
    if kind == "diffusers" and rest.strip():
        if key is not None:
            raise WorldError("a diffusers model takes no key=; to load from a private repository, set HF_TOKEN")

        weights = rest.strip()
        weights_path(weights)  # refuses a path at which there is nothing
        return ModelName(f"diffusers:{weights}", lambda: DiffusersModel(weights, steps=steps, guidance=guidance))
    if kind == "images" and rest:
        if steps is not None or guidance is not None:
            raise WorldError("steps and guidance are for diffusers models; an endpoint decides them itself")
        address = endpoint(rest, key, IMAGES)
        return ModelName(f"images:{address.shown}#{address.model}", lambda: ImagesEndpoint(address))
    raise WorldError(f"no model is called {quote(public_part(name))}; expected {FORMS}")
