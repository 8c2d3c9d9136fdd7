"""How ``put_world`` writes the fields of the world and of its scene in one list of names.

``scene.<key>`` is a field of the scene, any other name one of the world. A world's own field whose
name itself begins with ``scene.`` is written with a ``/`` in front (and one that begins with
``/scene.`` with two, and so on), so that every name can be said.
"""

from __future__ import annotations

import re

_PREFIX = "scene."
_CLASH = re.compile(r"/*scene\.")


def of_world(key: str) -> str:
    """Return how a top-level field is written."""
    return f"/{key}" if _CLASH.match(key) else key


def of_scene(key: str) -> str:
    """Return how a field of the scene is written."""
    return _PREFIX + key


def read(name: str) -> tuple[bool, str]:
    """Return whether a name means a field of the scene, and the field's own key."""
    if name.startswith(_PREFIX):
        return True, name[len(_PREFIX) :]
    return False, name[1:] if _CLASH.match(name) else name
