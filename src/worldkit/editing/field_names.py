"""The names that ``put_world`` uses for fields of the world and of its scene in one list.

``scene.<key>`` is a field of the scene, any other name one of the world. A field of the world whose
name itself begins with ``scene.`` is escaped by a ``/`` in front (one that begins with ``/scene.``
by another, and so on), so that every field has a name.
"""

from __future__ import annotations

import re

_SCENE_PREFIX = "scene."
_AMBIGUOUS_NAME = re.compile(r"/*scene\.")


def world_name(key: str) -> str:
    """Return the name of a top-level field."""
    return f"/{key}" if _AMBIGUOUS_NAME.match(key) else key


def scene_name(key: str) -> str:
    """Return the name of a field of the scene."""
    return _SCENE_PREFIX + key


def parse_name(name: str) -> tuple[bool, str]:
    """Return whether a name is that of a field of the scene, and the field's key."""
    if name.startswith(_SCENE_PREFIX):
        return True, name[len(_SCENE_PREFIX) :]
    return False, name[1:] if _AMBIGUOUS_NAME.match(name) else name
