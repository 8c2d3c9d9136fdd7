"""A diffusers pipeline on this machine: text to image, and image to image where the pipeline has that."""

from __future__ import annotations

import inspect
import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import MissingExtra
from worldkit.core.state_prompt import state_prompt
from worldkit.model_access.weights import require_in_reach, weights_path
from worldkit.painting.looks import MAX_PIXELS
from worldkit.painting.text_to_image.still_model import (
    FEATURE,
    ModelPicture,
    ModelUnavailable,
    OnStep,
    StillRefused,
    StillRequest,
)

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_TOKENS = 512
"""Tokens of a prompt where the tokenizer names no limit."""
SIDE_MULTIPLE = 8
"""Sides are multiples of this for every pipeline; those of the default size, of 64."""
ASPECT = 16 / 9


class DiffusersModel:
    """A pipeline of diffusers. It runs on a GPU where torch finds one, else on the processor, which takes minutes.

    Args:
        weights: A folder that ``save_pretrained`` wrote, or the id of a repository of the Hugging Face hub. Weights are
            read as safetensors only, since other files may hold code.
        steps: Steps for one picture; None for what the pipeline does.
        guidance: How closely to keep to the prompt; None for what the pipeline does.

    Raises:
        MissingExtra: A package is missing.
        ModelUnavailable: The pipeline cannot be loaded.
    """

    def __init__(self, weights: str, *, steps: int | None = None, guidance: float | None = None) -> None:
        try:
            import torch
            from diffusers import AutoPipelineForImage2Image, AutoPipelineForText2Image
        except ImportError:
            raise MissingExtra(f"{FEATURE} with a local model", "paint", "diffusers and torch") from None
        from_text: Any = AutoPipelineForText2Image
        from_image: Any = AutoPipelineForImage2Image
        self._torch: Any = torch
        self._weights, self._steps, self._guidance = weights, steps, guidance
        folder = weights_path(weights)
        if folder is None:
            require_in_reach(weights)
        device = _device(torch)
        try:
            with _quiet():
                pipeline: Any = from_text.from_pretrained(
                    weights if folder is None else str(folder),
                    dtype=torch.float32 if device == "cpu" else torch.float16,
                    use_safetensors=True,
                )
        except (OSError, ValueError, KeyError, AttributeError, RuntimeError, ImportError) as error:
            raise ModelUnavailable(f"the model {weights} cannot be loaded: {_one_line(error)}") from None
        self._pipeline = pipeline.to(device)
        self._pipeline.set_progress_bar_config(disable=True)
        try:
            self._from_image: Any = from_image.from_pipe(self._pipeline)
            self._from_image.set_progress_bar_config(disable=True)
        except (ValueError, TypeError, AttributeError):
            self._from_image = None  # this kind of pipeline paints from text alone

    @property
    def max_tokens(self) -> int:
        """The longest prompt that one of the pipeline's text encoders takes."""
        limits = [min(tokenizer.model_max_length, MAX_TOKENS) for tokenizer in self._tokenizers()]
        return max(limits, default=MAX_TOKENS)

    def prompt(self, request: StillRequest) -> str:
        """Return the prompt of a request, as much of it as the pipeline reads."""
        tokenizers = self._tokenizers()
        limit = self.max_tokens

        def fits(text: str) -> bool:
            sizes = [len(tokenizer(text, verbose=False).input_ids) for tokenizer in tokenizers]
            return min(sizes, default=0) <= limit

        return state_prompt(request.document, request.state).fitted(fits)

    def paint(self, request: StillRequest, on_step: OnStep) -> ModelPicture:
        """Paint a picture; see ``StillModel``."""
        width, height = request.size or self._default_size()
        if round(width / SIDE_MULTIPLE) * round(height / SIDE_MULTIPLE) * SIDE_MULTIPLE**2 <= MAX_PIXELS:
            width, height = (
                max(SIDE_MULTIPLE, round(side / SIDE_MULTIPLE) * SIDE_MULTIPLE) for side in (width, height)
            )
        else:  # as large as a picture may be, and not larger
            width, height = (side // SIDE_MULTIPLE * SIDE_MULTIPLE for side in (width, height))
        uses_source = request.source is not None and self._from_image is not None
        arguments: dict[str, Any] = {
            "prompt": self.prompt(request),
            # made on the processor, so that a seed gives the same noise on every device; torch takes 64 bits of it
            "generator": self._torch.Generator("cpu").manual_seed(request.seed % 2**64),
        }
        if self._guidance is not None:
            arguments["guidance_scale"] = self._guidance
        if self._steps is not None:
            arguments["num_inference_steps"] = self._steps
        pipeline = self._from_image if uses_source else self._pipeline
        if uses_source and request.source is not None:
            arguments |= {"image": _open_image(request.source, (width, height)), "strength": request.strength}
            # of the steps, an image-to-image pipeline runs the share that the strength says, and needs one at least
            if self._steps is not None:
                arguments["num_inference_steps"] = max(self._steps, math.ceil(1 / request.strength))

        def report(pipe: Any, step: int, _: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            on_step(step + 1, max(step + 1, pipe.num_timesteps))
            return tensors

        # what a kind of pipeline may lack: some take the size from the source, some report no steps
        optional = {"width": width, "height": height, "callback_on_step_end": report}
        accepted_names = inspect.signature(pipeline.__call__).parameters
        arguments |= {name: value for name, value in optional.items() if name in accepted_names}
        try:
            output = pipeline(**arguments)
        except self._torch.OutOfMemoryError:
            advice = f"a picture of {width} x {height} does not fit; pass a smaller size="
            raise ModelUnavailable(f"the memory of the device is full: {advice}, or use a smaller model") from None
        except (ValueError, TypeError, RuntimeError) as error:
            raise ModelUnavailable(f"the model {self._weights} failed: {_one_line(error)}") from None
        if any(getattr(output, "nsfw_content_detected", None) or ()):
            raise StillRefused("the model's safety checker withheld the picture")
        return ModelPicture(_png(output.images[0]), (width, height), uses_source)

    def close(self) -> None:
        """Let go of the pipeline and its memory."""
        self._pipeline = self._from_image = None
        if self._torch.cuda.is_available():
            self._torch.cuda.empty_cache()

    def _tokenizers(self) -> list[Any]:
        names = ("tokenizer", "tokenizer_2", "tokenizer_3")
        parts = [getattr(self._pipeline, name, None) for name in names]
        return [part for part in parts if callable(part) and hasattr(part, "model_max_length")]

    def _default_size(self) -> tuple[int, int]:
        """Return a size of 16 to 9 with as many pixels as the pipeline was trained for."""
        network = getattr(self._pipeline, "unet", None) or getattr(self._pipeline, "transformer", None)
        sample_size = getattr(getattr(network, "config", None), "sample_size", None)
        scale = getattr(self._pipeline, "vae_scale_factor", SIDE_MULTIPLE)
        side = sample_size * scale if isinstance(sample_size, int) else 1024
        grain = 64 if side >= 256 else SIDE_MULTIPLE
        width = max(grain, round(side * math.sqrt(ASPECT) / grain) * grain)
        return width, max(grain, round(side / math.sqrt(ASPECT) / grain) * grain)


@contextmanager
def _quiet() -> Iterator[None]:
    """Hide the bars of loading, which would stand beside our own; those of a download stay."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    switched_loggers = [part for part in (diffusers_logging, transformers_logging) if part.is_progress_bar_enabled()]
    for part in switched_loggers:
        part.disable_progress_bar()
    try:
        yield
    finally:
        for part in switched_loggers:
            part.enable_progress_bar()


def _device(torch: Any) -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _open_image(data: bytes, size: tuple[int, int]) -> Image:
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def _png(picture: Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
