"""Worlds as environments: for agents that learn (Gymnasium), and for language models that read and choose.

``WorldEnv``, ``WorldVectorEnv`` and ``SuiteEnv`` need Gymnasium (``pip install 'smworldkit[envs]'``).
Importing this module registers ``worldkit/World-v0`` with it, so that
``gymnasium.make("worldkit.envs:worldkit/World-v0", world=world)`` makes one.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import MissingExtra

if TYPE_CHECKING:
    from worldkit.envs.environment import WorldEnv
    from worldkit.envs.rewards import Transition
    from worldkit.envs.suite_env import SuiteEnv
    from worldkit.envs.tasks import Suite, Task, suite
    from worldkit.envs.vector import WorldVectorEnv

__all__ = ["Suite", "SuiteEnv", "Task", "Transition", "WorldEnv", "WorldVectorEnv", "suite"]

ENV_ID = "worldkit/World-v0"
"""The name under which Gymnasium makes a ``WorldEnv``."""

_MODULE_BY_NAME = {
    "WorldEnv": "environment",
    "WorldVectorEnv": "vector",
    "Transition": "rewards",
    "Suite": "tasks",
    "SuiteEnv": "suite_env",
    "Task": "tasks",
    "suite": "tasks",
}
_GYMNASIUM_CLASSES = ("SuiteEnv", "WorldEnv", "WorldVectorEnv")


def _register() -> None:
    registration = import_module("gymnasium.envs.registration")
    if ENV_ID not in registration.registry:
        entry, vector_entry = f"{__name__}.environment:WorldEnv", f"{__name__}.vector:WorldVectorEnv"
        registration.register(ENV_ID, entry_point=entry, vector_entry_point=vector_entry)


def __getattr__(name: str) -> Any:
    if name not in _MODULE_BY_NAME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _GYMNASIUM_CLASSES and find_spec("gymnasium") is None:
        raise MissingExtra(f"worldkit.envs.{name}", "envs", "gymnasium")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULE_BY_NAME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if find_spec("gymnasium") is not None:
    _register()
