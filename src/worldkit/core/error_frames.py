"""The frames of errors: those of worldkit, which may hold a secret or help nobody, are left out where that matters.

A caller's own function may be called on the way, such as ``progress=``. From its frame on an error keeps its frames:
they are the caller's, and show where the error is.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from types import FrameType, TracebackType
from typing import TypeVar

from worldkit.core.errors import ModelError, WorldError

E = TypeVar("E", bound=BaseException)

_PYTHON_FOLDERS = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
_LIBRARY_FOLDERS = tuple(os.path.join(os.path.realpath(folder), "") for folder in _PYTHON_FOLDERS)
_LIBRARIES = sys.stdlib_module_names | {
    *("worldkit", "httpx", "httpcore", "h11", "h2", "hpack", "anyio", "sniffio", "keyring", "sqlalchemy", "psycopg"),
    *("websockets", "openai", "torch", "transformers", "huggingface_hub", "vllm", "reactor_sdk", "aiohttp"),
}
"""What worldkit hands a secret to, by the names of modules: not all of it need be where libraries usually are."""
_GENERATED_FILE_PREFIXES = ("<frozen", "<string>", "<attrs")
"""How the file names begin of code that libraries make of text; what somebody typed has others."""


def take_frames(error: BaseException, has_secret: bool, outer_error: BaseException | None) -> None:
    """Take from an error the frames that help nobody, or that hold a secret; a bug keeps its own.

    Args:
        has_secret: Whether its frames may hold a secret.
        outer_error: What the caller was handling when the call began; it is the caller's, and keeps its frames.
    """
    is_bug = isinstance(error, Exception) and not isinstance(error, WorldError)
    if has_secret and not is_bug:
        without_frames(error, outer_error)
    elif isinstance(error, ModelError):
        error.__traceback__, error.__suppress_context__ = None, True


def without_frames(error: E, outer_error: BaseException | None) -> E:
    """Return an error without the frames that it, and all that it came from, came through: they hold arguments.

    Args:
        outer_error: What was being handled when the work began that failed; it and what it came from keep their frames.
    """
    errors: list[BaseException] = [error]
    for one in errors:  # grows meanwhile
        one.__traceback__ = _callers_frames(one.__traceback__)
        for origin in (one.__cause__, one.__context__):
            if (
                origin is not None
                and origin is not outer_error
                and not any(origin is listed_error for listed_error in errors)
            ):
                errors.append(origin)
    return error


def _callers_frames(frames: TracebackType | None) -> TracebackType | None:
    """Return what of a traceback begins with a function of the caller's; None when there is none."""
    while frames is not None and _is_library(frames.tb_frame):
        frames = frames.tb_next
    return frames


def _is_library(frame: FrameType) -> bool:
    name, file = str(frame.f_globals.get("__name__", "")), frame.f_code.co_filename
    is_known = name.partition(".")[0] in _LIBRARIES or file.startswith(_GENERATED_FILE_PREFIXES)
    return is_known or os.path.realpath(file).startswith(_LIBRARY_FOLDERS)
