"""GGUF files, run by llama.cpp: its own server inside this process, asked as any endpoint is.

The bindings are xllamacpp (MIT): wheels for Linux, macOS and Windows, a release every few weeks, and llama.cpp's server
with its batches, its cache of common beginnings and its JSON Schemas. llama-cpp-python has no wheels on PyPI.
The server listens on the loopback address alone, on a port that the system chooses, and wants a key that is made for
the process and shown nowhere.
"""

from __future__ import annotations

import os
import re
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from worldkit.core.errors import MissingExtra, WorldError
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.model_access.endpoint import endpoint
from worldkit.model_access.weights import require_in_reach, weights_path

CONTEXT_TOKENS, PARALLEL_ANSWERS = 16_384, 4
"""Tokens that fit into the memory of a conversation, shared by as many answers at once."""
BATCH_TOKENS = 512
"""Tokens of a question that are read before it is told how far it is; as many as llama.cpp reads in one step."""
CACHE_MIB = 512
"""Memory for questions that were read before, in MiB; llama.cpp would take 8 GiB."""
REQUIREMENT = "xllamacpp>=2026.4,<2027"
_THREADS = re.compile(r"\s*([1-9][0-9]{0,3})\s*(?:,|\Z)")
"""A number of threads as OpenMP reads it: the first of a list, one for each level of nesting."""


def installed() -> bool:
    """Say whether the bindings are there."""
    return find_spec("xllamacpp") is not None


def file(name_or_path: str) -> Path:
    """Return the file at a path, or ``"<owner>/<repository>/<file>.gguf"``, fetched from the Hugging Face hub."""
    path = weights_path(name_or_path) or _download(name_or_path)
    if path.is_dir():
        raise WorldError(f"{path} is a folder; expected a GGUF file")
    with path.open("rb") as gguf_file:
        if gguf_file.read(4) != b"GGUF":
            raise WorldError(f"{path} is no GGUF file; expected one that begins with the letters GGUF")
    return path


def split_hub_name(name: str) -> tuple[str, str | None]:
    """Return the repository of the hub, and the GGUF file in it, that a name means; None for the file of any other."""
    if not name.lower().endswith(".gguf"):
        return name, None
    owner, repository, file = name.split("/", 2)
    return f"{owner}/{repository}", file


def _download(hub_name: str) -> Path:
    repository, name = split_hub_name(hub_name)
    assert name is not None  # nothing but a GGUF file is run here
    if find_spec("huggingface_hub") is None:
        raise MissingExtra("fetching a GGUF file from the Hugging Face hub", "gguf", "huggingface_hub")
    from huggingface_hub import hf_hub_download

    require_in_reach(repository, name)
    try:
        return Path(hf_hub_download(repository, name))
    except Exception as error:  # the hub's errors have many classes
        raise WorldError(f"{hub_name!r} cannot be fetched from the Hugging Face hub: {error}") from error


class LlamaCppEngine(ChatEngine):
    """A GGUF file run by llama.cpp."""

    def __init__(self, path: Path) -> None:
        import xllamacpp

        key = secrets.token_urlsafe(32)
        try:
            self._server: Any = xllamacpp.Server(_parameters(xllamacpp.CommonParams(), path, key))
        except RuntimeError as error:
            raise WorldError(
                f"llama.cpp cannot load {path} ({path.stat().st_size / 2**30:.1f} GiB): the file is damaged or too new "
                f"for these bindings, or does not fit into memory ({error})"
            ) from error
        super().__init__(endpoint(f"{self._server.listening_address}/v1#{path.stem}", key))
        self.name = path.stem


def _parameters(parameters: Any, path: Path, key: str) -> Any:
    parameters.model.path = str(path)
    parameters.hostnames = ["127.0.0.1"]
    parameters.api_keys = [key]
    parameters.cors_origins = ""
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_parallel = PARALLEL_ANSWERS
    parameters.n_batch = BATCH_TOKENS
    parameters.kv_unified = True
    parameters.cache_ram_mib = CACHE_MIB
    parameters.offline = True
    parameters.warmup = False
    parameters.ui = False
    parameters.verbosity = 0
    # a model that can think or not answers at once
    parameters.default_template_kwargs = {"enable_thinking": "false"}
    if thread_count := _THREADS.match(os.environ.get("OMP_NUM_THREADS", "")):
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = int(thread_count[1])
    return parameters
