"""Where the weights of a model that runs here are: at a path, or in a repository of the Hugging Face hub."""

from __future__ import annotations

import re
from pathlib import Path

from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.core.paths import expand_home, kind_at

HUB_SECONDS = 5.0
_PART = r"[A-Za-z0-9](?:[\w.-]*\w)?"
_HUB_ID = re.compile(rf"(?:{_PART}/)?{_PART}\Z", re.ASCII)
_HUB_FILE = re.compile(rf"({_PART}/{_PART})/[\w./-]+\.gguf\Z", re.ASCII | re.IGNORECASE)
_MAX_ID_LENGTH = 96
_FILE_ENDINGS = (".gguf", ".safetensors", ".bin", ".pt")


def weights_path(where: str) -> Path | None:
    """Return the path that a model's name means; None when it means a repository of the hub, or a file there.

    Args:
        where: A path, an id such as ``"Qwen/Qwen3-1.7B"``, or ``"<owner>/<repository>/<file>.gguf"``.

    Raises:
        WorldError: There is nothing at the path, or it is none of these.
    """
    path = expand_home(where)
    if kind_at(path) is not None:
        return path
    is_file = where.lower().endswith(_FILE_ENDINGS)
    hub_file = _HUB_FILE.match(where)
    if _is_hub_id(hub_file[1]) if hub_file else _is_hub_id(where) and not is_file:
        return None
    raise WorldError(
        f"there is nothing at {quote(where, 200)}; expected the path of a model's weights, or a Hugging Face id such "
        "as 'Qwen/Qwen3-4B-Instruct-2507'"
    )


def _is_hub_id(text: str) -> bool:
    """Say whether a repository of the hub can have an id; its client fails at others."""
    has_form = _HUB_ID.match(text) is not None and len(text) <= _MAX_ID_LENGTH
    return has_form and not ("--" in text or ".." in text or text.endswith(".git"))


def is_downloaded(id: str, file: str | None = None) -> bool:
    """Return whether a repository of the hub is in its cache on this machine.

    Args:
        id: The repository's id.
        file: The file that tells; by default one that every model has.
    """
    from huggingface_hub import try_to_load_from_cache

    names = ("config.json", "model_index.json") if file is None else (file,)
    return any(isinstance(try_to_load_from_cache(id, name), str) for name in names)


def hub_problem(id: str, file: str | None = None) -> str | None:
    """Return why a repository of the hub cannot be had, in words; None when it is downloaded or can be.

    Args:
        id, file: As for ``is_downloaded``.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import OfflineModeIsEnabled, RepositoryNotFoundError

    if is_downloaded(id, file):
        return None
    try:
        HfApi().model_info(id, timeout=HUB_SECONDS)
    except RepositoryNotFoundError:
        return "the Hugging Face hub has no repository of that id, or it is private"
    except OfflineModeIsEnabled:
        return "it is not downloaded, and HF_HUB_OFFLINE is set"
    except Exception as error:  # the hub's and the network's errors have many classes
        return f"it is not downloaded, and the Hugging Face hub cannot be reached ({type(error).__name__})"
    return None


def require_in_reach(id: str, file: str | None = None) -> None:
    """Refuse a repository that cannot be had, before a library tries for minutes to fetch it.

    Args:
        id, file: As for ``hub_problem``.

    Raises:
        WorldError: It is not downloaded, and the hub does not have it or cannot be reached.
    """
    if problem := hub_problem(id, file):
        raise WorldError(f"the model {quote(id, 200)} cannot be loaded: there is no folder of that name, and {problem}")
